"""The four-layer network with the batch norm of fixed pictures: a picture's features are its own.

A few-shot network normalises by the mean and variance of the task at hand. Where classes arrive one
by one there is no such task, so both are measured once, and folded into the convolutions.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.models.conv4 import EPSILON, Conv4, Parameters, as_weight


class Norms(NamedTuple):
    """Mean and variance of each channel of a layer's outputs, (layers, C) both."""

    means: Tensor
    variances: Tensor


@torch.no_grad()
def measured_norms(network: Conv4, theta: Parameters, reference: Tensor) -> Norms:
    """The norms that a task's weights `theta` have on `reference` pictures (R, 1, 28, 28)."""
    means, variances = [], []
    x = F.pixel_unshuffle(reference, network.fold)
    for layer in range(len(network.kernels)):
        outputs = F.conv2d(x, as_weight(theta[f"kernels.{layer}"]), stride=2, padding=1)
        means.append(outputs.mean((0, 2, 3)))
        variances.append(outputs.var((0, 2, 3), correction=0))
        weight, bias = _folded(theta, layer, means[layer], variances[layer])
        x = F.conv2d(x, weight, bias, stride=2, padding=1)
        x = x.relu() if layer < network.relus else x
    return Norms(torch.stack(means), torch.stack(variances))


def fixed_norm_features(network: Conv4, theta: Parameters, norms: Norms, x: Tensor) -> Tensor:
    """Features (B, D) of pictures (B, 1, 28, 28) under `norms`, differentiable in `theta`."""
    x = F.pixel_unshuffle(x, network.fold)
    for layer, norm in enumerate(zip(*norms, strict=True)):
        weight, bias = _folded(theta, layer, *norm)
        x = F.conv2d(x, weight, bias, stride=2, padding=1)
        x = x.relu() if layer < network.relus else x
    return x.permute(0, 2, 3, 1).flatten(1)


class FixedNormConv4(nn.Module):
    """Pictures (B, 1, 28, 28) to features (B, D): `Conv4.forward` with `reference` pictures."""

    def __init__(self, network: Conv4, theta: Parameters, reference: Tensor) -> None:
        """Measures the norms of a task's weights `theta` on `reference` pictures (R, 1, 28, 28)."""
        super().__init__()
        self.fold, self.relus = network.fold, network.relus
        self.layers = nn.ModuleList()
        norms = measured_norms(network, theta, reference)
        for layer, norm in enumerate(zip(*norms, strict=True)):
            self.layers.append(_convolution(*_folded(theta, layer, *norm)))

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        x = F.pixel_unshuffle(x, self.fold)
        for place in range(len(self.layers)):
            x = self._apply_layer(place, x)
        return x.permute(0, 2, 3, 1).flatten(1)

    def _apply_layer(self, place: int, x: Tensor) -> Tensor:
        x = self.layers[place](x)
        return x.relu() if place < self.relus else x


def _folded(theta: Parameters, layer: int, mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
    """Weight and bias of a convolution that includes the batch norm after it."""
    kernel, scale, shift = (theta[f"{name}.{layer}"] for name in ("kernels", "scales", "shifts"))
    factor = scale[0] * torch.rsqrt(variance + EPSILON)
    return as_weight(kernel) * factor[:, None, None, None], shift[0] - mean * factor


def _convolution(weight: Tensor, bias: Tensor) -> nn.Conv2d:
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[-1], stride=2, padding=1)
    layer.weight.data = weight.detach()
    assert layer.bias is not None
    layer.bias.data = bias.detach()
    return layer.requires_grad_(False)
