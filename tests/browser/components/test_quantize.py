"""Coordinates of a film travel as 16-bit whole numbers."""

import numpy as np
import pytest

from core.errors import GlimpseError
from core.export.points import FINEST, quantize


def test_whole_numbers_give_the_coordinates_back() -> None:
    frames = np.random.default_rng(0).normal(size=(7, 50, 2)) * [3, 200]
    low, span, numbers = quantize(frames)
    assert numbers.dtype == np.uint16
    assert np.abs(low + numbers / FINEST * span - frames).max() <= span.max() / FINEST / 2 + 1e-9


def test_points_all_in_one_place_stay_there() -> None:
    low, span, numbers = quantize(np.full((2, 3, 2), 5.0))
    np.testing.assert_allclose(low + numbers / FINEST * span, 5.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_coordinates_that_are_not_finite_are_refused_in_a_sentence(bad: float) -> None:
    frames = np.zeros((2, 3, 2))
    frames[1, 2, 0] = bad
    with pytest.raises(GlimpseError, match="not finite"):
        quantize(frames)
