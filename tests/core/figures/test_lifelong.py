"""Figures of a stream: the numbers that they show."""

import numpy as np
import pytest

from core.figures.lifelong import (
    Mark,
    feature_curves,
    forgetting,
    grouped,
    interference,
    order_curves,
    stream_curves,
)

NOT_MET, ASKED = 255, 5


def test_groups_are_shares_of_the_classes_that_have_come() -> None:
    random = np.random.default_rng(0)
    right = random.integers(0, ASKED + 1, (7, 23)).astype(np.uint8)
    right[np.arange(23)[None] >= 4 * np.arange(7)[:, None]] = NOT_MET
    found = grouped(right, NOT_MET, ASKED, groups=5)
    assert found.shape == (5, 7)
    for group, members in enumerate(np.array_split(np.arange(23), 5)):
        for frame in range(7):
            met = [right[frame, c] / ASKED for c in members if right[frame, c] != NOT_MET]
            if met:
                assert found[group, frame] == pytest.approx(sum(met) / len(met))
            else:
                assert np.isnan(found[group, frame])


def test_a_line_a_learner_and_marks_beside_them() -> None:
    steps = np.array([10.0, 50.0])
    curves = {"A": (steps, np.array([1.0, 0.5])), "B": (steps, np.array([0.9, 0.8]))}
    figure = stream_curves(curves, [Mark("Theirs", 50, 0.7), Mark("Others", 50, 0.6)])
    assert [trace.name for trace in figure.data] == ["A", "B", "published", "published"]
    assert [trace.showlegend for trace in figure.data[2:]] == [True, False]
    lines = {trace.name: trace for trace in figure.data[:3]}
    assert lines["B"].y.tolist() == [0.9, 0.8] and lines["B"].x.tolist() == [10, 50]
    assert (lines["published"].x, lines["published"].y) == ((50,), (0.7,))
    assert len({(line.line.color, line.line.dash) for line in figure.data[:2]}) == 2
    assert len(stream_curves(curves).data) == 2


def test_what_was_forgotten_when_is_drawn_as_it_is() -> None:
    known = np.array([[1.0, 0.2], [np.nan, 0.6]])
    (cells,) = forgetting(["1–5", "6–10"], np.array([5, 10]), known).data
    np.testing.assert_array_equal(cells.z, known)
    assert (cells.zmin, cells.zmax) == (0, 1)


def test_orders_run_from_shuffled_to_sorted() -> None:
    figure = order_curves(np.array([0, 0.5, 1]), {"A": np.array([0.5, 0.4, 0.1])})
    assert figure.data[0].y.tolist() == [0.5, 0.4, 0.1]
    assert figure.layout.xaxis.ticktext == ("shuffled", "half sorted", "sorted")


def test_interference_has_the_same_colours_on_both_sides_of_zero() -> None:
    (cells,) = interference(np.array([[-0.2, 0.1], [0, 0]]), 0.4).data
    assert (cells.zmin, cells.zmid, cells.zmax) == (-0.4, 0, 0.4)
    assert cells.x.tolist() == cells.y.tolist() == [1, 2]


def test_features_have_their_intervals() -> None:
    met = np.array([10, 50])
    figure = feature_curves(met, {"Pixels": (np.array([0.4, 0.3]), np.array([0.1, 0.05]))})
    band, line = figure.data
    np.testing.assert_allclose(band.y, [0.5, 0.35, 0.25, 0.3])
    assert line.y.tolist() == [0.4, 0.3]
