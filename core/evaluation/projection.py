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
    aligned: list[np.ndarray] = []
    for frame in frames:
        aligned.append(align(frame, aligned[-1] if aligned else None))
    return aligned


def aligned_components(frames: np.ndarray, axes: int) -> np.ndarray:
    """The first principal components (F, N, axes) of frames (F, N, D), turned onto each other."""
    return np.stack(align_frames(list(frames[:, :, :axes])))


def align(frame: np.ndarray, previous: np.ndarray | None) -> np.ndarray:
    """One frame (N, D), centred, of mean squared radius 1, turned onto `previous` if there is."""
    centred = frame.astype(np.float64) - frame.mean(axis=0, dtype=np.float64)
    radius = np.sqrt(np.square(centred).sum(axis=1).mean())
    centred = centred / max(radius, 1e-12)
    if previous is None:
        return np.asarray(centred)
    return np.asarray(centred @ procrustes_rotation(centred, previous))
