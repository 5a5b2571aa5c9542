"""The embedding figures show the arrays that they were given, and nothing else."""

import numpy as np

from core.figures.embeddings import (
    geometry_curve,
    neighbour_curve,
    picture_sheet,
)


def test_neighbour_curve_has_a_flat_line_a_baseline() -> None:
    steps, values = np.array([0, 25, 50]), np.array([0.87, 0.93, 0.95])
    figure = neighbour_curve((steps, values), {"raw pixels": 0.927, "untrained": 0.872})
    assert [trace.name for trace in figure.data] == ["this encoder", "raw pixels", "untrained"]
    np.testing.assert_array_equal(figure.data[0].y, values)
    assert list(figure.data[1].x) == [0, 50]
    assert list(figure.data[1].y) == [0.927, 0.927]


def test_neighbour_curve_before_the_first_evaluation() -> None:
    figure = neighbour_curve((np.array([]), np.array([])), {"raw pixels": 0.9})
    assert len(figure.data[0].x) == 0


def test_geometry_curve_shows_both() -> None:
    steps = np.array([0, 10])
    figure = geometry_curve((steps, np.array([0.1, 0.4])), (steps, np.array([-0.1, -3.0])))
    assert [trace.name for trace in figure.data] == ["alignment", "uniformity"]
    np.testing.assert_array_equal(figure.data[1].y, [-0.1, -3.0])
    labels = [(each.text, each.y) for each in figure.layout.annotations]
    assert labels == [("alignment", 0.4), ("uniformity", -3.0)]


def test_sheet_puts_each_picture_in_its_row_and_column() -> None:
    ink = np.zeros((2, 3, 4, 5))
    ink[1, 2] = 1
    sheet = picture_sheet(ink, scale=2, gap=3)
    assert sheet.shape == (2 * 8 + 3, 3 * 10 + 2 * 3, 4)
    expected = np.zeros(sheet.shape[:2])
    expected[-8:, -10:] = 255
    np.testing.assert_array_equal(sheet[..., 3], expected)
