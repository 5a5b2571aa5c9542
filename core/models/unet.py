"""A small U-Net that sees the mask and predicts how likely each grey level is for each pixel.

After Ronneberger et al. (2015), with residual blocks instead of plain convolutions, pixel
(un)shuffle (Shi et al. 2016) instead of strided sampling, and layers that mix all positions at the
coarsest level (Tolstikhin et al. 2021, MLP-Mixer): the two sides of a digit depend on each other
over a longer distance than a few 3x3 kernels reach.

The prediction for a pixel is a distribution over 9 grey levels (van den Oord et al. 2016, "Pixel
Recurrent Neural Networks", section 2.3), which has a mean, a standard deviation and samples.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LEVELS = 9  # grey levels 0, 1/8, ... 1
_GROUPS = 8
_COARSE = 7  # pixels per side at the coarsest level


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut; initially the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(_GROUPS, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(_GROUPS, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """`(B, C, H, W)` to the same shape."""
        inner = self.conv1(F.silu(self.norm1(x)))
        change: Tensor = self.conv2(F.silu(self.norm2(inner)))
        return x + change


class PositionMixing(nn.Module):
    """A linear map over all positions, shared by the channels, and a shortcut."""

    def __init__(self, channels: int, positions: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(_GROUPS, channels)
        self.mix = nn.Linear(positions, positions)

    def forward(self, x: Tensor) -> Tensor:
        """`(B, C, H, W)` to the same shape."""
        mixed: Tensor = self.mix(F.silu(self.norm(x)).flatten(2))  # (B, C, H * W)
        return x + mixed.view_as(x)


class UNet(nn.Module):
    """From 28x28 through 14x14 (`width` channels) to 7x7 (twice as many), and back with skips.

    It has 88,000 parameters at `width` 16 and 315,000 at 32. Without `knows_mask` its input is a
    mask in which all pixels are visible.
    """

    def __init__(self, width: int = 32, knows_mask: bool = True) -> None:
        super().__init__()
        self.knows_mask = knows_mask
        coarse = 2 * width
        self.enter = nn.Conv2d(8, width, 3, padding=1)
        self.fine_in = ResidualBlock(width)
        self.down = nn.Conv2d(4 * width, coarse, 1)
        self.middle = nn.Sequential(
            *(
                layer
                for _ in range(3)
                for layer in (ResidualBlock(coarse), PositionMixing(coarse, _COARSE**2))
            )
        )
        self.up = nn.Conv2d(coarse, 4 * width, 1)
        self.fine_out = nn.Sequential(ResidualBlock(width), ResidualBlock(width))
        self.leave = nn.Conv2d(width, 4 * LEVELS, 3, padding=1)

    def forward(self, visible: Tensor, masks: Tensor) -> Tensor:
        """Concealed pictures `(B, 1, 28, 28)` and their masks to logits `(B, 9, 28, 28)`."""
        if not self.knows_mask:
            masks = torch.ones_like(masks)
        return self.transform(torch.cat([2 * visible - masks, masks], dim=1))  # hidden is 0

    def transform(self, seen: Tensor) -> Tensor:
        """`(B, 2, 28, 28)` to `(B, 9, 28, 28)`, down to 7x7 and back."""
        fine = self.fine_in(self.enter(F.pixel_unshuffle(seen, 2)))  # (B, width, 14, 14)
        coarse = self.middle(self.down(F.pixel_unshuffle(fine, 2)))  # (B, 2 width, 7, 7)
        fine = fine + F.pixel_shuffle(self.up(coarse), 2)  # (B, width, 14, 14)
        return F.pixel_shuffle(self.leave(self.fine_out(fine)), 2)  # (B, 9, 28, 28)


def nearest_level(pictures: Tensor) -> Tensor:
    """Pictures in [0, 1] as indices of their nearest grey levels, in the same shape."""
    return (pictures * (LEVELS - 1)).round().long()


def expected_ink(logits: Tensor) -> Tensor:
    """The mean grey `(B, 1, H, W)` of the distributions with logits `(B, 9, H, W)`."""
    probabilities = logits.float().softmax(dim=1)
    return torch.einsum("bl...,l->b...", probabilities, levels(logits))[:, None]


def ink_deviation(logits: Tensor) -> Tensor:
    """The standard deviation `(B, 1, H, W)` of the distributions with logits `(B, 9, H, W)`."""
    probabilities = logits.float().softmax(dim=1)
    squares = torch.einsum("bl...,l->b...", probabilities, levels(logits).square())[:, None]
    return (squares - expected_ink(logits).square()).clamp_min(0).sqrt()


def levels(like: Tensor) -> Tensor:
    """The grey levels 0, 1/8, ... 1, `(9,)`, on the device of `like`."""
    return torch.linspace(0, 1, LEVELS, device=like.device)
