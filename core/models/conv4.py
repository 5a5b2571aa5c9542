"""The four-layer convolutional network of few-shot learning, for 28x28 pictures.

Vinyals et al. 2016 (section 4.1) with the strides of Finn et al. 2017 (section 5.2, appendix A.1):
four times [3x3 convolution, batch norm, ReLU], then one linear layer. Features are kept flat.
"""

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Layout = Literal["conv4", "folded"]
_EPSILON = 1e-5


class BatchNorm(nn.Module):
    """Batch norm by the statistics of the batch at hand, in training and in use; none are kept.

    Written out by hand: under `torch.func.vmap`, `nn.BatchNorm2d` gives second-order gradients that
    are wrong by 1e-3 to 1e-2 without a word. Running statistics would be worse still: each task has
    its own, so that a network in `eval()` mode falls to chance.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor, reference: int | None = None) -> Tensor:
        """Normalises x (B, C, H, W) by mean and variance of its first `reference` rows, or all."""
        seen = x[:reference]
        mean = seen.mean((0, 2, 3), keepdim=True)  # (1, C, 1, 1)
        variance = (seen - mean).square().mean((0, 2, 3), keepdim=True)
        scale = self.weight[:, None, None] * torch.rsqrt(variance + _EPSILON)
        return (x - mean) * scale + self.bias[:, None, None]


class Conv4(nn.Module):
    """Pictures (B, 1, 28, 28) to logits (B, n_way).

    `conv4` halves the picture in each of four layers: 28, 14, 7, 4, 2. `folded` puts each 2x2 block
    of pixels into the channels, (1, 28, 28) to (4, 14, 14), in place of the first layer: the same
    sizes from there on with three layers to learn, at a fraction of the time.
    """

    def __init__(self, n_way: int, filters: int, layout: Layout = "conv4") -> None:
        super().__init__()
        self.fold = nn.PixelUnshuffle(2) if layout == "folded" else nn.Identity()
        depths = [4, *[filters] * 3] if layout == "folded" else [1, *[filters] * 4]
        self.convolutions = nn.ModuleList(  # without the bias that batch norm would take away
            nn.Conv2d(before, after, kernel_size=3, stride=2, padding=1, bias=False)
            for before, after in pairwise(depths)
        )
        self.norms = nn.ModuleList(BatchNorm(depth) for depth in depths[1:])
        self.head = nn.Linear(filters * 2 * 2, n_way)
        # From zero, the first inner step puts the class means of the features into the head: the
        # numbers of the classes mean nothing, so any other start would have to be unlearned first.
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x: Tensor, reference: int | None = None) -> Tensor:
        """Logits of x; batch statistics are those of its first `reference` rows, or of all."""
        x = self.fold(x)  # (B, 1, 28, 28) or (B, 4, 14, 14)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = F.relu(norm(convolution(x), reference))
        logits: Tensor = self.head(x.flatten(1))  # (B, filters, 2, 2) to (B, n_way)
        return logits
