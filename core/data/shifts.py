"""Pictures shifted by a pixel.

A network puts the picture on a grid (its layers halve it four times), so that a shift by a pixel
changes an answer a little. The mean over a few shifts is nearer to the truth than one answer is
(Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks", 2012,
section 4.1, which averages over crops in this way).
"""

from torch import Tensor
from torch.nn import functional as F

SHIFTS = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))  # pixels to the right and down


def moved(pictures: Tensor, right: int, down: int) -> Tensor:
    """Pictures (..., H, W) moved by whole pixels, with blank paper (0) beyond their edges."""
    return F.pad(pictures, (right, -right, down, -down))
