"""Many small pictures in rows, as one picture."""

from collections.abc import Sequence

import numpy as np

from core.figures.pictures import SIDE, TIGHT, UNDECIDED, blank, paint


def picture_rows(pictures: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Pictures uint8 (28, 28) from left to right and from the top: RGBA (H, W, 4)."""
    pitch = SIDE + TIGHT
    rows = -(-len(pictures) // columns)
    mosaic = blank(columns * pitch - TIGHT, rows * pitch - TIGHT)
    for place, picture in enumerate(pictures):
        paint(mosaic, picture, UNDECIDED, pitch * (place % columns), pitch * (place // columns))
    return mosaic
