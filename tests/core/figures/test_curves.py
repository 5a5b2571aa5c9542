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


@pytest.mark.parametrize("percent", [False, True])
def test_a_chart_without_values_invents_no_range(percent: bool) -> None:
    nothing, unknown = (np.array([]), np.array([])), (np.array([3]), np.array([np.nan]))
    for curves, rival in (
        ({}, None), ({"loss": nothing}, None), ({"loss": unknown}, None),
        ({"loss": nothing, "error": nothing}, {}),
    ):  # fmt: skip
        layout = training_curves(curves, "Loss", percent, log=not percent, rival=rival).layout
        assert tuple(layout.yaxis.range) == (0, 1)
        assert layout.yaxis.showticklabels == percent, "0 to 100 % are known, other ranges are not"
        assert not layout.xaxis.showticklabels
        assert [note.text for note in layout.annotations] == ["No values yet"]
    full = training_curves({"loss": (np.array([1]), np.array([0.5]))}, "Loss", percent).layout
    assert full.yaxis.range is None and not full.annotations


def test_a_chart_keeps_its_zoom_and_names_its_lines() -> None:
    steps = np.arange(5)
    curves = {"k-NN": (steps, steps / 5), "pixels": (steps, steps / 9)}
    first = training_curves(curves, "Accuracy", percent=True)
    second = training_curves(curves, "Accuracy", percent=True)
    assert first.layout.uirevision == second.layout.uirevision != None  # noqa: E711
    assert [line.name for line in first.data] == ["k-NN", "pixels"]
    assert first.layout.yaxis.tickformat == ".0%"
    assert first.layout.showlegend


def test_a_rival_is_dashed_in_the_colour_of_its_quantity() -> None:
    steps = np.arange(5)
    ours = {"SSIM": (steps, steps / 5), "MSE": (steps, steps / 9)}
    theirs = {"MSE": (steps[:3], steps[:3] / 7), "PSNR": (steps, steps / 3)}
    figure = training_curves(ours, "Quality", rival=theirs, runs=("mask box", "mask half"))
    drawn = [line for line in figure.data if len(line.x) > 1]
    assert [(line.name, line.line.dash, line.meta["colour"]) for line in drawn] == [
        ("SSIM", "solid", 0),
        ("MSE", "solid", 1),
        ("MSE", "dash", 1),
        ("PSNR", "dash", 2),
    ]
    np.testing.assert_array_equal(drawn[2].y, steps[:3] / 7)
    under_the_pointer = [line.hovertemplate.split("<extra>")[1] for line in drawn]
    assert under_the_pointer[1:3] == ["MSE, mask box</extra>", "MSE, mask half</extra>"]
    legend = [(line.name, line.line.dash) for line in figure.data if line.showlegend is not False]
    assert legend == [
        ("SSIM", "solid"),
        ("MSE", "solid"),
        ("PSNR", "dash"),
        ("mask box", "solid"),
        ("mask half", "dash"),
    ]


def test_a_curve_can_have_a_colour_of_its_own() -> None:
    curves = {name: (np.arange(3), np.arange(3)) for name in ("mine", "other")}
    alone = training_curves(curves, "Accuracy", colours={"mine": "#4c78dd"})
    assert [line.line.color for line in alone.data] == ["#4c78dd", None]
    faster = {name: (steps, 2 * values) for name, (steps, values) in curves.items()}
    both = training_curves(curves, "Accuracy", colours={"mine": "#4c78dd"}, rival=faster)
    mine = [line for line in both.data if line.name == "mine"]
    assert [(line.line.color, line.meta) for line in mine] == [("#4c78dd", None)] * 2
    assert [line.line.dash for line in mine] == ["solid", "dash"]


def test_a_single_quantity_of_two_runs_is_named_by_the_runs() -> None:
    steps = np.arange(5)
    figure = training_curves(
        {"Loss": (steps, steps / 5)}, "Loss", rival={"Loss": (steps, steps / 9)}, runs=("a", "b")
    )
    assert [(line.name, line.line.dash) for line in figure.data] == [("a", "solid"), ("b", "dash")]
    assert {line.meta["colour"] for line in figure.data} == {0}
    assert figure.layout.showlegend


def test_a_flat_line_that_two_runs_share_is_drawn_once() -> None:
    steps = np.arange(4)
    ours = {"k-NN": (steps, steps / 5), "pixels": (steps, np.full(4, 0.9))}
    same = {"k-NN": (steps, steps / 5), "pixels": (steps[:2], np.full(2, 0.9))}
    other = {"k-NN": (steps, steps / 5), "pixels": (steps, np.full(4, 0.8))}
    names = [
        [line.name for line in training_curves(ours, "", rival=rival).data if len(line.x) > 1]
        for rival in (same, other)
    ]
    assert names == [["k-NN", "pixels", "k-NN"], ["k-NN", "pixels", "k-NN", "pixels"]]


@pytest.mark.parametrize("rival", [None, {"after": (np.arange(4), np.arange(4))}])
def test_a_broad_line_is_seen_beneath_one_that_coincides(
    rival: dict[str, tuple[np.ndarray, np.ndarray]] | None,
) -> None:
    curve = np.arange(4), np.arange(4)
    figure = training_curves({"after": curve, "alone": curve}, "", broad=["after"], rival=rival)
    drawn = [line for line in figure.data if len(line.x) > 1]
    alone = next(line for line in drawn if line.name == "alone")
    for line in drawn:
        if line.name == "after":
            assert line.line.width > 2 * alone.line.width
            assert line.marker.size > alone.marker.size
            assert line.zorder < (alone.zorder or 0)  # also where it is the rival's, added later


def test_a_rival_that_has_not_begun_leaves_the_chart_of_one_run() -> None:
    steps = np.arange(4)
    figure = training_curves({"Loss": (steps, steps)}, "Loss", rival={}, runs=("a", "b"))
    assert [line.name for line in figure.data] == ["a"]
    assert not figure.layout.showlegend
    assert not training_curves({}, "Loss", rival={}).data
