"""Many small pictures in rows, as one picture."""

from collections.abc import Sequence

import numpy as np

from core.figures.pictures import SIDE, TIGHT, UNDECIDED, blank, paint


def picture_rows(
    pictures: Sequence[np.ndarray], columns: int, classes: Sequence[int] | None = None
) -> np.ndarray:
    """Pictures uint8 (28, 28) from left to right and from the top: RGBA (H, W, 4).

    They are in the colours of their classes, or grey.
    """
    of = [UNDECIDED] * len(pictures) if classes is None else classes
    pitch = SIDE + TIGHT
    rows = -(-len(pictures) // columns)
    mosaic = blank(columns * pitch - TIGHT, rows * pitch - TIGHT)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        paint(mosaic, picture, of[place], pitch * column, pitch * row)
    return mosaic
