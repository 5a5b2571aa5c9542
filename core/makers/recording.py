"""Makes a recording, `assets/recordings/NAME`, of a finished run.

    python -m core train simclr
    python -m core.makers.recording RUN simclr

RUN is the id of the run. A recording is its folder without checkpoints, with fewer snapshots.
"""

import shutil
import sys

from core.errors import GlimpseError
from core.training.recording import RECORDINGS, film_steps
from core.training.run_folder import RunFolder, open_run

COPIED = ("run.json", "status.json", "metrics.jsonl")


def record(run: RunFolder, name: str) -> RunFolder:
    """Copies a finished run to the recordings and returns the copy.

    Raises GlimpseError for a run that has not finished.
    """
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


if __name__ == "__main__":
    made = record(open_run(sys.argv[1]), sys.argv[2])
    print(f"{len(made.snapshot_steps())} frames of {made.method} recorded")
