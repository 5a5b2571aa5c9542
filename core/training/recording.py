"""Runs that come with Glimpse: run folders without checkpoints, and with fewer snapshots.

`core.makers.recording` makes one of a finished run.
"""

import numpy as np

from core.errors import GlimpseError
from core.paths import ASSETS
from core.training.run_folder import RunFolder

RECORDINGS = ASSETS / "recordings"
FRAMES = 72


def open_recording(name: str) -> RunFolder:
    """A recorded run by its name, for example `simclr`. Raises GlimpseError where it is damaged."""
    return RunFolder(RECORDINGS / name)


def film_steps(steps: list[int], frames: int = FRAMES) -> list[int]:
    """At most `frames` of the steps, dense at first, since most changes happen early in training.

    The k-th is the available step that is nearest to (k / last)² of the whole. Raises GlimpseError
    where there is no step.
    """
    if not steps:
        raise GlimpseError("This run has no pictures yet: let it train for a while first.")
    available = np.array(steps)
    wanted = np.linspace(0, 1, frames) ** 2 * available[-1]
    nearest = np.abs(available[:, None] - wanted).argmin(axis=0)
    return [int(step) for step in available[np.unique(nearest)]]
