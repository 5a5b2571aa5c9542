"""The figures of a curve say what the arrays say, and diverging steps break none."""

import numpy as np
import pytest

from core.figures.sinusoid import (
    Fit,
    divergence,
    error_curves,
    error_label,
    fit_alt,
    half_bars,
    half_errors,
    half_name,
    sinusoid_fit,
    squared_errors,
)
from tests.helpers.sinusoid_fits import BAD, GOOD, MIDDLING, X, task


def test_errors_are_means_of_squares_over_the_halves() -> None:
    halves = half_errors(task([1.0]), MIDDLING)
    np.testing.assert_allclose(halves, np.array([[9, 4], [9, 0.16]]))
    whole = squared_errors(task([1.0]), MIDDLING)
    np.testing.assert_allclose(whole, np.array([9, (5 * 4 + 6 * 0.16) / 11]))


@pytest.mark.parametrize(
    ("support_x", "unseen", "counts"),
    [([1.0, 2.0], 0, (0, 2)), ([-1.0], 1, (1, 0)), ([-1.0, 0.0], None, (1, 1)), ([], None, (0, 0))],
)
def test_which_half_has_no_points(
    support_x: list[float], unseen: int | None, counts: tuple[int, int]
) -> None:
    assert task(support_x).unseen == unseen
    assert task(support_x).counts == counts


def test_points_off_the_curve_are_counted() -> None:
    assert task([0.5, 1.5]).n_off_curve == 0
    assert task([0.5, 1.5], off=0.2).n_off_curve == 2


def test_a_divergence_is_found_at_its_first_step_and_breaks_no_figure() -> None:
    lost = Fit("Random", np.stack([2 * X, 2 * X + 1e3, np.full(11, np.nan), np.full(11, np.inf)]))
    near = Fit("MAML", np.stack([2 * X + 1] * 4))
    assert divergence(task([1.0]), lost) == 1
    assert divergence(task([1.0]), near) is None
    assert error_label(float(squared_errors(task([1.0]), lost)[2])) == "off the scale"
    curve = error_curves(task([1.0]), [near, lost], 1)
    assert np.isnan(curve.data[1].y[1:]).all() and np.isfinite(curve.data[0].y).all()
    bars = half_bars(task([1.0]), [near, lost], 3)
    assert all(np.isfinite(trace.y).all() for trace in bars.data)


def test_curves_of_error_mark_the_chosen_step() -> None:
    figure = error_curves(task([1.0]), [GOOD, MIDDLING, BAD], 1)
    assert [trace.name for trace in figure.data] == ["MAML", "Pre-trained", "Random"]
    np.testing.assert_allclose(figure.data[1].y, squared_errors(task([1.0]), MIDDLING))
    assert figure.layout.shapes[0].x0 == 1


def test_bars_put_the_half_without_points_first() -> None:
    left_blind = half_bars(task([1.0, 2.0]), [GOOD, MIDDLING, BAD], 1)
    assert [trace.name for trace in left_blind.data] == [
        "left half, no points", "right half, 2 points",
    ]  # fmt: skip
    np.testing.assert_allclose(left_blind.data[0].y, [0.25, 4, 16])
    assert len({trace.marker.pattern.shape for trace in left_blind.data}) == 2, "in the legend too"
    right_blind = half_bars(task([-1.0]), [GOOD, MIDDLING, BAD], 1)
    assert [trace.name for trace in right_blind.data] == [
        "right half, no points", "left half, 1 point",
    ]  # fmt: skip
    assert half_name(task([-1.0]), 0) == "left half, 1 point"


def test_a_screen_reader_hears_both_halves() -> None:
    assert fit_alt(task([1.0]), GOOD, 1) == (
        "MAML after 1 step: mean squared error 0.25 on the left half and 0.01 on the right half "
        "of the curve"
    )


def test_sinusoid_shows_every_step_so_far() -> None:
    figure = sinusoid_fit((X, np.sin(X)), (X[:3], np.sin(X[:3])), np.zeros((4, 11)), step=2)
    assert [trace.name for trace in figure.data if trace.name] == [
        "true curve", "after 2 steps", "support points",
    ]  # fmt: skip
    assert len(figure.data) == 5


def test_figures_leave_paper_and_ink_of_the_page_to_the_theme() -> None:
    for figure in (
        sinusoid_fit((X, X), (X, X), np.zeros((2, 11)), 1),
        error_curves(task([1.0]), [GOOD, BAD], 0),
        half_bars(task([1.0]), [GOOD, BAD], 0),
    ):
        assert figure.layout.paper_bgcolor is None
        assert figure.layout.font.color is None
