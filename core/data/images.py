"""Pictures as bytes in memory, pictures as numbers in a network."""

import torch
from torch import Tensor

SIDE = 28  # pixels; every picture in Glimpse is 28x28


def to_unit(images: Tensor) -> Tensor:
    """uint8 (..., H, W) with ink = 255 to float32 (..., 1, H, W) in [0, 1] with ink = 1."""
    return images.unsqueeze(-3).to(torch.float32) / 255
