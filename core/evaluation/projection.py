"""Projections of frames to two or three dimensions, aligned so that successive frames move little.

In numpy, so that pages can lay out recorded frames without importing torch.
"""

import numpy as np

POWER_ITERATIONS = 6
OVERSAMPLING = 16


def principal_components(features: np.ndarray, n_components: int) -> np.ndarray:
    """The first principal components (N, n_components) of (N, D) features, largest first.

    By randomised subspace iteration (Halko, Martinsson & Tropp 2011, algorithm 4.4) from a fixed
    initialisation: the same features give the same components.
    """
    centred = features - features.mean(axis=0)
    n_probes = min(n_components + OVERSAMPLING, *centred.shape)
    start = np.random.default_rng(0).standard_normal((centred.shape[1], n_probes))
    basis, _ = np.linalg.qr(centred @ start.astype(centred.dtype))
    for _ in range(POWER_ITERATIONS):
        basis, _ = np.linalg.qr(centred @ (centred.T @ basis))  # (N, n_probes)
    left, values, _ = np.linalg.svd(basis.T @ centred, full_matrices=False)
    return np.asarray((basis @ left * values)[:, :n_components])


def procrustes_rotation(points: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The orthogonal (D, D) matrix R for which points @ R is nearest to target, both (N, D).

    Schönemann 1966: R = U Vᵀ with U S Vᵀ = pointsᵀ target. Reflections are allowed, because the
    sign of a principal component is arbitrary.
    """
    left, _, right = np.linalg.svd(points.T @ target)
    return np.asarray(left @ right)


def align_frames(frames: list[np.ndarray]) -> list[np.ndarray]:
    """Centres and scales each frame (N, D), and rotates it onto the previous one."""
    turns = Turns()
    for place, frame in enumerate(frames):
        turns.add(place, frame)
    return [turns.turned(place, frame) for place, frame in enumerate(frames)]


def aligned_components(frames: np.ndarray, axes: int) -> np.ndarray:
    """The first principal components (F, N, axes) of frames (F, N, D), aligned to each other."""
    return np.stack(align_frames(list(frames[:, :, :axes])))


def align(frame: np.ndarray, previous: np.ndarray | None) -> np.ndarray:
    """Normalises one frame (N, D) and rotates it onto `previous`, if there is one."""
    points = normalise(frame)
    return points if previous is None else points @ procrustes_rotation(points, previous)


def normalise(frame: np.ndarray) -> np.ndarray:
    """One frame (N, D), centred and scaled to mean squared radius 1."""
    centred = frame.astype(np.float64) - frame.mean(axis=0, dtype=np.float64)
    radius = np.sqrt(np.square(centred).sum(axis=1).mean())
    return np.asarray(centred / max(radius, 1e-12))


class Turns:
    """The rotation of each frame of a growing run onto the previous frame.

    Stores only the rotations, (D, D) each, and the last frame. A frame's rotation never changes,
    whichever frames a film shows.
    """

    def __init__(self) -> None:
        self._turns: dict[int, np.ndarray] = {}
        self._last: np.ndarray | None = None

    def __contains__(self, step: int) -> bool:
        return step in self._turns

    def add(self, step: int, frame: np.ndarray) -> None:
        """Adds the next frame (N, D)."""
        points = normalise(frame)
        if self._last is None:
            turn = np.eye(frame.shape[1])
        else:
            turn = procrustes_rotation(points, self._last)
        self._turns[step] = turn
        self._last = points @ turn

    def turned(self, step: int, frame: np.ndarray) -> np.ndarray:
        """A frame (N, D) that was added at a step, normalised and rotated as by `align`."""
        return np.asarray(normalise(frame) @ self._turns[step])
