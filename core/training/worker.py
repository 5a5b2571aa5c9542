"""The process that trains a run: `python -m core.training.worker [RUN FOLDER]`.

Without a folder it imports what training needs and waits for one on its standard input, so that a
run starts at once; until then it answers what a run would take. It ends when that input closes
before any run came: its server is gone.
"""

import os
import signal
import sys
import traceback
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from core import distributed
from core.errors import GlimpseError
from core.training.locks import FileLock
from core.training.run_folder import ACTIVE, RunFolder, State, Status
from core.training.slots import threads_per_worker, wait_for_slot

if TYPE_CHECKING:
    from core.training.loop import Report

NICENESS = 10  # pages come first
AUTOGROUP = Path("/proc/self/autogroup")  # Linux: the weight of this process's session


def work(run: RunFolder, report: "Report | None" = None) -> Status:
    """Waits for a slot and trains the run; returns where it rests, `failed` with its reason.

    Raises GlimpseError where another worker has the run.
    """
    with FileLock(run.path / "lock") as lock:
        if not lock.acquire(patience_s=2.0):
            raise GlimpseError(f"Run {run.id} is trained by another worker already.")
        slot = wait_for_slot(run)
        if slot is None:
            rest: State = "stopped" if run.requested() == "stop" else "paused"
            status = _write(run, replace(run.recorded_status(), state=rest))
            distributed.broadcast(None)  # the others, who wait to be led, may go
            return status
        with slot:
            _write(run, replace(run.recorded_status(), state="starting", message=""))
            return _train(run, report)


def _train(run: RunFolder, report: "Report | None") -> Status:
    import torch  # two seconds, which a run that waits in line need not pay

    from core.training.loop import train

    torch.set_num_threads(threads_per_worker())
    try:
        return train(run, report)
    except GlimpseError as error:
        return _fail(run, str(error))
    except Exception as error:
        traceback.print_exc()
        return _fail(run, f"The worker failed ({type(error).__name__}: {error}); see its log.txt.")


def _fail(run: RunFolder, message: str) -> Status:
    print(message, file=sys.stderr, flush=True)
    return _write(run, replace(run.recorded_status(), state="failed", speed=0.0, message=message))


def _write(run: RunFolder, status: Status) -> Status:
    try:
        run.write_status(status)
    except GlimpseError as error:  # a full disk: readers see `interrupted`, and why
        print(error, file=sys.stderr, flush=True)
    return status


def pause_on(run: RunFolder, *signals: signal.Signals) -> None:
    """Makes a signal a request to pause: the worker checkpoints and rests."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        if run.status().state in ACTIVE:  # else it rests already, and this process is about to end
            run.request("pause")

    for number in signals:
        signal.signal(number, ask)


def _wait_warm() -> str:
    """Imports all that training needs, then waits for a run folder on standard input.

    A line of JSON is a question of `launcher.pace`, answered on standard output.
    """
    from core.registry import METHODS, load_method
    from core.training.pacing import answer

    import_module("core.training.loop")
    import_module("torch._dynamo")  # the first optimiser would: two seconds
    for name in METHODS:
        load_method(name)
    for line in sys.stdin:
        if not line.startswith("{"):
            return line.strip()
        print(answer(line), flush=True)
    return ""


def step_back() -> None:
    """Gives way to the pages. Linux weighs sessions before processes, so both are told.

    Only a session of the worker's own is told: in another's it would slow its neighbours too.
    """
    os.nice(NICENESS)
    if os.getsid(0) != os.getpid() or not AUTOGROUP.exists():
        return
    try:
        AUTOGROUP.write_text(str(NICENESS))
    except OSError as error:  # the kernel weighs the root's session, and some containers', itself
        print(f"This worker's session keeps its weight: {error}", file=sys.stderr)


def main() -> None:
    step_back()
    folder = sys.argv[1] if len(sys.argv) > 1 else _wait_warm()
    if not folder:
        return
    run = RunFolder(Path(folder))
    log = os.open(run.path / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    pause_on(run, signal.SIGTERM)
    work(run)


if __name__ == "__main__":
    main()
