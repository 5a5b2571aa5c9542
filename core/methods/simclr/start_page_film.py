"""The Start page's film of SimCLR. Imports no torch."""

from collections.abc import Sequence

import numpy as np

from core.methods.start_page_film import Arrays, point_frames

POINTS = 400
HOLD = 16  # frames for which the last one is shown


def start_page_film(snapshots: Sequence[Arrays]) -> Arrays:
    """Digits in the plane, one colour per class, that form clusters over the snapshots of a run.

    `points` (F + hold, N, 2) uint16, `hue` (N,).
    """
    layouts = np.stack([arrays["layout"][:POINTS] for arrays in snapshots]).astype(np.float64)
    return point_frames(layouts, snapshots[0]["labels"][:POINTS] + 1, seconds=0.2, hold=HOLD)
