"""Pictures as bytes and as numbers."""

import torch

from core.data.images import to_bytes, to_unit


def test_bytes_come_back_from_numbers() -> None:
    images = torch.arange(256, dtype=torch.uint8).view(2, 2, 8, 8)
    pictures = to_unit(images)
    assert pictures.shape == (2, 2, 1, 8, 8)
    assert (pictures.min().item(), pictures.max().item()) == (0, 1)
    assert torch.equal(to_bytes(pictures), images)


def test_numbers_are_rounded_to_the_nearest_byte() -> None:
    picture = torch.tensor([[[0.0, 0.499 / 255, 0.501 / 255, 1.0]]])
    assert to_bytes(picture).tolist() == [[0, 0, 1, 255]]
