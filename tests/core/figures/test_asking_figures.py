"""The figures of a learner that asks."""

import numpy as np

from core.figures.asking import Operating, label_costs, roc_curve


def test_the_roc_marks_the_threshold() -> None:
    false_alarms, found = np.array([0, 0.1, 1.0]), np.array([0, 0.8, 1.0])
    figure = roc_curve(false_alarms, found, Operating(0.64, 0.1, 0.8))
    chance, curve, point = figure.data
    assert (list(chance.x), list(chance.y)) == ([0, 1], [0, 1])
    assert (list(curve.x), list(curve.y)) == (list(false_alarms), list(found))
    assert (list(point.x), list(point.y)) == ([0.1], [0.8])
    assert "threshold 0.64" in point.hovertemplate
    assert not figure.layout.showlegend


def test_a_line_ends_with_a_dot_and_needs_no_other_thresholds() -> None:
    curves = {
        "asks": (np.array([5, 9]), np.array([0.3, 0.6])),
        "asks about everything": (np.array([10, 20]), np.array([0.3, 0.7])),
    }
    figure = label_costs(curves)
    assert [line.name for line in figure.data] == list(curves)
    for line, (labels, right) in zip(figure.data, curves.values(), strict=True):
        assert (list(line.x), list(line.y)) == (list(labels), list(right))
        assert [size > 0 for size in line.marker.size] == [False, True]
    assert len({line.line.color for line in figure.data}) == 2


def test_the_ends_for_other_thresholds_lie_behind() -> None:
    ends = np.array([90, 40]), np.array([0.8, 0.5]), np.array([0.5, 0.7])
    figure = label_costs({"asks": (np.array([5]), np.array([0.3]))}, ends)
    behind = figure.data[0]
    assert (list(behind.x), list(behind.y)) == ([90, 40], [0.8, 0.5])
    assert list(behind.customdata) == [0.5, 0.7]
