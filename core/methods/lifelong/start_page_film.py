"""The Start page's film of Lifelong. Imports no torch."""

from collections.abc import Sequence

import numpy as np

from core.methods.lifelong.snapshot import ASKED, NOT_MET, names_in
from core.methods.start_page_film import Arrays, picture_frames

ROWS, COLUMNS = 3, 10  # of characters, of each learner
CELL, GAP = 15, 10  # pixels: of a character at half its size, and between the learners
DIM = 70  # strength of a character that is forgotten, of 255
SHOWN = ("tuning", "means")  # from the top
FRAMES = 7
HOLD = 1


def start_page_film(snapshots: Sequence[Arrays]) -> Arrays:
    """Characters that arrive one by one: those that a learner knows are lit, the others fade.

    Above is fine-tuning, below are class means, on the same characters; the last frame is at the
    end of the stream. `ink` and `hue` (F + hold, 100, 150).
    """
    small = _small(snapshots[0]["pictures"][: ROWS * COLUMNS])
    right = [arrays["right"][:, : ROWS * COLUMNS] for arrays in snapshots]
    filling = [frame for frame in right if (frame == NOT_MET).any()]
    chosen = [filling[place] for place in np.linspace(0, len(filling) - 1, FRAMES).astype(int)]
    ink, hue = zip(*(_frame(small, frame) for frame in [*chosen, right[-1]]), strict=True)
    return picture_frames(np.stack(ink), np.stack(hue), seconds=0.7, hold=HOLD)


def _frame(small: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ink and hue (100, 150) of both learners, one below the other."""
    ink, hue = [], []
    for learner in map(names_in(len(right)).index, SHOWN):
        met = right[learner] != NOT_MET
        known = met & (right[learner] > ASKED // 2)
        strength = np.where(known, 255, np.where(met, DIM, 0))
        ink.append(_side_by_side(small * (strength[:, None, None] / 255)))
        hue.append(_side_by_side(np.broadcast_to(known[:, None, None], small.shape)))
        for rows in (ink, hue):
            rows.append(np.zeros((GAP, COLUMNS * CELL)))
    return np.concatenate(ink[:-1]).astype(np.uint8), np.concatenate(hue[:-1])


def _small(pictures: np.ndarray) -> np.ndarray:
    """Pictures (N, 28, 28) at half their size in cells: (N, 15, 15)."""
    halved = pictures.reshape(-1, 14, 2, 14, 2).astype(np.float64).mean((2, 4))
    inked = 255 * halved / halved.max((1, 2), keepdims=True)  # thin lines stay readable
    return np.pad(inked, ((0, 0), (0, 1), (0, 1)))


def _side_by_side(cells: np.ndarray) -> np.ndarray:
    """Cells (30, 15, 15) in rows of ten: (45, 150)."""
    return cells.reshape(ROWS, COLUMNS, CELL, CELL).transpose(0, 2, 1, 3).reshape(ROWS * CELL, -1)
