"""The process that trains a run: `python -m core.training.worker [RUN FOLDER]`.

With a folder it waits for the run's turn first, and imports nothing large before that. Without one
it imports what training needs and waits for a folder on its standard input, so that a run starts at
once; until then it answers how long a run would take. A run that comes while it still imports is
locked at once: readers see that its worker lives. It ends when that input closes, which means that
its server has ended.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING

from core import distributed
from core.errors import GlimpseError
from core.training.files import UnusableFileError, open_descriptor, replace_file
from core.training.locks import FileLock
from core.training.queue import Place, enqueue, place_of
from core.training.slots import threads_per_worker
from core.training.turn import turn

if TYPE_CHECKING:
    from core.training.loop import Report
    from core.training.run_folder import RunFolder
    from core.training.status import State, Status

NICENESS = 10  # pages come first
AUTOGROUP = Path("/proc/self/autogroup")  # Linux: the weight of this process's session
LOG = "log.txt"
REASON_LENGTH = 300


def work(
    run: "RunFolder",
    report: "Report | None" = None,
    tell: Callable[[str], None] | None = None,
) -> "Status":
    """Waits for a slot and trains the run; returns its last status, `failed` with the reason.

    `tell` gets sentences that say what the run waits for. Raises GlimpseError where another worker
    trains the run.
    """
    with turn(run.path, _place(run.path), tell) as slot:
        return _train_or_rest(run, slot, report)


def _train_or_rest(
    run: "RunFolder", slot: FileLock | None, report: "Report | None" = None
) -> "Status":
    if slot is None:
        rest: State = "stopped" if run.requested() == "stop" else "paused"
        status = _write(run, replace(run.recorded_status(), state=rest))
        distributed.broadcast(None)  # ends the other processes, which wait for orders
        return status
    _write(run, replace(run.recorded_status(), state="starting", message=""))
    return _train(run, report)


def _train(run: "RunFolder", report: "Report | None") -> "Status":
    import torch  # takes two seconds, so not before there is a slot

    from core.training.loop import train

    torch.set_num_threads(threads_per_worker())
    try:
        return train(run, report)
    except GlimpseError as error:
        return _fail(run, str(error))
    except Exception as error:
        _log_trace(run)
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:REASON_LENGTH]
        return _fail(run, f"The worker failed ({reason}); see {LOG} in the run's folder.")


def _fail(run: "RunFolder", message: str) -> "Status":
    if _is_gone(run):
        message = "The folder of this run was deleted or moved while it trained."
    return _write(run, replace(run.recorded_status(), state="failed", speed=0.0, message=message))


def _write(run: "RunFolder", status: "Status") -> "Status":
    if _is_gone(run):
        return status
    try:
        run.write_status(status)
    except GlimpseError as error:  # a full disk: readers see `interrupted`, and why
        print(error, file=sys.stderr, flush=True)
    return status


def _is_gone(run: "RunFolder") -> bool:
    """Whether the folder was deleted; a file that is written meanwhile may bring a part back."""
    return not (run.path / "run.json").exists()


def _log_trace(run: "RunFolder") -> None:
    with suppress(OSError):  # the disk may be what has failed, and the reason is in the status
        log = open_descriptor(run.path / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with os.fdopen(log, "a") as file:
            traceback.print_exc(file=file)


def pause_on(folder: Path, *signals: signal.Signals) -> None:
    """Makes signals pause the run of a folder: the worker saves a checkpoint and ends."""

    def pause(_number: int, _frame: FrameType | None) -> None:
        replace_file(folder / "control", b"pause")

    for number in signals:
        signal.signal(number, pause)


def _wait_warm() -> str:
    """Waits for a run folder on standard input, and imports all that training needs meanwhile.

    A line of JSON is a question from `launcher.pace`, answered on standard output.
    """
    # What a run needs before it trains is imported first, so that no thread waits for the other.
    import_module("core.training.run_folder")
    has_run = Event()
    imports = Thread(target=_import_until, args=(has_run,), name="imports")
    imports.start()
    try:
        for line in sys.stdin:
            if not line.startswith("{"):
                return line.strip()
            imports.join()
            print(import_module("core.training.pacing").answer(line), flush=True)
        return ""
    finally:
        has_run.set()


def _import_until(has_run: Event) -> None:
    """Imports what training needs, for any method; a run that has come imports its own."""
    from core.registry import METHODS, load_method

    # The compiler takes two seconds, and the first optimiser imports it.
    for module in ("core.training.loop", "core.training.pacing", "torch._dynamo"):
        if not has_run.is_set():
            import_module(module)
    for name in METHODS:
        if not has_run.is_set():
            load_method(name)


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


def _place(folder: Path) -> Place:
    """The run's place in the queue, which it has already where it was launched."""
    if place := place_of(folder.name):
        return place
    from core.training.run_folder import RunFolder

    return enqueue(folder.name, RunFolder(folder).recorded_status().queued_at)


def _work_in(folder: Path) -> None:
    """Trains the run of a folder; imports nothing large before its turn has come."""
    with suppress(UnusableFileError):  # a link or a pipe: the run goes on without a log
        log = open_descriptor(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, sys.stdout.fileno())
        os.dup2(log, sys.stderr.fileno())
    pause_on(folder, signal.SIGTERM)
    with turn(folder, _place(folder)) as slot:
        from core.training.run_folder import RunFolder

        if folder.is_dir():  # it may have been deleted while the run waited
            status = _train_or_rest(RunFolder(folder), slot)
            print(f"{status.state} at step {status.step}. {status.message}".strip())


def main() -> None:
    step_back()
    folder = sys.argv[1] if len(sys.argv) > 1 else _wait_warm()
    if not folder:
        return
    try:
        _work_in(Path(folder))
    except (GlimpseError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
