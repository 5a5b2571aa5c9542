"""Drawings of one's own, made into what the networks were trained on, and into a task.

A drawing is ink on paper of 105x105 pixels, as large as Omniglot's. Its strokes are thinned to
lines, which are centred and scaled as Omniglot's are, gone over with Omniglot's pen, and shrunk to
28x28 as Omniglot is. Where it was drawn, how large and with which pen makes no difference.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from core.data.episodes import Episodes
from core.data.images import SIDE, to_unit
from core.data.omniglot import ORIGINAL_SIDE, shrink
from core.errors import GlimpseError

# Measured on Omniglot's background characters, in pixels of its 105x105.
PEN = 5  # side of the square pen: every dot is one such square, most lines are as wide
SPAN = 67  # of the box around the ink, its longer side: the median is 68, and 67 has a middle pixel

UNKNOWN = -1  # label of a query of which nobody has said what it is
_BROAD = 7  # pixels: where ink is nowhere thinner than this it is an area, not a stroke
_CRUMB = 3  # pixels: what is nowhere as thick as this was left over by the eraser
_STRIDE = 2  # pixels between stamps of the pen: closer ones thicken slanted lines
# Row and column of the eight neighbours in a padded picture, clockwise from the north.
_RING = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))


def drawn_task(support: Sequence[np.ndarray], query: np.ndarray) -> Episodes:
    """One task (T = 1): the examples uint8 (K_c, 28, 28) of each class c, queries (Q, 28, 28).

    Classes may have different numbers of examples: those with fewer are repeated in turn until all
    have as many as the most. The inner loss is a mean over rows, so that with one row a drawing a
    class drawn thrice would weigh as three: the network answers with it whatever it is asked.
    (Omniglot, 5-way, inductive, one step: 96 % with one example each; three of one class make it
    60 % without repeating and 96 % with.) Nobody says what the queries are: their labels are
    UNKNOWN. Raises GlimpseError for fewer than two classes, a class without examples, no query.
    """
    if len(support) < 2:
        raise GlimpseError("There is nothing to tell apart yet: draw at least two symbols.")
    shots = [len(examples) for examples in support]
    if 0 in shots:
        number = shots.index(0) + 1
        raise GlimpseError(f"Symbol {number} has no drawing: draw it, or remove the symbol.")
    if len(query) == 0:
        raise GlimpseError("There is no query to answer: draw one of the symbols once more.")
    even = [np.resize(examples, (max(shots), SIDE, SIDE)) for examples in support]  # in turn
    return Episodes(
        support_x=to_unit(torch.from_numpy(np.concatenate(even)))[None],
        support_y=torch.arange(len(shots)).repeat_interleave(max(shots))[None],
        query_x=to_unit(torch.from_numpy(query))[None],
        query_y=torch.full((1, len(query)), UNKNOWN),
    )


def like_omniglot(ink: np.ndarray) -> np.ndarray:
    """A drawing bool (105, 105) as Omniglot would have it: uint8 (28, 28), ink = 255.

    Its box is centred, and its longer side becomes SPAN; a dot stays one. Raises GlimpseError for a
    drawing without ink.
    """
    edged = np.pad(ink, _CRUMB, mode="edge")  # a stroke that is half off the paper is no crumb
    ink = _grown(_worn(edged, _CRUMB), _CRUMB)[_CRUMB:-_CRUMB, _CRUMB:-_CRUMB]
    if not ink.any():
        raise GlimpseError("The drawing is empty: draw something, then lift the pen.")
    lines = thinned(ink) | _worn(ink, _BROAD)
    starts, ends = _links(lines)
    low, high = starts.min(0), starts.max(0)
    longer = int((high - low).max())
    scale = (SPAN - PEN) / longer if longer > PEN else 1.0  # a dot is no tiny line
    steps = np.linspace(0, 1, math.ceil(scale / _STRIDE) + 1)[:, None, None]
    points = starts + steps * (ends - starts) - (low + high) / 2  # (steps, links, 2)
    rows, columns = np.rint(points * scale + ORIGINAL_SIDE // 2).astype(int).reshape(-1, 2).T
    paper = np.zeros((ORIGINAL_SIDE, ORIGINAL_SIDE), bool)
    paper[rows, columns] = True
    picture: np.ndarray = shrink(_grown(paper, PEN)[None])[0]
    return picture


def thinned(ink: np.ndarray) -> np.ndarray:
    """Ink bool (H, W) worn down from all sides to lines one pixel wide, joined as it was.

    Guo and Hall, "Parallel thinning with two-subiteration algorithms" (1989), algorithm A1.
    """
    lines = np.pad(ink, 1)  # so that every pixel has eight neighbours
    inner = lines[1:-1, 1:-1]
    before = -1
    while before != (before := int(inner.sum())):
        inner &= ~_spare(lines, facing=0)  # north
        inner &= ~_spare(lines, facing=4)  # south
    return inner


def _spare(lines: np.ndarray, facing: int) -> np.ndarray:
    """Which pixels (H, W) of padded lines can go at once, from the sides that one looks at."""
    height, width = lines.shape[0] - 2, lines.shape[1] - 2
    ring = np.stack([  # (8, H, W), the neighbours clockwise from where one faces
        lines[row : row + height, column : column + width]
        for row, column in _RING[facing:] + _RING[:facing]
    ])  # fmt: skip
    pairs = ring | np.roll(ring, -1, axis=0)  # each neighbour with the next one
    crossings = (~ring[0::2] & pairs[1::2]).sum(0)  # pieces that the ring meets
    neighbours = np.minimum(pairs[0::2].sum(0), pairs[1::2].sum(0))
    first, second, third, fourth = ring[:4]
    kept = (first | second | ~fourth) & third
    spare: np.ndarray = (crossings == 1) & (neighbours >= 2) & (neighbours <= 3) & ~kept
    return spare


def _links(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each pair of neighbouring pixels lies, (L, 2) and (L, 2); a pixel is its own, too."""
    height, width = lines.shape
    padded = np.pad(lines, 1)
    starts, ends = [], []
    for step in ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1)):
        row, column = 1 + step[0], 1 + step[1]
        found = np.argwhere(lines & padded[row : row + height, column : column + width])
        starts.append(found)
        ends.append(found + step)
    return np.concatenate(starts), np.concatenate(ends)


def _grown(ink: np.ndarray, side: int) -> np.ndarray:
    """Ink bool (H, W) gone over with a square pen."""
    return np.asarray(_squares(ink, side).any((2, 3)))


def _worn(ink: np.ndarray, side: int) -> np.ndarray:
    """Where in bool (H, W) the whole square around a pixel is ink."""
    return np.asarray(_squares(ink, side).all((2, 3)))


def _squares(ink: np.ndarray, side: int) -> np.ndarray:
    """The square around each pixel: (H, W, side, side)."""
    return sliding_window_view(np.pad(ink, side // 2), (side, side))
