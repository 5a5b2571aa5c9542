"""Made-up points whose groups are known."""

import numpy as np


def blobs(n: int = 90, spread: float = 0.3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three clouds in 6 dimensions."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    return 3 * np.eye(3, 6)[labels] + spread * rng.standard_normal((n, 6)), labels
