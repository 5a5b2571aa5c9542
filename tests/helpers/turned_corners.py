"""Four points that turn, for the film of points and its demo."""

import numpy as np

CORNERS = np.array([[-3.0, -1.0], [3.0, -1.0], [3.0, 1.0], [-3.0, 1.0]])
IN_SPACE = np.array([[-3.0, -1, 2], [3, -1, 2], [3, 1, -2], [-3, 1, -2]])
PALETTE = ["#ff0000", "#00ff00", "#0000ff", "#ff00ff"]
TURN = np.array([[0.0, -1.0], [1.0, 0.0]])


def turned_corners(n_frames: int) -> np.ndarray:
    """Four points that go a quarter turn a frame: (F, 4, 2)."""
    return np.stack([CORNERS @ np.linalg.matrix_power(TURN, i).T for i in range(n_frames)])
