"""Masks over pictures, drawn for whole batches with their own parameters per sample.

A mask is float32 `(B, 1, H, W)`, **1 = visible, 0 = hidden**, everywhere in Glimpse.
"""

import math
from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from core.data.images import SIDE

MaskKind = Literal["random", "box", "strokes", "half", "quadrants", "stripes"]
ALL_KINDS: tuple[MaskKind, ...] = get_args(MaskKind)
MIXTURE_KINDS = ALL_KINDS[:4]  # the default mixture, and the kinds of the evaluation
Side = Literal["left", "right", "top", "bottom"]
SIDES: tuple[Side, ...] = get_args(Side)

_STROKES = 3  # brush strokes per mask
_DABS = 16  # dabs of the brush per stroke
_DAB_SPACING = 1.2  # pixels between two dabs, less than the brush's radius: strokes have no gaps
_BRUSH_RADIUS = (1.2, 2.4)  # pixels
_MAX_EXPONENT = 40.0  # beyond it exp(-x) is a denormal number, which is slow


def random_pixels(n: int, generator: Generator, hidden: tuple[float, float]) -> Tensor:
    """`(n, 1, 28, 28)` hiding an exact fraction of the pixels, drawn per sample in `hidden`.

    The pixels with the lowest noise are hidden, as in MAE (He et al. 2022, section 3). Sorting the
    noise with numpy to find the threshold is several times as fast as ranking it with torch. The
    index of a pixel in the last digits of its key breaks ties.
    """
    fraction = _uniform(n, hidden, generator)  # (n,)
    noise = torch.rand(n, SIDE * SIDE, generator=generator)
    keys = (noise * 2**24).long() * 1024 + torch.arange(SIDE * SIDE)  # 24 bits: all of the noise
    ordered = torch.from_numpy(np.sort(keys.numpy(), axis=1))
    ordered = F.pad(ordered, (0, 1), value=2**62)  # the threshold where all are hidden
    n_hidden = (fraction * SIDE * SIDE).round().long()[:, None]
    masks = keys >= ordered.gather(1, n_hidden)
    return masks.view(n, 1, SIDE, SIDE).float()


def box(n: int, generator: Generator, side: tuple[int, int] = (6, 20)) -> Tensor:
    """`(n, 1, 28, 28)` hiding one rectangle within the picture, with sides drawn in `side`."""
    low, high = side
    sides = torch.randint(low, high + 1, (n, 2), generator=generator)  # (n, height and width)
    start = (torch.rand(n, 2, generator=generator) * (SIDE - sides + 1)).long()
    line = torch.arange(SIDE)
    inside = (line >= start[..., None]) & (line < (start + sides)[..., None])  # (n, 2, 28)
    return _as_masks(inside[:, 0, :, None] & inside[:, 1, None, :])


def centre_box(n: int, side: int = 14) -> Tensor:
    """`(n, 1, 28, 28)` hiding a `side` x `side` box in the middle, the same for all."""
    masks = torch.ones(n, 1, SIDE, SIDE)
    start = (SIDE - side) // 2
    masks[..., start : start + side, start : start + side] = 0
    return masks


def strokes(n: int, generator: Generator) -> Tensor:
    """`(n, 1, 28, 28)` hiding a few brush strokes, with one width of the brush per mask.

    A stroke is a random walk whose direction drifts. Its dabs are separable Gaussians, so that the
    sum over all dabs of a mask is one batched matrix product. A pixel is hidden where the sum is
    above the value of a single dab at the brush's radius.
    """
    start = (0.15 + 0.7 * torch.rand(n, _STROKES, 1, 2, generator=generator)) * SIDE
    heading = torch.rand(n, _STROKES, 1, generator=generator) * 2 * torch.pi
    drift = torch.randn(n, _STROKES, _DABS, generator=generator).cumsum(dim=2)
    angle = heading + 0.1 * drift.cumsum(dim=2)
    walk = torch.stack([angle.cos(), angle.sin()], dim=-1).cumsum(dim=2) * _DAB_SPACING
    dabs = (start + walk).flatten(1, 2)  # (n, strokes * dabs, 2)
    scale = math.sqrt(2) / _uniform(n, _BRUSH_RADIUS, generator)[:, None, None]
    pixel = (torch.arange(SIDE) + 0.5) * scale  # (n, 1, 28)
    rows, columns = (  # each (n, dabs, 28); exp(-2) at the brush's radius
        (pixel - (scale * dabs)[..., axis, None]).square_().clamp_max_(_MAX_EXPONENT).neg_().exp_()
        for axis in (0, 1)
    )
    return _as_masks(rows.mT @ columns > math.exp(-2))


def half(n: int, generator: Generator, sides: Sequence[Side] = SIDES) -> Tensor:
    """`(n, 1, 28, 28)` hiding the left, right, upper or lower half, drawn per sample in `sides`."""
    near = (torch.arange(SIDE) < SIDE // 2).expand(SIDE, SIDE)
    halves = {"left": near, "right": ~near, "top": near.T, "bottom": ~near.T}
    chosen = torch.stack([halves[side] for side in sides])
    return _as_masks(chosen[torch.randint(len(sides), (n,), generator=generator)])


def quadrants(n: int, generator: Generator, hidden: tuple[int, int] = (1, 3)) -> Tensor:
    """`(n, 1, 28, 28)` hiding random quarters of the picture, `hidden` of them, per sample."""
    low, high = hidden
    count = torch.randint(low, high + 1, (n, 1), generator=generator)
    rank = torch.rand(n, 4, generator=generator).argsort(dim=1).argsort(dim=1)
    quarter = (rank < count).view(n, 2, 2)
    half_side = SIDE // 2
    return _as_masks(quarter.repeat_interleave(half_side, 1).repeat_interleave(half_side, 2))


def stripes(n: int, generator: Generator, width: tuple[int, int] = (2, 5)) -> Tensor:
    """`(n, 1, 28, 28)` hiding every other stripe; width, direction and offset per sample."""
    low, high = width
    widths = torch.randint(low, high + 1, (n, 1), generator=generator)
    start = (torch.rand(n, 1, generator=generator) * 2 * widths).long()
    line = ((torch.arange(SIDE) + start) // widths % 2 == 0)[:, None].expand(n, SIDE, SIDE)
    lies = torch.rand(n, 1, 1, generator=generator) < 0.5
    return _as_masks(torch.where(lies, line.mT, line))


def draw(kind: MaskKind, n: int, generator: Generator, hidden: tuple[float, float]) -> Tensor:
    """`(n, 1, 28, 28)` masks of one kind; `hidden` is the range of the fraction for `random`."""
    if kind == "random":
        return random_pixels(n, generator, hidden)
    others: dict[str, Callable[[int, Generator], Tensor]] = {
        "box": box,
        "strokes": strokes,
        "half": half,
        "quadrants": quadrants,
        "stripes": stripes,
    }
    return others[kind](n, generator)


def mixture(
    n: int,
    generator: Generator,
    hidden: tuple[float, float],
    revealed: float = 0.0,
    kinds: Sequence[MaskKind] = MIXTURE_KINDS,
) -> Tensor:
    """`(n, 1, 28, 28)` masks whose kind is drawn per sample, with all `kinds` equally likely.

    A share `revealed` of them is partly visible again, like the masks of a completion that is
    sampled in steps.
    """
    drawn = torch.randint(len(kinds), (n,), generator=generator)
    masks = torch.empty(n, 1, SIDE, SIDE)
    for index, kind in enumerate(kinds):
        chosen = drawn == index
        masks[chosen] = draw(kind, int(chosen.sum()), generator, hidden)
    return partly_revealed(masks, generator, revealed) if revealed else masks


def partly_revealed(masks: Tensor, generator: Generator, share: float) -> Tensor:
    """Makes a random fraction of the hidden pixels visible in a random share of the masks.

    A mask that would hide nothing afterwards stays as it is.
    """
    n = len(masks)
    chosen = torch.rand(n, 1, 1, 1, generator=generator) < share
    fraction = torch.rand(n, 1, 1, 1, generator=generator)
    revealed = chosen & (torch.rand(masks.shape, generator=generator) < fraction)
    partly = torch.maximum(masks, revealed.float())
    leaves_some = (partly == 0).flatten(1).any(dim=1)[:, None, None, None]
    return torch.where(leaves_some, partly, masks)


def held_out_masks(kind: MaskKind, n: int, generator: Generator) -> Tensor:
    """The masks of the evaluation. Boxes are 14x14, random masks hide 75 % of the pixels."""
    if kind == "box":
        return box(n, generator, side=(14, 14))
    return draw(kind, n, generator, (0.75, 0.75))


def conceal(pictures: Tensor, masks: Tensor) -> Tensor:
    """The pictures with all hidden pixels at 0, even those that were nan or infinite."""
    return torch.where(masks > 0.5, pictures, 0.0)


def paste(pictures: Tensor, completions: Tensor, masks: Tensor) -> Tensor:
    """The visible pixels of `pictures` and the hidden pixels of `completions`."""
    return torch.where(masks > 0.5, pictures, completions)


def _as_masks(hidden: Tensor) -> Tensor:
    """bool (n, 28, 28), true where a pixel is hidden, to masks (n, 1, 28, 28), 1 = visible."""
    return (~hidden).unsqueeze(1).float()


def _uniform(n: int, bounds: tuple[float, float], generator: Generator) -> Tensor:
    low, high = bounds
    return low + (high - low) * torch.rand(n, generator=generator)
