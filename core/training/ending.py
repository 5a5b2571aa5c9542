"""Ending a worker that no longer obeys, for example since it was suspended.

Only the process that holds the run's lock is ended, and only where the system confirms that it has
that very file open: the number in the file alone could be that of another process by now.
"""

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from core.errors import GlimpseError
from core.training.locks import FileLock, is_held, process_in, seconds_silent
from core.training.run_folder import RunFolder
from core.training.status import ACTIVE

OPEN_FILES = Path("/proc")  # on Linux a folder for each process, with the files it has open
PATIENCE_S = 5.0  # for the kernel to free the lock of an ended process
SILENT_S = 15.0  # a worker gives a sign every second, but the machine may have much else to do
LSOF_S = 10.0


def silent_for(run: RunFolder) -> float | None:
    """Seconds since the last sign of life from a run's worker, where these are suspiciously many.

    None where no process holds the run, or it gave a sign in the last `SILENT_S` seconds.
    """
    lock = run.path / "lock"
    seconds = seconds_silent(lock)
    return seconds if seconds > SILENT_S and is_held(lock) else None


def end_worker(run: RunFolder) -> None:
    """Ends the process that trains a run at once, without a checkpoint; the run is then stopped.

    Raises GlimpseError where no process holds the run, or it is not known to be one that may be
    ended from here.
    """
    lock = run.path / "lock"
    if not is_held(lock):
        raise GlimpseError(f"This run is {run.status().state}: no process trains it.")
    process = process_in(lock)
    if process is None or not _has_open(process, lock):
        raise GlimpseError(
            "The process that trains this run is not known here: end it on the machine, and as the "
            "person, that has started it."
        )
    if process == os.getpid():
        raise GlimpseError("This run is trained by this very process: stop it instead.")
    try:
        with suppress(ProcessLookupError):  # it has ended by itself meanwhile
            os.kill(process, signal.SIGKILL)  # which a suspended process obeys too
    except PermissionError as error:
        raise GlimpseError(
            f"Process {process}, which trains this run, belongs to somebody else: ask them to "
            "end it."
        ) from error
    _rest(run)


def _rest(run: RunFolder) -> None:
    """Notes that the run was stopped, once its lock is free."""
    with FileLock(run.path / "lock") as lock:
        if not lock.acquire(PATIENCE_S):
            raise GlimpseError("The process that trained this run has not ended yet: try again.")
        status = run.recorded_status()
        if status.state in ACTIVE:  # else it has ended by itself meanwhile
            message = "Its worker was ended: resume to go on from the last checkpoint."
            run.write_status(replace(status, state="stopped", speed=0.0, message=message))


def _has_open(process: int, path: Path) -> bool:
    """Whether a process has a file open, as Linux's /proc or else lsof says."""
    if (OPEN_FILES / "self" / "fd").is_dir():
        try:
            links = list((OPEN_FILES / str(process) / "fd").iterdir())
        except OSError:  # it has ended, or belongs to somebody else
            return False
        return any(_is_same(link, path) for link in links)
    command = ["lsof", "-t", "--", str(path)]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LSOF_S)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return str(process) in found.stdout.split()


def _is_same(link: Path, path: Path) -> bool:
    try:
        return link.samefile(path)
    except OSError:  # closed meanwhile
        return False
