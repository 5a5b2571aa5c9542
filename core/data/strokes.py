"""Strokes: any number of generated characters, for machines without a data set.

A class is a character of one to four spline strokes; an instance is that character in one
handwriting: its strokes are bent and shifted a little, the whole is rotated, stretched and slanted,
and the width of the pen varies. A picture is a function of two seeds, its class and its instance.
"""

import math
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from core.data.hashing import mix, normal, uniform
from core.data.images import SIDE
from core.data.stroke_shapes import KNOTS, MAX_STROKES, POINTS, Characters, characters_of

_SPLITS = ("train", "validation", "test")
_CHUNK = 64  # pictures drawn at a time, which fit the cache of a core
_BENDS = 3  # random displacements along a stroke; the knots in between are interpolated

# Standard deviations between one handwriting and another.
_ROTATION = 0.09  # radians
_STRETCH = 0.10  # of the logarithm of width and of height
_SLANT = 0.12
_SHIFT = 1.2  # pixels, of the whole character
_STROKE_SHIFT = 0.9  # pixels, of a stroke
_BEND = 0.8  # pixels
_PEN = (1.2, 1.7)  # width in pixels
_MARGIN = 1.0  # pixels between the ink and the edge
_MIN_EXPONENT = -30.0  # lower ones give denormal numbers, which are 5 times slower
_BLUR = 0.5  # pixels: standard deviation of the pen's tip on paper


def stroke_classes(split: Literal["train", "validation", "test"], n: int) -> Tensor:
    """The first n class seeds int64 (n,) of a split; splits never share a seed."""
    return torch.arange(n) * len(_SPLITS) + _SPLITS.index(split)


def render_strokes(classes: Tensor, instances: Tensor) -> Tensor:
    """Every class (C,) in every instance (M,), int64 seeds, as uint8 (C, M, 28, 28), ink = 255."""
    characters = characters_of(classes)
    of_class = torch.arange(len(classes), device=classes.device).repeat_interleave(len(instances))
    keys = mix(mix(classes)[:, None] ^ mix(mix(instances))).flatten()  # (C * M,)
    n_pictures = len(keys)
    # All chunks have one size, so that a picture is the same to the bit whatever else is drawn.
    padding = -n_pictures % _CHUNK
    of_class = F.pad(of_class, (0, padding))
    keys = F.pad(keys, (0, padding))
    chunks = zip(of_class.view(-1, _CHUNK), keys.view(-1, _CHUNK), strict=True)
    pictures = [_draw(characters, of_chunk, chunk_keys) for of_chunk, chunk_keys in chunks]
    drawn = torch.cat(pictures)[:n_pictures]
    return drawn.view(len(classes), len(instances), SIDE, SIDE)


def _draw(characters: Characters, of_class: Tensor, keys: Tensor) -> Tensor:
    """uint8 (B, 28, 28) of the characters with indices `of_class` (B,), one instance a key."""
    knots = _handwritten(characters.knots[of_class], keys).flatten(1, 2)  # (B, S * K, 2)
    near, weights = characters.near[of_class], characters.weights[of_class]  # (B, P, 4)
    corners = knots.gather(1, near.flatten(1)[..., None].expand(-1, -1, 2))
    points = (corners.view(-1, POINTS, 4, 2) * weights[..., None]).sum(2)  # (B, P, 2)
    low, high = _PEN
    width = low + (high - low) * uniform(keys + 5)
    return _splat(_inside(points), width * characters.spacing[of_class])


def _handwritten(knots: Tensor, keys: Tensor) -> Tensor:
    """Knots (B, S, K, 2) with the variations of one handwriting, in pixels of the picture."""
    bends = _BEND * normal(keys + 1, MAX_STROKES, _BENDS, 2)
    moved = _STROKE_SHIFT * normal(keys + 2, MAX_STROKES, 1, 2)
    knots = knots + _BEND_WEIGHTS.to(keys.device) @ bends + moved
    return (knots.flatten(1, 2) @ _affine(keys + 3)).view_as(knots) + _centre(keys + 4)


def _bend_weights() -> Tensor:
    """(K, bends): the weight of each displacement at each knot, by linear interpolation."""
    knot = torch.linspace(0, _BENDS - 1, KNOTS)[:, None]
    return (1 - (knot - torch.arange(_BENDS)).abs()).clamp(min=0)


_BEND_WEIGHTS = _bend_weights()


def _affine(keys: Tensor) -> Tensor:
    """(B, 2, 2): a small rotation, slant and stretch, multiplied from the right."""
    z = normal(keys, 4)
    angle, slant = _ROTATION * z[:, 0], _SLANT * z[:, 1]
    stretch = torch.exp(_STRETCH * z[:, 2:])  # (B, 2)
    cos, sin = angle.cos(), angle.sin()
    rows = [torch.stack([cos, sin], -1), torch.stack([slant * cos - sin, slant * sin + cos], -1)]
    return torch.stack(rows, 1) * stretch[:, None]


def _centre(keys: Tensor) -> Tensor:
    """(B, 1, 1, 2): the centre of the character, in pixels."""
    return (SIDE - 1) / 2 + _SHIFT * normal(keys, 1, 1, 2).clamp(-2, 2)


def _inside(points: Tensor) -> Tensor:
    """Points (B, P, 2), shifted together so that all lie inside the picture."""
    low, high = points.amin(1, keepdim=True), points.amax(1, keepdim=True)
    return points + (_MARGIN - low).clamp(min=0) - (high - (SIDE - 1 - _MARGIN)).clamp(min=0)


def _splat(points: Tensor, amount: Tensor) -> Tensor:
    """Ink uint8 (B, 28, 28) of points (B, P, 2), each a Gaussian with an `amount` (B,) of ink.

    A Gaussian is the product of one in x and one in y, so that the sum over points is a matrix
    product.
    """
    pixels = torch.arange(SIDE, device=points.device)
    squares = (points[..., None] - pixels).square_()  # (B, P, 2, 28)
    tips = squares.mul_(-0.5 / _BLUR**2).clamp_(min=_MIN_EXPONENT).exp_()
    density = tips[:, :, 1].transpose(1, 2) @ tips[:, :, 0]  # (B, 28 rows, 28 columns)
    scale = 255 * amount / (2 * math.pi * _BLUR**2)
    return density.mul_(scale[:, None, None]).clamp_(max=255).to(torch.uint8)
