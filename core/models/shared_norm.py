"""Batch norm over the batches of all ranks, so that several processes train like a single one.

torch.nn.SyncBatchNorm supports GPUs only.
"""

from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from core import distributed

NetworkT = TypeVar("NetworkT", bound=nn.Module)


class _Sum(torch.autograd.Function):
    """The sum of a tensor over all ranks, with its gradient."""

    @staticmethod
    def forward(_ctx: Any, values: Tensor) -> Tensor:
        total = values.clone()
        distributed.all_reduce([total])
        return total

    @staticmethod
    def backward(_ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.clone()
        distributed.all_reduce([total])
        return total


class SharedBatchNorm(_BatchNorm):
    """Replaces a batch norm and takes over its weights and running statistics."""

    def __init__(self, norm: _BatchNorm) -> None:
        super().__init__(norm.num_features, norm.eps, norm.momentum)
        self.load_state_dict(norm.state_dict())

    def forward(self, inputs: Tensor) -> Tensor:
        """Normalises (B, C, ...) by the mean and variance of each channel over all ranks."""
        if not self.training:
            return super().forward(inputs)
        x = inputs if inputs.dtype == torch.float64 else inputs.float()
        axes = [0, *range(2, x.ndim)]
        count = x.numel() // x.shape[1]
        mean = x.mean(axes).double()
        square = x.var(axes, correction=0).double() + mean.square()
        ours = torch.cat([count * mean, count * square, mean.new_tensor([count])])
        sums, squares, (n,) = _Sum.apply(ours).split([len(mean), len(mean), 1])
        mean = sums / n
        variance = squares / n - mean.square()
        self._update_running(mean, variance * n / (n - 1))
        scale = (variance + self.eps).rsqrt() * self.weight
        shape = (1, -1, *[1] * (x.ndim - 2))
        shift = self.bias - mean * scale
        normed: Tensor = x * scale.to(x.dtype).view(shape) + shift.to(x.dtype).view(shape)
        return normed.to(inputs.dtype)

    @torch.no_grad()
    def _update_running(self, mean: Tensor, variance: Tensor) -> None:
        """Updates the running statistics with a mean and an unbiased variance."""
        assert self.momentum is not None and self.num_batches_tracked is not None
        for running, value in ((self.running_mean, mean), (self.running_var, variance)):
            assert running is not None, "SimCLR's norms keep running statistics"
            running.lerp_(value.to(running.dtype), self.momentum)
        self.num_batches_tracked += 1

    def _check_input_dim(self, inputs: Tensor) -> None:
        """Accepts any number of axes."""


def share_norms(network: NetworkT) -> NetworkT:
    """Replaces the batch norms of a network by shared ones if there are several ranks."""
    if distributed.world_size() > 1:
        for module in list(network.modules()):
            for name, child in module.named_children():
                if isinstance(child, _BatchNorm):
                    setattr(module, name, SharedBatchNorm(child))
    return network
