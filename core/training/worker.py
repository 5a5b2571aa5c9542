"""The process that trains a run: `python -m core.training.worker [RUN FOLDER]`.

Without a folder it imports what training needs and waits for one on its standard input, so that a
run starts at once; until then it answers how long a run would take. It ends when that input closes,
which means that its server has ended.
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
from core.training.run_folder import RunFolder
from core.training.slots import threads_per_worker, wait_for_slot
from core.training.status import ACTIVE, State, Status

if TYPE_CHECKING:
    from core.training.loop import Report

NICENESS = 10  # pages come first
AUTOGROUP = Path("/proc/self/autogroup")  # Linux: the weight of this process's session


def work(run: RunFolder, report: "Report | None" = None) -> Status:
    """Waits for a slot and trains the run; returns its last status, `failed` with the reason.

    Raises GlimpseError where another worker trains the run.
    """
    with FileLock(run.path / "lock") as lock:
        if not lock.acquire(patience_s=2.0):
            raise GlimpseError(f"Run {run.id} is trained by another worker already.")
        slot = wait_for_slot(run)
        if slot is None:
            rest: State = "stopped" if run.requested() == "stop" else "paused"
            status = _write(run, replace(run.recorded_status(), state=rest))
            distributed.broadcast(None)  # ends the other processes, which wait for orders
            return status
        with slot:
            _write(run, replace(run.recorded_status(), state="starting", message=""))
            return _train(run, report)


def _train(run: RunFolder, report: "Report | None") -> Status:
    import torch  # takes two seconds, so not before there is a slot

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
    """Makes signals pause the run: the worker saves a checkpoint and ends."""

    def pause(_number: int, _frame: FrameType | None) -> None:
        if run.status().state in ACTIVE:  # else this process is about to end anyway
            run.request("pause")

    for number in signals:
        signal.signal(number, pause)


def _wait_warm() -> str:
    """Imports all that training needs, then waits for a run folder on standard input.

    A line of JSON is a question from `launcher.pace`, answered on standard output.
    """
    from core.registry import METHODS, load_method
    from core.training.pacing import answer

    import_module("core.training.loop")
    import_module("torch._dynamo")  # takes two seconds, and the first optimiser imports it
    for name in METHODS:
        load_method(name)
    for line in sys.stdin:
        if not line.startswith("{"):
            return line.strip()
        print(answer(line), flush=True)
    return ""


def step_back() -> None:
    """Lowers the priority of this process and of its session, so that the pages stay responsive.

    Linux divides the processor between sessions first, then between their processes. Only a session
    of the worker's own is lowered: in a shared one other programs would become slower too.
    """
    os.nice(NICENESS)
    if os.getsid(0) != os.getpid() or not AUTOGROUP.exists():
        return
    try:
        AUTOGROUP.write_text(str(NICENESS))
    except OSError as error:  # in some containers it may not be changed
        print(f"The priority of this worker's session cannot be lowered: {error}", file=sys.stderr)


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
