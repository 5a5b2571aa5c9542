"""t-SNE in steps, so that the layout of a frame can begin at that of the previous frame.

Van der Maaten & Hinton 2008, "Visualizing Data using t-SNE", in numpy. t-SNE keeps neighbours
together; distances between groups and the sizes of groups mean little.
"""

import numpy as np

PERPLEXITY = 30.0
NEIGHBOURS_PER_PERPLEXITY = 3  # affinities beyond them are negligible (van der Maaten 2014)
MOMENTUM = 0.8
STEPS_PER_FRAME = 20
INITIAL_SPREAD = 5.0  # about the final size of layouts of 1,000 points
BISECTIONS = 32
TINY = 1e-12  # avoids a division by 0 where all points coincide


def first_layout(components: np.ndarray) -> np.ndarray:
    """The initial layout (N, 2): the first two of the principal components (N, D), scaled."""
    plane = components[:, :2].astype(np.float32)
    return np.asarray(plane / max(plane[:, 0].std(), TINY) * INITIAL_SPREAD)


def next_layout(
    layout: np.ndarray, components: np.ndarray, steps: int = STEPS_PER_FRAME
) -> np.ndarray:
    """The layout (N, 2) after some steps towards that of these components (N, D)."""
    return descend(layout, affinities(components), steps)


def affinities(points: np.ndarray, perplexity: float = PERPLEXITY) -> np.ndarray:
    """The affinities (N, N) of points (N, D), symmetric, with sum 1.

    Section 2, equation 1, and section 3.1: the width of each point's Gaussian is chosen so that its
    neighbourhood has the given perplexity.
    """
    count = len(points)
    perplexity = min(perplexity, count / (NEIGHBOURS_PER_PERPLEXITY + 1))
    distances = squared_distances(points.astype(np.float32))
    distances /= max(distances.mean(), TINY)
    np.fill_diagonal(distances, np.inf)
    kept = int(NEIGHBOURS_PER_PERPLEXITY * perplexity)
    nearest = np.argpartition(distances, kept, axis=1)[:, :kept]  # (N, kept)
    conditional = np.zeros_like(distances)
    np.put_along_axis(
        conditional,
        nearest,
        neighbourhoods(np.take_along_axis(distances, nearest, axis=1), perplexity),
        axis=1,
    )
    joint = conditional + conditional.T
    return np.asarray(joint / joint.sum())


def neighbourhoods(distances: np.ndarray, perplexity: float) -> np.ndarray:
    """p(j | i) (N, K) of squared distances (N, K), with each row's width found by bisection."""
    low, high = np.full((2, len(distances), 1), [[[-10.0]], [[25.0]]], dtype=np.float32)
    distances = distances - distances.min(axis=1, keepdims=True)
    for _ in range(BISECTIONS):
        log_precision = (low + high) / 2
        exponents = distances * np.exp(log_precision)
        weights = np.exp(-exponents)
        total = weights.sum(axis=1, keepdims=True)
        entropy = np.log(total) + (weights * exponents).sum(axis=1, keepdims=True) / total
        is_wide = entropy > np.log(perplexity)
        low = np.where(is_wide, log_precision, low)
        high = np.where(is_wide, high, log_precision)
    return np.asarray(weights / total)


def gradient(layout: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """The gradient of KL(P || Q) by the layout (N, 2), for affinities P (N, N): equation 5."""
    kernel = 1 / (1 + squared_distances(layout))
    np.fill_diagonal(kernel, 0)
    force = (joint - kernel / kernel.sum()) * kernel
    return np.asarray(4 * (force.sum(axis=1, keepdims=True) * layout - force @ layout))


def descend(layout: np.ndarray, joint: np.ndarray, steps: int) -> np.ndarray:
    """The layout (N, 2) after some steps of gradient descent with momentum, from velocity 0."""
    rate = len(layout) / 12  # Belkina et al. 2019
    velocity = np.zeros_like(layout)
    for _ in range(steps):
        velocity = MOMENTUM * velocity - rate * gradient(layout, joint)
        layout = layout + velocity
    return layout


def squared_distances(points: np.ndarray) -> np.ndarray:
    """The squared distances (N, N) of all pairs of points (N, D), never negative."""
    squares = np.square(points).sum(axis=1)
    distances = squares[:, None] + squares - 2 * points @ points.T
    return np.asarray(np.maximum(distances, 0))
