"""Placement of a new point in a layout that was computed without it.

In numpy, like the layouts themselves (see `core.evaluation.projection`).
"""

import numpy as np

from core.evaluation.neighbour_lookup import N_NEAREST, nearest_in


def component_directions(features: np.ndarray, components: np.ndarray) -> np.ndarray:
    """The directions V (D, n) of principal components (N, n) of features (N, D).

    V = Xᵀ E / S² with the centred features X, the components E = X V and the squared lengths S² of
    the columns of E, because these are orthogonal and X Xᵀ E = E S².
    """
    centred = features - features.mean(axis=0)
    return np.asarray(centred.T @ components / np.square(components).sum(axis=0))


def place_linearly(point: np.ndarray, points: np.ndarray, layout: np.ndarray) -> np.ndarray:
    """The placement (d,) of a `point` (n,) in a layout (N, d) that is affine in points (N, n).

    Exact for layouts made by `align`, which centres, scales and rotates.
    """
    with_one = np.column_stack([points, np.ones(len(points))]).astype(np.float64)
    image, *_ = np.linalg.lstsq(with_one, layout.astype(np.float64))
    return np.asarray(np.append(point, 1.0) @ image)


def place_by_neighbours(
    point: np.ndarray, points: np.ndarray, layout: np.ndarray, k: int = N_NEAREST
) -> np.ndarray:
    """The placement (d,) of a `point` (n,): a mean of its k nearest `points` (N, n) in the layout.

    For layouts (N, d) without a formula, such as t-SNE's. Weights are 1 / squared distance.
    """
    nearest = nearest_in(point, points, k)
    weights = 1 / (np.square(points[nearest] - point).sum(axis=1) + 1e-9)
    return np.asarray(weights @ layout[nearest] / weights.sum())
