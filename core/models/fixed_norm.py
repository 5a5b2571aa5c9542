"""The four-layer network with the batch norm of fixed pictures: a picture's features are its own.

A few-shot network normalises by the mean and variance of the task at hand. Where classes arrive one
by one there is no such task, so both are measured once, and folded into the convolutions.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.models.conv4 import EPSILON, Conv4, Parameters, as_weight


class FixedNormConv4(nn.Module):
    """Pictures (B, 1, 28, 28) to features (B, D): `Conv4.forward` with `reference` pictures."""

    def __init__(self, network: Conv4, theta: Parameters, reference: Tensor) -> None:
        """Measures the norms of a task's weights `theta` on `reference` pictures (R, 1, 28, 28)."""
        super().__init__()
        self.fold, self.relus = network.fold, network.relus
        self.layers = nn.ModuleList()
        x = F.pixel_unshuffle(reference, self.fold)
        for place in range(len(network.kernels)):
            kernel, scale, shift = (
                theta[f"{name}.{place}"] for name in ("kernels", "scales", "shifts")
            )
            layer = _normalised(as_weight(kernel), scale[0], shift[0], x)
            self.layers.append(layer)
            x = self._apply_layer(place, x)

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        x = F.pixel_unshuffle(x, self.fold)
        for place in range(len(self.layers)):
            x = self._apply_layer(place, x)
        return x.permute(0, 2, 3, 1).flatten(1)

    def _apply_layer(self, place: int, x: Tensor) -> Tensor:
        x = self.layers[place](x)
        return x.relu() if place < self.relus else x


@torch.no_grad()
def _normalised(weight: Tensor, scale: Tensor, shift: Tensor, x: Tensor) -> nn.Conv2d:
    """A convolution, and after it the batch norm that its outputs for `x` have."""
    outputs = F.conv2d(x, weight, stride=2, padding=1)
    factor = scale * torch.rsqrt(outputs.var((0, 2, 3), correction=0) + EPSILON)
    layer = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[-1], stride=2, padding=1)
    layer.weight.data = weight * factor[:, None, None, None]
    assert layer.bias is not None
    layer.bias.data = shift - outputs.mean((0, 2, 3)) * factor
    return layer.requires_grad_(False)
