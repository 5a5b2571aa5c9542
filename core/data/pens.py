"""Other pens: characters as if they had been drawn with a wider or a narrower pen."""

import torch
from torch import Tensor
from torch.nn import functional as F

NARROWEST, WIDEST = -0.4, 1.0  # pixels added to either side of a line


def with_other_pens(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each of (B, 1, H, W) pictures in [0, 1], ink = 1, with a pen of a random width of its own.

    A pixel more or less is a grey-scale dilation or erosion by a cross of five pixels (Serra 1982);
    a part of it is a weighted mean with the picture itself.
    """
    added = NARROWEST + (WIDEST - NARROWEST) * torch.rand(len(images), generator=generator)
    return widened(images, added.to(images.device))


def widened(images: Tensor, added: Tensor) -> Tensor:
    """Pictures (B, 1, H, W) with lines wider by `added` (B,) pixels, -1 to 1, on either side."""
    added = added.view(-1, 1, 1, 1)
    wide, narrow = _dilated(images), 1 - _dilated(1 - images)
    return torch.lerp(images, torch.where(added > 0, wide, narrow), added.abs())


def _dilated(images: Tensor) -> Tensor:
    """The most ink of each pixel and of those of the four beside it that the picture has."""
    down, across = F.max_pool2d(images, (3, 1), 1, (1, 0)), F.max_pool2d(images, (1, 3), 1, (0, 1))
    return torch.maximum(down, across)
