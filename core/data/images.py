"""Pictures as bytes, in memory and in files, and as numbers, in a network."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pages that need only SIDE do not wait for torch
    from torch import Tensor

SIDE = 28  # pixels of every grey picture; CIFAR-10's photos have 32


def to_unit(images: "Tensor") -> "Tensor":
    """uint8 (..., H, W) with ink = 255 to float32 (..., 1, H, W) in [0, 1] with ink = 1."""
    return images.unsqueeze(-3).float() / 255


def to_bytes(pictures: "Tensor") -> "Tensor":
    """The inverse of `to_unit`: float (..., 1, H, W) in [0, 1] to uint8 (..., H, W)."""
    return (pictures.squeeze(-3) * 255).round().byte()
