"""The Start page's film of few-shot learning. Imports no torch."""

from collections.abc import Sequence

import numpy as np

from core.methods.start_page_film import Arrays, picture_frames

GAP = 10  # pixels between columns
ROWS = 3  # queries of each class
DIM = 70  # strength of a drawing that is not recognised yet, of 255
DECIDED = 1e-6  # least difference between the probabilities of a real answer


def start_page_film(snapshots: Sequence[Arrays]) -> Arrays:
    """One task, learned step by step: a drawing lights up once it is recognised.

    On top is the one example of each character; below each are three drawings that the network has
    not seen. `ink` and `hue` (S + 1 + hold, 120, 180), from the last snapshot of a run.
    """
    arrays = snapshots[-1]
    classes, probability = arrays["query_class"], arrays["probability"]  # (Q,), (S + 1, Q, n_way)
    # All are equally likely before the first inner step, when the head is zero.
    decided = probability.max(-1) - probability.min(-1) > DECIDED
    recognised = decided & (probability.argmax(-1) == classes)  # (S + 1, Q)
    n_way = probability.shape[-1]
    support = _side_by_side(arrays["support"][:n_way])
    ink, hue = [], []
    for is_right in recognised:
        rows = [support, np.zeros((8, support.shape[1]), np.uint8)]
        lit = [np.zeros_like(row) for row in rows]
        for place in range(ROWS):
            chosen = [np.flatnonzero(classes == c)[place] for c in range(n_way)]
            shown = np.where(is_right[chosen], 255, DIM)[:, None, None] / 255
            rows.append(_side_by_side((arrays["query"][chosen] * shown).astype(np.uint8)))
            colours = np.broadcast_to(is_right[chosen, None, None], (n_way, 28, 28))
            lit.append(_side_by_side(colours))
        ink.append(np.concatenate(rows))
        hue.append(np.concatenate(lit))
    return picture_frames(np.stack(ink), np.stack(hue), seconds=0.9, hold=3)


def _side_by_side(pictures: np.ndarray) -> np.ndarray:
    """Pictures (N, 28, 28) in a row with gaps: uint8 (28, N * (28 + GAP) - GAP)."""
    padded = np.pad(pictures.astype(np.uint8), ((0, 0), (0, 0), (0, GAP)))
    return np.concatenate(list(padded), axis=1)[:, :-GAP]
