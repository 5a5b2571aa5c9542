"""Numbers as figures write them: digits that tell apart, and ticks of logarithmic scales."""

import re

import numpy as np
import pytest

from core.figures.curves import training_curves
from core.figures.numbers import LOG_TICKS, log_ticks
from core.paths import PROJECT


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.1, 10, [0.1, 0.2, 0.5, 1, 2, 5, 10]),
        (0.3, 0.8, [0.3, 0.4, 0.5, 0.6, 0.7, 0.8]),
        (1.0, 3.0, [1, 2]),
        (1.2, 1.8, [1.2, 1.5, 1.8]),
    ],
)
def test_a_logarithmic_scale_has_ticks_however_short_it_is(
    low: float, high: float, expected: list[float]
) -> None:
    np.testing.assert_allclose(log_ticks(low, high), expected)


def test_a_logarithmic_axis_writes_whole_numbers() -> None:
    """Plotly's own ticks read 5, 4, 3, 2, 1, 9, 8."""
    curve = {"error": (np.arange(3), np.array([5.0, 2.0, 0.5]))}
    assert training_curves(curve, "Error", log=True).layout.yaxis.tickformat == LOG_TICKS
    assert training_curves(curve, "Error").layout.yaxis.tickformat == ""


def test_no_logarithmic_axis_is_left_to_plotly() -> None:
    """Each gives its ticks, or a format for them."""
    axes = 0
    for path in (PROJECT / "core" / "figures").glob("*.py"):
        text = path.read_text()
        for place in re.finditer(r'type="log"', text):
            axes += 1
            assert re.search("tickvals|LOG_TICKS", text[place.start() : place.start() + 250]), path
    assert axes >= 3
