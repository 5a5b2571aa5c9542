"""Transparent pixels: the paper of a drawing, or the margin of an opaque scan.

Programs export ink on nothing; scanners and screenshots leave round corners, shadows, margins, or
an opacity of 254 everywhere. What is opaque tells them apart. In a scan it fills its bounding box,
and holds paper and ink, two tones; in a drawing it is the ink, lines that leave most of the box
free or an area of one tone.
"""

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float64]
Opaque = npt.NDArray[np.bool_]

WHITE = 255
ALL_FILLED = 0.92  # of the bounding box: no letter fills as much, any rounded picture more
LEAST_FILLED = 0.5  # a square scan turned by 45 degrees
FLAT = 32  # grey levels around the paper's that are still paper
STRONG = 60  # grey levels between ink and paper
LEAST_PAPER, LEAST_INK = 0.5, 0.005  # shares of a scan's opaque pixels


def flattened(grey: Grey, opacity: Grey) -> tuple[Grey, float | None]:
    """Grey levels (H, W) without transparent pixels, and the level of the paper.

    Opacity is (H, W) from 0 to 255. Of a drawing the ink is made light on 0, and the level of its
    paper is None.
    """
    if opacity.max() == 0:  # the file hides all of itself, so this was not meant
        return grey, _of_border(grey, np.full(grey.shape, True))
    if _is_drawing(grey, opacity):
        covered = opacity / WHITE
        is_dark = (grey * covered).sum() <= covered.sum() * WHITE / 2
        return (WHITE - grey if is_dark else grey) * covered, None
    covered = opacity / opacity.max()
    paper = _of_border(grey, _is_opaque(opacity))
    return grey * covered + paper * (1 - covered), paper


def _is_opaque(opacity: Grey) -> Opaque:
    return np.asarray(opacity > opacity.max() / 2)


def _is_drawing(grey: Grey, opacity: Grey) -> bool:
    box = _box(_is_opaque(opacity))
    opaque = _is_opaque(opacity)[box]
    filled = opaque.mean()
    if filled >= ALL_FILLED:
        return False
    inner = _without_rim(opaque)
    if filled < LEAST_FILLED or not inner.any():
        return True
    tones = grey[box][inner]
    distance = np.abs(tones - np.median(tones))
    has_paper = (distance < FLAT).mean() >= LEAST_PAPER
    return not (has_paper and (distance > STRONG).mean() >= LEAST_INK)


def _box(opaque: Opaque) -> tuple[slice, slice]:
    """The bounding box of what is opaque."""
    rows, columns = np.flatnonzero(opaque.any(axis=1)), np.flatnonzero(opaque.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _without_rim(opaque: Opaque) -> Opaque:
    """What is opaque with all four neighbours: a smoothed edge is of neither tone."""
    edged = np.pad(opaque, 1)
    return opaque & edged[:-2, 1:-1] & edged[2:, 1:-1] & edged[1:-1, :-2] & edged[1:-1, 2:]


def _of_border(grey: Grey, opaque: Opaque) -> float:
    """The median level of the opaque pixels on the border of their bounding box."""
    levels, counted = grey[_box(opaque)], opaque[_box(opaque)]
    sides = [(levels[edge], counted[edge]) for edge in (0, -1)]
    sides += [(levels[:, edge], counted[:, edge]) for edge in (0, -1)]
    return float(np.median(np.concatenate([side[here] for side, here in sides])))
