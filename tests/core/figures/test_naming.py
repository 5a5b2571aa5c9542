"""The figures of named digits."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from core.figures.naming import digit_png, digit_sheet, naming_curves


def pixels(url: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))))


def test_pictures_survive_their_way_into_the_browser() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (7, 28, 28), np.uint8)
    np.testing.assert_array_equal(pixels(digit_png(pictures[3])), pictures[3])
    sheet = pixels(digit_sheet(pictures, columns=3))
    assert sheet.shape == (84, 84)
    for index, picture in enumerate(pictures):
        top, left = 28 * (index // 3), 28 * (index % 3)
        np.testing.assert_array_equal(sheet[top : top + 28, left : left + 28], picture)
    assert not sheet[56:, 28:].any()


def test_a_curve_counts_the_labels_from_one() -> None:
    figure = naming_curves({"this": np.array([0.1, 0.2]), "that": np.array([0.1, 0.15])})
    assert [line.name for line in figure.data] == ["this", "that"]
    assert [list(line.x) for line in figure.data] == [[1, 2], [1, 2]]
    assert list(figure.data[1].y) == [0.1, 0.15]
    assert tuple(figure.layout.xaxis.range) == (0.5, 10.5)
