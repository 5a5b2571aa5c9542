"""From many dimensions to the few that a screen has, so that successive frames move little.

In numpy: pages lay out recorded frames without waiting for torch.
"""

import numpy as np

POWER_ITERATIONS = 6
OVERSAMPLING = 16


def principal_components(features: np.ndarray, n_components: int) -> np.ndarray:
    """The first principal components (N, n_components) of (N, D) features, largest first.

    By randomised subspace iteration (Halko, Martinsson & Tropp 2011, algorithm 4.4) from a fixed
    start: the same features give the same components.
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

    Schönemann 1966: R = U Vᵀ with U S Vᵀ = pointsᵀ target. Mirrors are allowed, for the sign of a
    principal component means nothing.
    """
    left, _, right = np.linalg.svd(points.T @ target)
    return np.asarray(left @ right)


def align_frames(frames: list[np.ndarray]) -> list[np.ndarray]:
    """Each frame (N, D) centred, scaled to one size, and turned onto the frame before it."""
    turns = Turns()
    for place, frame in enumerate(frames):
        turns.add(place, frame)
    return [turns.turned(place, frame) for place, frame in enumerate(frames)]


def aligned_components(frames: np.ndarray, axes: int) -> np.ndarray:
    """The first principal components (F, N, axes) of frames (F, N, D), turned onto each other."""
    return np.stack(align_frames(list(frames[:, :, :axes])))


def align(frame: np.ndarray, previous: np.ndarray | None) -> np.ndarray:
    """One frame (N, D), centred, of mean squared radius 1, turned onto `previous` if there is."""
    points = of_one_size(frame)
    return points if previous is None else points @ procrustes_rotation(points, previous)


def of_one_size(frame: np.ndarray) -> np.ndarray:
    """One frame (N, D), centred, of mean squared radius 1."""
    centred = frame.astype(np.float64) - frame.mean(axis=0, dtype=np.float64)
    radius = np.sqrt(np.square(centred).sum(axis=1).mean())
    return np.asarray(centred / max(radius, 1e-12))


class Turns:
    """How each frame of a run is turned onto the one before it, however many come.

    Only the turns are kept, (D, D) each, and the last frame: a frame stays as it was turned, though
    a film shows but some of them.
    """

    def __init__(self) -> None:
        self._turns: dict[int, np.ndarray] = {}
        self._last: np.ndarray | None = None

    def __contains__(self, step: int) -> bool:
        return step in self._turns

    def add(self, step: int, frame: np.ndarray) -> None:
        """The next frame (N, D)."""
        points = of_one_size(frame)
        if self._last is None:
            turn = np.eye(frame.shape[1])
        else:
            turn = procrustes_rotation(points, self._last)
        self._turns[step] = turn
        self._last = points @ turn

    def turned(self, step: int, frame: np.ndarray) -> np.ndarray:
        """A frame (N, D) that was added at a step, as `align` turns it."""
        return np.asarray(of_one_size(frame) @ self._turns[step])
