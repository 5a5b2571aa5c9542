"""Small pictures in rows: each is at its place, and the places between are clear."""

import numpy as np

from core.figures.picture_rows import picture_rows
from core.figures.pictures import FINE, SIDE, TIGHT


def test_pictures_go_from_left_to_right_and_down() -> None:
    blank, full = np.zeros((SIDE, SIDE), np.uint8), np.full((SIDE, SIDE), 255, np.uint8)
    mosaic = picture_rows([blank, full, blank, blank, full], columns=3)
    pitch, side = FINE * (SIDE + TIGHT), FINE * SIDE
    assert mosaic.shape == (pitch + side, 2 * pitch + side, 4)
    opacity = [
        mosaic[pitch * row : pitch * row + side, pitch * column : pitch * column + side, 3].mean()
        for row in range(2)
        for column in range(3)
    ]
    assert [value > 200 for value in opacity] == [False, True, False, False, True, False]
    assert opacity[5] == 0  # no sixth picture
    assert not mosaic[side:pitch].any()
