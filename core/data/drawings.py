"""A person's drawings, normalised to look like Omniglot's, and few-shot tasks of them.

A drawing is 105x105 pixels, the size of Omniglot's. Its strokes are thinned to lines, which are
centred, scaled, drawn with a pen as wide as Omniglot's, and shrunk to 28x28. The position, the size
and the pen of the drawing make no difference.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import Tensor

from core.data.episodes import Episodes
from core.data.images import to_unit
from core.data.omniglot import ORIGINAL_SIDE, shrink
from core.errors import GlimpseError

# Measured on Omniglot's background characters, in pixels of its 105x105.
PEN = 5  # side of the square pen: a dot is one such square, and most lines are as wide
SPAN = 67  # longer side of the bounding box: the median is 68, and an odd number has a middle

UNKNOWN = -1  # label of a query whose class is not known
_AREA_WIDTH = 7  # pixels: ink at least as thick as this in all directions is a filled area
_SPECK_WIDTH = 3  # pixels: ink that is thinner than this was left over by the eraser
_STRIDE = 2  # pixels between two dots of the pen: with less, slanted lines get thicker
# Row and column offsets of the eight neighbours in a padded picture, clockwise from the top.
_RING = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))


def drawn_task(support: Sequence[np.ndarray], query: np.ndarray) -> Episodes:
    """One task (T = 1): the examples uint8 (K_c, 28, 28) of each class c, queries (Q, 28, 28).

    Classes may have different numbers of examples: the examples of smaller classes are repeated in
    turn until all classes have as many as the largest. The inner loss is a mean over rows: without
    repeating, a class with three drawings would have three times the weight, and the network would
    prefer it for every query. (Omniglot, 5-way, inductive, one step: 96 % with one example each;
    with three of one class, 60 % without repeating and 96 % with it.) The labels of the queries are
    UNKNOWN. Raises GlimpseError for fewer than two classes, a class without examples, or no query.
    """
    if len(support) < 2:
        raise GlimpseError("There is nothing to tell apart yet: draw at least two symbols.")
    shots = [len(examples) for examples in support]
    if 0 in shots:
        number = shots.index(0) + 1
        raise GlimpseError(f"Symbol {number} has no drawing: draw it, or remove the symbol.")
    if len(query) == 0:
        raise GlimpseError("There is no query to answer: draw one of the symbols once more.")
    examples = [to_unit(torch.from_numpy(each)) for each in support]
    return task_of(examples, to_unit(torch.from_numpy(query)))


def task_of(support: Sequence[Tensor], query: Tensor) -> Episodes:
    """`drawn_task` of pictures float32 in [0, 1]: (K_c, 1, 28, 28) of each class, (Q, 1, 28, 28).

    There are two classes at least, and an example of each.
    """
    shots = max(map(len, support))
    balanced = [examples[torch.arange(shots) % len(examples)] for examples in support]  # in turn
    return Episodes(
        support_x=torch.cat(balanced)[None],
        support_y=torch.arange(len(support)).repeat_interleave(shots)[None].to(query.device),
        query_x=query[None],
        query_y=torch.full((1, len(query)), UNKNOWN).to(query.device),
    )


def like_omniglot(ink: np.ndarray) -> np.ndarray:
    """A drawing bool (105, 105), normalised to look like Omniglot's: uint8 (28, 28), ink = 255.

    The bounding box is centred and scaled so that its longer side is SPAN; a dot stays a dot.
    Raises GlimpseError for a drawing without ink.
    """
    ink = _without_specks(ink)
    if not ink.any():
        raise GlimpseError("The drawing is empty: draw something, then lift the pen.")
    lines = thinned(ink) | _eroded(ink, _AREA_WIDTH)
    starts, ends = _links(lines)
    low, high = starts.min(0), starts.max(0)
    longer = int((high - low).max())
    scale = (SPAN - PEN) / longer if longer > PEN else 1.0  # a dot stays as it is
    steps = np.linspace(0, 1, math.ceil(scale / _STRIDE) + 1)[:, None, None]
    points = starts + steps * (ends - starts) - (low + high) / 2  # (steps, links, 2)
    rows, columns = np.rint(points * scale + ORIGINAL_SIDE // 2).astype(int).reshape(-1, 2).T
    paper = np.zeros((ORIGINAL_SIDE, ORIGINAL_SIDE), bool)
    paper[rows, columns] = True
    picture: np.ndarray = shrink(_dilated(paper, PEN)[None])[0]
    return picture


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """Ink bool (H, W) less all that is thinner than `_SPECK_WIDTH`: a morphological opening."""
    side = _SPECK_WIDTH
    edged = np.pad(ink, side, mode="edge")  # keeps strokes that are half outside the picture
    return _dilated(_eroded(edged, side), side)[side:-side, side:-side]


def thinned(ink: np.ndarray) -> np.ndarray:
    """Ink bool (H, W) thinned to connected lines one pixel wide.

    Guo and Hall, "Parallel thinning with two-subiteration algorithms" (1989), algorithm A1.
    """
    lines = np.pad(ink, 1)  # so that every pixel has eight neighbours
    inner = lines[1:-1, 1:-1]
    before = -1
    while before != (before := int(inner.sum())):
        inner &= ~_removable(lines, first=0)  # from the top
        inner &= ~_removable(lines, first=4)  # from the bottom
    return inner


def _removable(lines: np.ndarray, first: int) -> np.ndarray:
    """Which pixels (H, W) of padded lines one subiteration removes.

    `first` is the neighbour in `_RING` from which the paper's p2, p3, ... are counted.
    """
    height, width = lines.shape[0] - 2, lines.shape[1] - 2
    ring = np.stack([  # (8, H, W), the neighbours clockwise from `first`
        lines[row : row + height, column : column + width]
        for row, column in _RING[first:] + _RING[:first]
    ])  # fmt: skip
    pairs = ring | np.roll(ring, -1, axis=0)  # each neighbour with the next one
    crossings = (~ring[0::2] & pairs[1::2]).sum(0)  # connected pieces in the ring
    neighbours = np.minimum(pairs[0::2].sum(0), pairs[1::2].sum(0))
    p2, p3, p4, p5 = ring[:4]
    kept = (p2 | p3 | ~p5) & p4
    removable: np.ndarray = (crossings == 1) & (neighbours >= 2) & (neighbours <= 3) & ~kept
    return removable


def _links(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions (L, 2) and (L, 2) of all pairs of neighbouring pixels, and of each with itself."""
    height, width = lines.shape
    padded = np.pad(lines, 1)
    starts, ends = [], []
    for step in ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1)):
        row, column = 1 + step[0], 1 + step[1]
        found = np.argwhere(lines & padded[row : row + height, column : column + width])
        starts.append(found)
        ends.append(found + step)
    return np.concatenate(starts), np.concatenate(ends)


def _dilated(ink: np.ndarray, side: int) -> np.ndarray:
    """Ink bool (H, W) where any pixel of the square around it is ink."""
    return np.asarray(_squares(ink, side).any((2, 3)))


def _eroded(ink: np.ndarray, side: int) -> np.ndarray:
    """Ink bool (H, W) where all pixels of the square around it are ink."""
    return np.asarray(_squares(ink, side).all((2, 3)))


def _squares(ink: np.ndarray, side: int) -> np.ndarray:
    """The square around each pixel: (H, W, side, side)."""
    return sliding_window_view(np.pad(ink, side // 2), (side, side))
