"""Training curves: few enough points, in the right place, and no trend invented."""

import numpy as np
import pytest

from core.figures.curves import POINTS, thin, training_curves


def test_a_short_curve_is_left_as_it_is() -> None:
    steps, values = np.arange(400), np.random.default_rng(0).normal(size=400)
    thin_steps, thin_values = thin(steps, values)
    np.testing.assert_array_equal(thin_steps, steps)
    np.testing.assert_array_equal(thin_values, values)


@pytest.mark.parametrize("length", [500, 501, 999, 1000, 4321, 100_000])
def test_a_long_curve_becomes_bucket_means(length: int) -> None:
    steps = np.arange(1, length + 1)
    values = np.random.default_rng(0).normal(size=length)
    thin_steps, thin_values = thin(steps, values)
    assert POINTS / 2 - 1 <= len(thin_steps) <= POINTS
    width = 2 ** int(np.ceil(np.log2(length / (POINTS - 1))))
    for place, start in enumerate(range(0, length, width)):  # a second way to the same means
        bucket = slice(start, start + width)
        assert thin_values[place] == pytest.approx(values[bucket].mean())
        assert thin_steps[place] == pytest.approx(steps[bucket].mean())
    assert (thin_steps[-1], thin_values[-1]) == (steps[-1], values[-1])


def test_what_is_drawn_stays_where_it_is_while_the_curve_grows() -> None:
    steps, values = np.arange(1500), np.random.default_rng(0).normal(size=1500)
    before = thin(steps[:1200], values[:1200])[1]
    after = thin(steps, values)[1]
    np.testing.assert_array_equal(before[:300], after[:300])


def test_values_that_are_not_finite_leave_a_gap_and_no_mark_on_their_neighbours() -> None:
    values = np.ones(2000)
    values[100] = np.inf
    values[1000:1040] = np.nan
    drawn = thin(np.arange(2000), values)[1]
    assert np.isnan(drawn).any()
    assert set(drawn[~np.isnan(drawn)]) == {1.0}


def test_an_empty_curve_is_an_empty_chart() -> None:
    figure = training_curves({"loss": (np.array([]), np.array([]))}, "Loss")
    assert len(figure.data[0].x) == 0


def test_a_chart_keeps_its_zoom_and_names_its_lines() -> None:
    steps = np.arange(5)
    curves = {"k-NN": (steps, steps / 5), "pixels": (steps, steps / 9)}
    first = training_curves(curves, "Accuracy", percent=True)
    second = training_curves(curves, "Accuracy", percent=True)
    assert first.layout.uirevision == second.layout.uirevision != None  # noqa: E711
    assert [line.name for line in first.data] == ["k-NN", "pixels"]
    assert first.layout.yaxis.tickformat == ".0%"
    assert first.layout.showlegend
