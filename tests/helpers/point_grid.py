"""A grid of points to pick from, for the tests of picking and their demo."""

import numpy as np

SIDE = 10  # points a row
STEPS = (0, 100, 200)
FIRST = 44  # the point that is picked at first
LABELS = np.arange(SIDE**2) % 4


def grid() -> np.ndarray:
    """Points on a grid, (100, 2), row by row from the bottom left."""
    rows, columns = np.divmod(np.arange(SIDE**2), SIDE)
    return np.stack([columns, rows], axis=1) - (SIDE - 1) / 2


def features(n_frames: int = 3) -> np.ndarray:
    """(F, 100, 5): unrelated from frame to frame and to where the points lie."""
    return np.random.default_rng(0).normal(size=(n_frames, SIDE**2, 5)).astype(np.float32)


def pictures() -> np.ndarray:
    """(100, 4, 4): each point's picture has its own grey."""
    grey = 2 * np.arange(SIDE**2, dtype=np.uint8) + 50
    return np.broadcast_to(grey[:, None, None], (SIDE**2, 4, 4)).copy()


def pixels() -> np.ndarray:
    """(100, 7)"""
    return np.random.default_rng(1).normal(size=(SIDE**2, 7)).astype(np.float32)
