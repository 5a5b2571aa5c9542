"""Where a new point lands in a plot that was made without it.

In numpy, see `core.evaluation.projection` for how the plots are made.
"""

import numpy as np

from core.evaluation.nearest_neighbours import N_NEAREST, nearest_in


def component_directions(features: np.ndarray, components: np.ndarray) -> np.ndarray:
    """The directions V (D, n) of principal components (N, n) of features (N, D).

    With the centred features X and components E = X V, of which the columns are orthogonal and
    X Xᵀ E = E S² (S² the squared lengths of E's columns), V = Xᵀ E / S².
    """
    centred = features - features.mean(axis=0)
    return np.asarray(centred.T @ components / np.square(components).sum(axis=0))


def place_linearly(place: np.ndarray, points: np.ndarray, layout: np.ndarray) -> np.ndarray:
    """Where `place` (n,) lands in a layout (N, d) that is a linear image of points (N, n), shifted.

    Exact: centring, scaling and turning, as `align` does, are such an image.
    """
    with_one = np.column_stack([points, np.ones(len(points))]).astype(np.float64)
    image, *_ = np.linalg.lstsq(with_one, layout.astype(np.float64))
    return np.asarray(np.append(place, 1.0) @ image)


def place_by_neighbours(
    place: np.ndarray, points: np.ndarray, layout: np.ndarray, k: int = N_NEAREST
) -> np.ndarray:
    """The mean of where the k nearest of `points` (N, n) lie in a layout (N, d), nearer ones more.

    For layouts without a formula, t-SNE's for example. The weight is 1 / squared distance.
    """
    nearest = nearest_in(place, points, k)
    weights = 1 / (np.square(points[nearest] - place).sum(axis=1) + 1e-9)
    return np.asarray(weights @ layout[nearest] / weights.sum())
