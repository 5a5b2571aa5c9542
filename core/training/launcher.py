"""Starts workers: processes of their own that outlive the page, the browser and the server."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

from core.config import RunConfig
from core.errors import GlimpseError
from core.paths import PROJECT
from core.training.run_folder import RESUMABLE, RunFolder, create_run
from core.training.slots import threads_per_worker

Worker = subprocess.Popen[str]
_lock = threading.Lock()
_warm: Worker | None = None
_started: list[Worker] = []  # kept so that the ended ones are reaped


def launch(method: str, config: RunConfig) -> RunFolder:
    """Creates a run and starts a worker for it. Raises GlimpseError if it cannot be created."""
    run = create_run(method, config.model_dump(), config.steps)
    _start(run)
    return run


def resume(run: RunFolder) -> None:
    """Starts a worker that goes on from the last checkpoint. Raises GlimpseError if it cannot."""
    requeue(run)
    _start(run)


def requeue(run: RunFolder) -> None:
    """Puts a run at rest back in line. Raises GlimpseError for one that is active or finished."""
    status = run.status()
    if status.state not in RESUMABLE:
        raise GlimpseError(f"This run is {status.state}, so it cannot be resumed.")
    run.clear_request()
    run.write_status(replace(status, state="queued", message="", queued_at=time.time()))


def keep_warm() -> None:
    """Keeps one worker waiting with torch imported, so that the next run starts at once."""
    global _warm
    with _lock:
        _started[:] = [worker for worker in _started if worker.poll() is None]
        if _warm is None or _warm.poll() is not None:
            _warm = _spawn([])


def _start(run: RunFolder) -> None:
    global _warm
    with _lock:
        worker, _warm = _warm, None
    if worker is None or not _hand_over(worker, run):
        worker = _spawn([str(run.path)])
    with _lock:
        _started.append(worker)
    keep_warm()


def _hand_over(worker: Worker, run: RunFolder) -> bool:
    """Gives a waiting worker its run; False where it has died meanwhile."""
    if worker.poll() is not None or worker.stdin is None:
        return False
    try:
        worker.stdin.write(f"{run.path}\n")
        worker.stdin.close()
    except OSError:
        return False
    return True


def _spawn(arguments: list[str]) -> Worker:
    threads = str(threads_per_worker())
    return subprocess.Popen(
        [sys.executable, "-m", "core.training.worker", *arguments],
        cwd=PROJECT,
        env=os.environ | {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a signal to the server's group does not reach it
        text=True,
    )
