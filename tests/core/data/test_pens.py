"""Other pens, against SciPy's grey-scale morphology."""

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from core.data.images import to_unit
from core.data.omniglot import load_omniglot
from core.data.pens import NARROWEST, WIDEST, widened, with_other_pens

CROSS = ndimage.generate_binary_structure(2, 1)


def drawings(n: int) -> Tensor:
    """Omniglot's first drawings (n, 1, 28, 28)."""
    return to_unit(load_omniglot().images[:n, 0])


def test_whole_pixels_are_dilation_and_erosion_by_a_cross() -> None:
    images = drawings(6)
    for picture, drawn in zip(images[:, 0].numpy(), widened(images, torch.ones(6)), strict=True):
        wide = ndimage.grey_dilation(picture, footprint=CROSS, mode="nearest")
        np.testing.assert_array_equal(drawn[0].numpy(), wide)
    for picture, drawn in zip(images[:, 0].numpy(), widened(images, -torch.ones(6)), strict=True):
        narrow = ndimage.grey_erosion(picture, footprint=CROSS, mode="nearest")
        np.testing.assert_allclose(drawn[0].numpy(), narrow, atol=1e-6)


def test_a_part_of_a_pixel_is_a_weighted_mean() -> None:
    images = drawings(1).expand(4, -1, -1, -1)
    drawn = widened(images, torch.tensor([0.0, 0.25, 1.0, -0.5]))
    torch.testing.assert_close(drawn[0], images[0])
    torch.testing.assert_close(drawn[1], 0.75 * drawn[0] + 0.25 * drawn[2])
    narrow = widened(images[:1], -torch.ones(1))[0]
    torch.testing.assert_close(drawn[3], (drawn[0] + narrow) / 2)


def test_each_picture_has_a_pen_of_its_own_within_the_bounds() -> None:
    images = drawings(1).expand(200, -1, -1, -1)
    drawn = with_other_pens(images, torch.Generator().manual_seed(0))
    ink = drawn.sum((1, 2, 3))
    assert torch.unique(ink).numel() == 200
    bounds = widened(images[:2], torch.tensor([NARROWEST, WIDEST])).sum((1, 2, 3))
    assert bounds[0] <= ink.min() < 1.1 * bounds[0] and 0.95 * bounds[1] < ink.max() <= bounds[1]
    again = with_other_pens(images, torch.Generator().manual_seed(0))
    assert torch.equal(again, drawn)
