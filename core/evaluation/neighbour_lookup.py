"""Nearest neighbours among the points of each frame.

In numpy, on the coordinates in snapshots, so that pages answer a click without importing torch.
"""

import numpy as np

N_NEAREST = 8  # neighbours that a page shows


def nearest_to(point: int, points: np.ndarray, k: int = N_NEAREST) -> np.ndarray:
    """The k of points (N, D) nearest to one of them, without itself, nearest first: (k,).

    By Euclidean distance, which orders vectors of unit length as the cosine does.
    """
    return nearest_in(points[point], points, k, without=point)


def nearest_in(
    place: np.ndarray, points: np.ndarray, k: int = N_NEAREST, without: int | None = None
) -> np.ndarray:
    """The k of points (N, D) nearest to a place (D,), nearest first: (k,)."""
    distances = np.square(points.astype(np.float32) - place.astype(np.float32)).sum(axis=1)
    if without is not None:
        distances[without] = np.inf
    return np.asarray(np.argsort(distances, kind="stable")[:k])


def nearest_over_time(point: int, frames: np.ndarray, k: int = N_NEAREST) -> np.ndarray:
    """The nearest neighbours of a point in each frame (F, N, D): (F, k)."""
    return np.stack([nearest_to(point, frame, k) for frame in frames])


def nearest_labels(frame: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The label (N,) of each point's nearest neighbour in a frame (N, D)."""
    points = frame.astype(np.float32)
    squares = np.square(points).sum(axis=1)
    nearness = 2 * points @ points.T - squares  # -|i - j|² + |i|²: same order in row i
    np.fill_diagonal(nearness, -np.inf)
    return np.asarray(labels[nearness.argmax(axis=1)])


def most_changed(first: np.ndarray, last: np.ndarray, labels: np.ndarray) -> int:
    """The point that gained most neighbours of its label from the first to the last frame (N, D).

    The first of them where there are ties.
    """
    gains = [
        np.count_nonzero(labels[nearest_to(point, last)] == label)
        - np.count_nonzero(labels[nearest_to(point, first)] == label)
        for point, label in enumerate(labels)
    ]
    return int(np.argmax(gains))


def unit_pixels(pictures: np.ndarray) -> np.ndarray:
    """Pictures uint8 (N, H, W) as vectors (N, H * W) of length 1; a blank one stays 0."""
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(flat / np.maximum(lengths, 1e-12))
