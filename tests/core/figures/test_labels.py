"""The figures of labels show the numbers that they were given."""

import numpy as np

from core.figures.labels import confusion_matrix, label_curves

PER_CLASS = np.array([1, 10, 400])


def test_each_curve_lies_in_its_band() -> None:
    mean, interval = np.array([0.5, 0.8, 0.95]), np.array([0.1, 0.05, 0.0])
    figure = label_curves(PER_CLASS, {"k-NN": (mean, interval), "probe": (mean - 0.1, interval)})
    band, line, _, other = figure.data
    np.testing.assert_array_equal(line.y, mean)
    np.testing.assert_array_equal(line.x, PER_CLASS)
    np.testing.assert_allclose(band.y[:3], [0.6, 0.85, 0.95])
    np.testing.assert_allclose(band.y[3:], [0.95, 0.75, 0.4])  # and back along the lower edge
    np.testing.assert_array_equal(band.x, [1, 10, 400, 400, 10, 1])
    assert [trace.name for trace in (line, other)] == ["k-NN", "probe"]
    assert line.line.color != other.line.color
    assert figure.layout.xaxis.ticktext[-1] == "all (400)"


def test_mistakes_are_coloured_by_how_many_and_what_is_right_apart() -> None:
    counts = np.array([[90, 10, 0], [4, 96, 0], [0, 0, 100]])
    mistakes, right, text = confusion_matrix(counts).data
    assert mistakes.zmax == 10
    np.testing.assert_array_equal(np.isnan(mistakes.z), np.eye(3, dtype=bool))
    np.testing.assert_array_equal(np.isnan(right.z), ~np.eye(3, dtype=bool))
    assert mistakes.z[0, 1] == 10 and mistakes.z[1, 0] == 4  # rows are digits
    shown = dict(zip(zip(text.y, text.x, strict=True), text.text, strict=True))
    assert shown == {("0", "0"): "90", ("0", "1"): "10", ("1", "0"): "4", ("1", "1"): "96",
                     ("2", "2"): "100"}  # fmt: skip


def test_a_matrix_without_mistakes_can_be_drawn() -> None:
    assert confusion_matrix(np.diag([3, 3])).data[0].zmax == 1
