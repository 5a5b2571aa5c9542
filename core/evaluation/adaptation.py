"""What adaptation does to a network: how far its layers move, how its representation turns, and
along which path its parameters go.

Pure measurement, of tensors: whose they are, `core.methods.few_shot.analysis` knows.
"""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.errors import GlimpseError


@dataclass(frozen=True)
class Movement:
    """How far L layers of T tasks are from where they started, after each of S inner steps.

    A layer is one long vector of all its tensors. squared is the squared distance (T, S, L), start
    the squared length at the start (L,).
    """

    layers: tuple[str, ...]
    squared: Tensor
    start: Tensor

    @property
    def relative(self) -> Tensor:
        """||theta_s - theta_0|| / ||theta_0|| (T, S, L); NaN for a layer that starts at zero."""
        ratio = self.squared.sqrt() / self.start.sqrt()
        return torch.where(self.start > 0, ratio, math.nan)

    @property
    def share(self) -> Tensor:
        """Each layer's share of the squared distance that all layers went together (T, S, L)."""
        return self.squared / self.squared.sum(-1, keepdim=True)


def linear_cka(first: Tensor, second: Tensor) -> Tensor:
    """How alike two representations of the same N inputs are, 0 to 1: (..., N, D) each to (...).

    Kornblith et al., "Similarity of Neural Network Representations Revisited" (2019), section 3:
    HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) with K = X Xᵀ and L = Y Yᵀ. No rotation and no scaling
    of either changes it. NaN where all inputs are represented alike.
    """
    grams = [_centred_gram(x) for x in (first, second)]
    together, alone, alone_too = (
        (grams[i] * grams[j]).sum((-2, -1)) for i, j in ((0, 1), (0, 0), (1, 1))
    )
    return together / (alone * alone_too).sqrt()


def _centred_gram(x: Tensor) -> Tensor:
    """The inner products (..., N, N) of N rows less their mean."""
    centred = x - x.mean(-2, keepdim=True)
    return (centred @ centred.mT).double()


@dataclass(frozen=True)
class Plane:
    """The plane on which a path of parameters (S + 1, P) is seen best: its principal directions.

    Li et al., "Visualizing the Loss Landscape of Neural Nets" (2018), section 7.
    """

    middle: Tensor  # (P,) the mean of the path
    directions: Tensor  # (2, P) of length 1, at right angles
    share: float  # of the path's variance that lies in the plane

    def coordinates(self, points: Tensor) -> Tensor:
        """Where the feet of points (N, P) are on the plane: (N, 2)."""
        return (points - self.middle) @ self.directions.mT

    def points(self, coordinates: Tensor) -> Tensor:
        """The parameters (N, P) at places (N, 2) of the plane."""
        return self.middle + coordinates @ self.directions


def principal_plane(path: Tensor) -> Plane:
    """The plane of a path (S + 1, P) of at least three points.

    A principal direction has no sign of its own: the first is turned to lead from the start to the
    end, the second so that the middle of the path lies below the plane's. Raises GlimpseError for a
    path that leaves the finite numbers.
    """
    if not path.isfinite().all():
        raise GlimpseError(
            "The inner steps leave the finite numbers, so that there is no path to show: take a "
            "smaller inner learning rate."
        )
    middle = path.mean(0)
    _, values, directions = torch.linalg.svd(path - middle, full_matrices=False)
    variance = values.square()
    plane = Plane(middle, directions[:2], float(variance[:2].sum() / variance.sum()))
    places = plane.coordinates(path)
    backwards = torch.stack([places[-1, 0] < places[0, 0], places[len(path) // 2, 1] > 0])
    return replace(plane, directions=torch.where(backwards[:, None], -1, 1) * plane.directions)


def grid_around(points: Tensor, shape: tuple[int, int], margin: float) -> tuple[Tensor, Tensor]:
    """x and y of a grid of `shape` columns and rows, as far apart both ways, around points (N, 2).

    `margin` is what it leaves on each side, as a share of what the points take.
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
    """A meta-gradient's length, those of its first- and second-order parts, and their angle.

    The second-order part is what the first-order one leaves out, so that the three are the sides of
    a triangle. `angle`, in degrees, is between the whole and its first-order part.
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
