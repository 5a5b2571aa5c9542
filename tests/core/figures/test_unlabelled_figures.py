"""The figure of soft k-means in the plane."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from core.figures.pictures import GREY, class_colour, rgb
from core.figures.unlabelled import SoftStep, class_pictures, mixed_colours, soft_k_means_plane

LABELLED = np.array([[0.0, 0.0], [4.0, 0.0]])
UNLABELLED = np.array([[1.0, 1.0], [3.0, 1.0], [2.0, 5.0]])
TRUTH = np.array([0, 1, -1])
SHARES = np.array([[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]])
ORIGIN = np.array([2.0, 6.0])


def step(after: int, origin: np.ndarray | None = ORIGIN) -> SoftStep:
    moved = np.stack([LABELLED + 0.2 * each for each in range(after + 1)])
    return SoftStep(LABELLED, UNLABELLED, TRUTH, SHARES, moved, origin)


def test_colours_are_mixed_by_shares() -> None:
    half = (np.array(rgb(class_colour(0))) + np.array(rgb(class_colour(1)))) / 2
    expected = [rgb(class_colour(0)), tuple(half.round(0).astype(int)), rgb(GREY)]
    shown = [tuple(map(float, each[4:-1].split(","))) for each in mixed_colours(SHARES, 2)]
    assert shown == [tuple(map(float, each)) for each in expected]


def test_points_have_the_colour_of_what_they_are_around_that_of_what_they_are_taken_for() -> None:
    points = soft_k_means_plane(step(2)).data[2]
    assert (list(points.x), list(points.y)) == (list(UNLABELLED[:, 0]), list(UNLABELLED[:, 1]))
    assert list(points.marker.color) == mixed_colours(SHARES, 2)
    assert list(points.marker.line.color) == [class_colour(0), class_colour(1), GREY]
    assert list(points.marker.symbol) == ["circle", "circle", "diamond"]
    assert points.hovertext[1] == "No label; it is of class B.<br>Taken for A 50%, B 50%"
    assert "of another character" in points.hovertext[2]


def test_means_have_a_trail_to_where_they_began() -> None:
    figure = soft_k_means_plane(step(3))
    first, second, _, labelled, means = figure.data
    assert (first.x[0], first.y[0]) == tuple(LABELLED[0])
    assert len(second.x) == 4
    assert (means.x[1], means.y[1]) == (second.x[-1], second.y[-1])
    assert (means.x[2], means.y[2]) == tuple(ORIGIN)
    assert list(means.marker.color) == [class_colour(0), class_colour(1), GREY]
    assert list(labelled.text) == ["<b>A</b>", "<b>B</b>"]


def test_steps_have_the_same_parts_in_the_same_plane() -> None:
    first, last = (soft_k_means_plane(step(after)) for after in (0, 4))
    assert len(first.data) == len(last.data)
    assert first.layout.xaxis.range == last.layout.xaxis.range
    assert first.layout.yaxis.range == last.layout.yaxis.range


def test_without_a_cluster_there_is_no_grey_cross() -> None:
    means = soft_k_means_plane(step(1, None)).data[-1]
    assert list(means.marker.color) == [class_colour(0), class_colour(1)]
    assert len(means.hovertext) == 2


def test_a_labelled_drawing_has_the_ink_of_its_class() -> None:
    pictures = np.zeros((2, 28, 28), np.uint8)
    pictures[:, 10:18, 10:18] = 255
    for label, url in enumerate(class_pictures(pictures)):
        drawn = Image.open(BytesIO(base64.b64decode(url.split(",")[1])))
        assert np.asarray(drawn)[28, 28].tolist() == [*rgb(class_colour(label)), 255]
