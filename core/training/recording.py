"""Runs that come with Glimpse: run folders without their checkpoints, thinned to a short film.

`python -m core.training.recording RUN NAME` makes one of a finished run.
"""

import shutil
import sys

import numpy as np

from core.errors import GlimpseError
from core.paths import ASSETS
from core.training.run_folder import RunFolder, open_run

RECORDINGS = ASSETS / "recordings"
FRAMES = 72
COPIED = ("run.json", "status.json", "metrics.jsonl")


def open_recording(name: str) -> RunFolder:
    """A recorded run by its name, for example `simclr`. Raises GlimpseError where it is damaged."""
    return RunFolder(RECORDINGS / name)


def record(run: RunFolder, name: str) -> RunFolder:
    """Copies a finished run to the recordings; returns the copy."""
    if run.status().state != "finished":
        raise GlimpseError(f"Run {run.id} has not finished: record one that has.")
    target = RECORDINGS / name
    shutil.rmtree(target, ignore_errors=True)
    (target / "snapshots").mkdir(parents=True)
    for file in COPIED:
        shutil.copyfile(run.path / file, target / file)
    recording = RunFolder(target)
    for step in film_steps(run.snapshot_steps()):
        recording.write_snapshot(step, run.snapshot(step))
    return recording


def film_steps(steps: list[int], frames: int = FRAMES) -> list[int]:
    """At most `frames` of the steps, dense at first: most of what training moves, it moves early.

    The k-th lies as near as can be to (k / last)² of the whole.
    """
    available = np.array(steps)
    wanted = np.linspace(0, 1, frames) ** 2 * available[-1]
    nearest = np.abs(available[:, None] - wanted).argmin(axis=0)
    return [int(step) for step in available[np.unique(nearest)]]


if __name__ == "__main__":
    made = record(open_run(sys.argv[1]), sys.argv[2])
    print(f"{len(made.snapshot_steps())} frames of {made.method} recorded")
