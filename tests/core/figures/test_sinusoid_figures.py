"""The figures of a curve say what the arrays say, and diverging steps break none."""

import numpy as np
import pytest

from core.figures.sinusoid import (
    Fit,
    divergence,
    error_label,
    fit_alt,
    half_errors,
    half_name,
    sinusoid_fit,
    squared_errors,
)
from core.figures.sinusoid_race import (
    LEFT,
    RIGHT,
    WHOLE,
    ErrorLane,
    blind_place,
    error_curves,
    half_bars,
    lane_of,
)
from tests.helpers.sinusoid_fits import BAD, GOOD, MIDDLING, X, task


def lanes(support_x: list[float], *fits: Fit) -> list[ErrorLane]:
    return [lane_of(task(support_x), fit) for fit in fits]


def names(support_x: list[float]) -> list[str]:
    return [half_name(task(support_x), half) for half in (LEFT, RIGHT)]


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
    curve = error_curves(lanes([1.0], near, lost), WHOLE, 1)
    assert np.isnan(curve.data[1].y[1:]).all() and np.isfinite(curve.data[0].y).all()
    bars = half_bars(lanes([1.0], near, lost), names([1.0]), LEFT, 3)
    assert all(np.isfinite(trace.y).all() for trace in bars.data)


def test_curves_of_error_mark_the_chosen_step() -> None:
    figure = error_curves(lanes([1.0], GOOD, MIDDLING, BAD), WHOLE, 1)
    assert [trace.name for trace in figure.data] == ["MAML", "Pre-trained", "Random"]
    np.testing.assert_allclose(figure.data[1].y, squared_errors(task([1.0]), MIDDLING))
    assert figure.layout.shapes[0].x0 == 1


def test_bars_put_the_half_without_points_first() -> None:
    fits = GOOD, MIDDLING, BAD
    left_blind = half_bars(lanes([1.0, 2.0], *fits), names([1.0, 2.0]), LEFT, 1)
    assert [trace.name for trace in left_blind.data] == [
        "left half, no points", "right half, 2 points",
    ]  # fmt: skip
    np.testing.assert_allclose(left_blind.data[0].y, [0.25, 4, 16])
    assert len({trace.marker.pattern.shape for trace in left_blind.data}) == 2, "in the legend too"
    right_blind = half_bars(lanes([-1.0], *fits), names([-1.0]), RIGHT, 1)
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
        error_curves(lanes([1.0], GOOD, BAD), LEFT, 0),
        half_bars(lanes([1.0], GOOD, BAD), names([1.0]), LEFT, 0),
    ):
        assert figure.layout.paper_bgcolor is None
        assert figure.layout.font.color is None


def test_the_race_measures_where_there_are_no_points() -> None:
    assert blind_place(task([1.0])) == LEFT and blind_place(task([-1.0])) == RIGHT
    assert blind_place(task([-1.0, 1.0])) == WHOLE
    figure = error_curves(lanes([1.0], GOOD, MIDDLING), LEFT, 1)
    np.testing.assert_allclose(figure.data[1].y, [9, 4])
    assert figure.layout.title.text == "Error on the left half against inner step"


def test_errors_far_apart_stand_on_a_logarithmic_axis() -> None:
    near = error_curves(lanes([1.0], GOOD, MIDDLING), LEFT, 1)
    assert near.layout.yaxis.type is None and near.layout.yaxis.range[0] == 0
    assert near.layout.yaxis.range[1] > 9
    far = error_curves(lanes([1.0], GOOD, BAD), RIGHT, 1)  # 9 to 0.01
    assert far.layout.yaxis.type == "log"


def test_means_have_their_interval_as_a_band_and_in_words() -> None:
    means = [
        lane._replace(interval=0.1 * lane.errors) for lane in lanes([1.0], GOOD, MIDDLING, BAD)
    ]
    curves = error_curves(means, LEFT, 1)
    band = np.asarray(curves.data[0].y)
    np.testing.assert_allclose(band, [9.9, 0.275, 0.225, 8.1])
    assert [trace.name for trace in curves.data if trace.name] == ["MAML", "Pre-trained", "Random"]
    assert means[1].label(LEFT, 1) == "4.00 ± 0.40"
    bars = half_bars(means, names([1.0]), LEFT, 1)
    assert bars.data[0].text == ("0.25<br>± 0.03", "4.00<br>± 0.40", "16.00<br>± 1.60")


def test_means_off_the_scale_break_no_figure() -> None:
    lost = ErrorLane("MAML", np.full((3, 2), np.inf), np.full((3, 2), np.nan))
    curves = error_curves([lost], WHOLE, 1)
    assert np.isnan(curves.data[-1].y).all()
    assert lost.label(WHOLE, 0) == "off the scale"
    assert np.isfinite(half_bars([lost], names([1.0]), LEFT, 1).data[0].y).all()
