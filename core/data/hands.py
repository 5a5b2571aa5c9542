"""Views of a character as if another hand had drawn it, for a whole batch at once.

Another hand turns, slants and stretches a character, puts it elsewhere, bends its lines, and holds
another pen. All but the pen is one map from a view's coordinates to the picture's, so that pictures
are resampled once. The bending is the smooth random displacement of Petrini, Favero, Geiger and
Wyart, "Relative stability toward diffeomorphisms indicates performance in deep nets" (2021,
equation 2): a sum of sines, whose random weights fall with their frequency, and which is zero at
the picture's edge. Pictures are (B, 1, H, W) in [0, 1] with ink = 1.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.data.pens import widened
from core.data.views import sampling_grid

WAVES = 4  # half waves of the highest sine along a side
_AFFINE = 6  # random numbers of a view for its affine map
DRAWS = _AFFINE + 1 + 2 * WAVES**2  # and for its pen, and its bending in x and in y
_MOST = 0.999  # share of the draws of a bend that are kept: an infinite one cannot be


@dataclass(frozen=True)
class Hand:
    """How far another hand may differ; 0 switches a difference off."""

    rotation: float = 5.0  # largest angle to either side, degrees
    slant: float = 5.0  # largest angle to either side, degrees
    stretch: float = 0.2  # width and height are multiplied by exp(± this)
    shift: float = 2.0  # pixels to either side, at most
    bend: float = 1.0  # root mean square of the displacement, pixels
    thin: float = 0.3  # pixels taken from either side of a line, at most 1
    thick: float = 0.5  # pixels added to either side of a line, at most 1


USUAL = Hand()  # chosen on Omniglot's validation characters: see `tests.benchmarks.hands`


def by_another_hand(images: Tensor, generator: torch.Generator, hand: Hand = USUAL) -> Tensor:
    """One random view of each of (B, 1, H, W) pictures, all randomness from a CPU `generator`.

    A view depends on its own random numbers alone, not on how many views there are.
    """
    draws = torch.rand(len(images), DRAWS, generator=generator).to(images.device)
    affine, pen, waves = torch.split(draws, [_AFFINE, 1, 2 * WAVES**2], 1)
    height, width = images.shape[-2:]
    grid = sampling_grid(affine_maps(affine, hand, width), height, width)
    grid = grid + displacements(waves, hand.bend, height, width)
    moved = F.grid_sample(images, grid, mode="bilinear", align_corners=False)
    return widened(moved, pen[:, 0] * (hand.thin + hand.thick) - hand.thin)


def affine_maps(draws: Tensor, hand: Hand, side: int) -> Tensor:
    """(B, 2, 3) maps from a view's coordinates to the picture's, both in [-1, 1]; draws (B, 6)."""
    angle, slant, wide, high, right, down = (2 * draws - 1).unbind(1)
    angle = (hand.rotation * angle).deg2rad()
    slant = (hand.slant * slant).deg2rad().tan()
    wide, high = (hand.stretch * wide).exp(), (hand.stretch * high).exp()
    shift = 2 * hand.shift / side
    cos, sin = angle.cos(), angle.sin()
    row_x = torch.stack([wide * cos, wide * (cos * slant - sin), shift * right], 1)
    row_y = torch.stack([high * sin, high * (sin * slant + cos), shift * down], 1)
    return torch.stack([row_x, row_y], 1)


def displacements(draws: Tensor, bend: float, height: int, width: int) -> Tensor:
    """(B, H, W, 2) displacements in x and y, in [-1, 1] coordinates, for draws (B, 2 * WAVES²).

    Their root mean square over pictures and places is `bend` pixels.
    """
    normal = math.sqrt(2) * torch.erfinv(_MOST * (2 * draws - 1))
    weights = normal.view(-1, 2, WAVES, WAVES) * _amplitudes(bend).to(draws)
    across, down = _sines(width).to(draws), _sines(height).to(draws)
    pixels = down @ weights @ across.T  # (B, 2, H, W)
    scale = torch.tensor([2 / width, 2 / height]).to(draws)
    return pixels.permute(0, 2, 3, 1) * scale


def _amplitudes(bend: float) -> Tensor:
    """(WAVES, WAVES): the standard deviation of each pair of sines, which falls with frequency."""
    waves = torch.arange(1, WAVES + 1)
    amplitudes = (waves.square()[:, None] + waves.square()).rsqrt()
    mean_square = amplitudes.square().sum() / 4  # that of a product of two sines is a quarter
    return bend * amplitudes / mean_square.sqrt()


def _sines(side: int) -> Tensor:
    """(side, WAVES): each sine at the pixel centres, zero at the picture's edges."""
    places = (torch.arange(side) + 0.5) / side
    return (math.pi * places[:, None] * torch.arange(1, WAVES + 1)).sin()
