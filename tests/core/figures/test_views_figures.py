"""The pictures of the two views show the arrays that they were given, each where it belongs."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from core.figures.pictures import rgb
from core.figures.views import (
    ANCHOR,
    FRAME,
    GAP,
    MATRIX_TRACE,
    NEGATIVE,
    PAD,
    POSITIVE,
    SCALE,
    inked,
    pair_sheet,
    short,
    similarity_matrix,
)

V = 6
NAMES = [f"view {i}" for i in range(V)]


def matrix() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    z = random.normal(size=(V, 3))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    share = random.random(V)
    return z @ z.T, share, random.random((V, 4, 4))


def test_each_pair_is_one_framed_card() -> None:
    first, second = np.zeros((3, 4, 4)), np.zeros((3, 4, 4))
    second[2, 0, 3] = 1
    sheet = pair_sheet(first, second, columns=2)
    width, height = 4 * SCALE + 2 * (PAD + FRAME), 9 * SCALE + 2 * (PAD + FRAME)
    assert sheet.shape == (2 * height + GAP, 2 * width + GAP, 4)
    assert tuple(sheet[0, 0]) == (*rgb(POSITIVE), 255)
    assert sheet[height:, width:, 3].max() == 0  # there is no fourth pair
    inside = sheet[height + GAP + FRAME : -FRAME, FRAME : width - FRAME, 3]
    ys, xs = np.nonzero(inside)
    assert (ys.min(), ys.max()) == (PAD + 5 * SCALE, PAD + 6 * SCALE - 1)
    assert (xs.min(), xs.max()) == (PAD + 3 * SCALE, PAD + 4 * SCALE - 1)


def test_ink_is_opaque_and_paper_clear() -> None:
    picture = inked(np.array([[0.0, 0.5, 1.0]]), scale=2)
    assert picture.shape == (2, 6, 4)
    np.testing.assert_array_equal(picture[0, :, 3], [0, 0, 128, 128, 255, 255])


def test_the_matrix_shows_the_cosines_but_for_a_view_beside_itself() -> None:
    similarity, share, views = matrix()
    figure = similarity_matrix(similarity, share, 1, views, NAMES)
    shown = figure.data[MATRIX_TRACE].z
    off = ~np.eye(V, dtype=bool)
    np.testing.assert_array_equal(shown[off], similarity[off])
    assert np.isnan(np.diag(shown)).all()
    written = dict(zip(figure.data[2].x, figure.data[2].text, strict=True))
    assert set(figure.data[2].y) == {1}
    assert written == {i: short(similarity[1, i]) for i in range(V) if i != 1}


def test_bars_stand_over_their_columns_and_mark_the_positive() -> None:
    similarity, share, views = matrix()
    bars = similarity_matrix(similarity, share, 1, views, NAMES).data[0]
    assert list(bars.x) == [0, 2, 3, 4, 5]
    np.testing.assert_array_equal(bars.y, share[[0, 2, 3, 4, 5]])
    assert list(bars.marker.color) == [NEGATIVE, NEGATIVE, NEGATIVE, POSITIVE, NEGATIVE]


def test_a_positive_that_is_left_out_has_no_bar_and_no_part_in_the_guess() -> None:
    similarity, share, views = matrix()
    share[4] = np.nan
    figure = similarity_matrix(similarity, share, 1, views, NAMES)
    bars = figure.data[0]
    at = list(bars.x).index(4)
    assert bars.y[at] == 0 and bars.text[at] == ""
    guess, out = figure.layout.annotations
    assert guess.text == "guess 25%"
    assert (out.x, out.y, out.text) == (4, 0.25, "<b>out</b>")


def test_positives_are_outlined_on_two_diagonals_and_the_row_across() -> None:
    similarity, share, views = matrix()
    figure = similarity_matrix(similarity, share, 1, views, NAMES)
    frames = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    outlined = {(s.x0 + 0.5, s.y0 + 0.5) for s in frames if s.line.color == POSITIVE}
    assert outlined == {(0, 3), (1, 4), (2, 5), (3, 0), (4, 1), (5, 2)}
    across = [s for s in frames if s.line.color == ANCHOR and s.x1 - s.x0 == V]
    assert [(s.y0, s.y1) for s in across] == [(0.5, 1.5)]


def test_each_view_stands_at_its_row_and_at_its_column() -> None:
    similarity, share, views = matrix()
    figure = similarity_matrix(similarity, share, 1, views, NAMES)
    for image in figure.layout.images:
        place = int(max(image.x, image.y))
        file = BytesIO(base64.b64decode(image.source.split(",")[1]))
        alpha = np.asarray(Image.open(file))[..., 3]
        np.testing.assert_array_equal(alpha, np.round(255 * views[place]))
    assert len(figure.layout.images) == 2 * V


def test_cosines_are_short() -> None:
    assert [short(value) for value in (0.834, -0.12, 1.0, -0.004)] == [".83", "-.12", "1.00", ".00"]
