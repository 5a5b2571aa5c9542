"""Measures of what adaptation does to a network: how far its layers move, how much its
representation changes, and the plane in which its parameters move.

They take plain tensors; `core.methods.few_shot.analysis` computes those from a learner.
"""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.errors import GlimpseError


@dataclass(frozen=True)
class Movement:
    """How far L layers of T tasks are from the initialisation, after each of S inner steps.

    A layer is the vector of all its parameters. squared is its squared distance from the
    initialisation (T, S, L), initial the squared length of the initialisation (L,).
    """

    layers: tuple[str, ...]
    squared: Tensor
    initial: Tensor

    @property
    def relative(self) -> Tensor:
        """||theta_s - theta_0|| / ||theta_0|| (T, S, L); NaN where theta_0 is zero."""
        ratio = self.squared.sqrt() / self.initial.sqrt()
        return torch.where(self.initial > 0, ratio, math.nan)

    @property
    def share(self) -> Tensor:
        """Each layer's share of the squared distance of all layers together (T, S, L)."""
        return self.squared / self.squared.sum(-1, keepdim=True)


def linear_cka(first: Tensor, second: Tensor) -> Tensor:
    """How alike two representations of the same N inputs are, 0 to 1: (..., N, D) each to (...).

    Kornblith et al., "Similarity of Neural Network Representations Revisited" (2019), section 3:
    HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) with K = X Xᵀ and L = Y Yᵀ. It does not change when
    either is rotated or scaled. NaN where all inputs have the same representation.
    """
    grams = [_centred_gram(x) for x in (first, second)]
    between, of_first, of_second = (
        (grams[i] * grams[j]).sum((-2, -1)) for i, j in ((0, 1), (0, 0), (1, 1))
    )
    return between / (of_first * of_second).sqrt()


def _centred_gram(x: Tensor) -> Tensor:
    """The inner products (..., N, N) of N rows less their mean."""
    centred = x - x.mean(-2, keepdim=True)
    return (centred @ centred.mT).double()


@dataclass(frozen=True)
class Plane:
    """The plane of the two principal directions of a path of parameters (S + 1, P).

    Li et al., "Visualizing the Loss Landscape of Neural Nets" (2018), section 7.
    """

    middle: Tensor  # (P,) the mean of the path
    directions: Tensor  # (2, P), orthonormal
    share: float  # of the path's variance that lies in the plane

    def coordinates(self, points: Tensor) -> Tensor:
        """Points (N, P) projected onto the plane: (N, 2)."""
        return (points - self.middle) @ self.directions.mT

    def points(self, coordinates: Tensor) -> Tensor:
        """The parameters (N, P) at coordinates (N, 2) of the plane."""
        return self.middle + coordinates @ self.directions


def principal_plane(path: Tensor) -> Plane:
    """The plane of a path (S + 1, P) of at least three points.

    The sign of a principal direction is arbitrary. Here the first points from the beginning of the
    path to its end, and the middle of the path has a second coordinate of at most 0. Raises
    GlimpseError for a path with values that are not finite.
    """
    if not path.isfinite().all():
        raise GlimpseError(
            "The inner steps diverge, so that there is no path to show: choose a "
            "smaller inner learning rate."
        )
    middle = path.mean(0)
    _, values, directions = torch.linalg.svd(path - middle, full_matrices=False)
    variance = values.square()
    plane = Plane(middle, directions[:2], float(variance[:2].sum() / variance.sum()))
    along = plane.coordinates(path)
    backwards = torch.stack([along[-1, 0] < along[0, 0], along[len(path) // 2, 1] > 0])
    return replace(plane, directions=torch.where(backwards[:, None], -1, 1) * plane.directions)


def grid_around(points: Tensor, shape: tuple[int, int], margin: float) -> tuple[Tensor, Tensor]:
    """x and y of a grid of `shape` columns and rows around points (N, 2), equally spaced in both.

    `margin` is the space on each side of the points, as a share of their extent.
    """
    low, high = points.amin(0), points.amax(0)
    columns, rows = shape
    needed = (1 + 2 * margin) * (high - low) / points.new_tensor([columns - 1, rows - 1])
    x, y = (
        middle + needed.max() * (torch.arange(count).to(points) - (count - 1) / 2)
        for middle, count in zip((low + high) / 2, shape, strict=True)
    )
    return x, y


@dataclass(frozen=True)
class GradientParts:
    """The length of a meta-gradient and of its first- and second-order parts, which add up to it.

    `angle`, in degrees, is between the whole and its first-order part.
    """

    whole: float
    first_order: float
    second_order: float
    angle: float


def gradient_parts(whole: Tensor, first_order: Tensor) -> GradientParts:
    """The parts of a meta-gradient (P,), given its first-order part (P,)."""
    whole, first_order = whole.double(), first_order.double()
    length, first_length = float(whole.norm()), float(first_order.norm())
    cosine = float(whole @ first_order) / (length * first_length)
    angle = math.degrees(math.acos(min(1.0, max(-1.0, cosine))))
    return GradientParts(length, first_length, float((whole - first_order).norm()), angle)
