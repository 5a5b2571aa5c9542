"""The classical answers touch no visible pixel, see no hidden one, and continue what is there."""

import numpy as np
import pytest

from core.data.digits import load_digits
from core.evaluation.classical import METHODS, classical

PICTURE = load_digits("sample", "held_out").images[5].numpy()
VISIBLE = np.ones((28, 28), np.uint8)
VISIBLE[10:17, 8:20] = 0


def test_visible_pixels_stay_and_hidden_ones_are_not_looked_at() -> None:
    changed = np.where(VISIBLE == 1, PICTURE, 255 - PICTURE)
    one, other = classical(PICTURE, VISIBLE), classical(changed, VISIBLE)
    assert tuple(one) == METHODS
    for name, completed in one.items():
        assert completed.dtype == np.uint8
        assert (completed[VISIBLE == 1] == PICTURE[VISIBLE == 1]).all(), name
        assert (completed == other[name]).all(), name


def test_a_hole_in_a_plain_grey_is_filled_with_it() -> None:
    grey = np.full((28, 28), 120, np.uint8)
    for name, completed in classical(grey, VISIBLE).items():
        assert np.abs(completed.astype(int) - 120).max() <= 2, name


def test_a_hole_in_a_ramp_is_filled_with_the_ramp_by_the_surface_that_bends_least() -> None:
    ramp = np.tile(np.arange(28) * 9, (28, 1)).astype(np.uint8)
    filled = classical(ramp, VISIBLE)["Biharmonic"]
    assert np.abs(filled.astype(int) - ramp).max() <= 1


@pytest.mark.parametrize("visible", [np.zeros((28, 28)), np.ones((28, 28))])
def test_all_or_nothing_hidden(visible: np.ndarray) -> None:
    for completed in classical(PICTURE, visible).values():
        assert (completed == PICTURE * visible).all()
