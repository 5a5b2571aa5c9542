"""Starts workers: processes that go on after the page, the browser and the server are closed."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from dataclasses import replace

from core.config import RunConfig
from core.errors import GlimpseError
from core.paths import PROJECT
from core.training.pacing import Pace
from core.training.run_folder import RunFolder, create_run
from core.training.slots import threads_per_worker
from core.training.status import RESUMABLE

PATIENCE_S = 45.0  # for an answer; the imports of a new worker may take ten of them
Worker = subprocess.Popen[str]
_lock = threading.Lock()
_pacing = threading.Lock()  # two measurements at once would slow each other down
_warm: Worker | None = None
_started: list[Worker] = []  # kept so that ended ones can be reaped


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
    """Queues a run that has ended. Raises GlimpseError for one that is active or finished."""
    status = run.status()
    if status.state not in RESUMABLE:
        raise GlimpseError(f"This run is {status.state}, so it cannot be resumed.")
    run.clear_request()
    run.write_status(replace(status, state="queued", message="", queued_at=time.time()))


def pace(method: str, config: RunConfig) -> Pace:
    """What a run with this config costs on this machine, timed by the waiting worker.

    In another process it neither blocks pages nor changes torch's threads and random numbers here.
    Raises GlimpseError where it cannot be timed.
    """
    question = json.dumps({"method": method, "config": config.model_dump()})
    with _pacing:
        worker = _take_warm() or _spawn([])
        line = _ask(worker, question)
        _put_back(worker)
    if not line:
        raise GlimpseError(
            "A few steps with these settings could not be timed, since they fail or take more than "
            f"{PATIENCE_S:.0f} seconds: give the number of steps instead."
        )
    answer = json.loads(line)
    if "refusal" in answer:
        raise GlimpseError(answer["refusal"])
    return Pace(**answer)


def keep_warm() -> None:
    """Keeps one worker waiting with torch imported, so that the next run starts at once."""
    global _warm
    with _lock:
        _started[:] = [worker for worker in _started if worker.poll() is None]
        if _warm is None or _warm.poll() is not None:
            _warm = _spawn([])


def _take_warm() -> Worker | None:
    """The waiting worker, which from now on belongs to the caller; None where it has died."""
    global _warm
    with _lock:
        worker, _warm = _warm, None
    return worker if worker is not None and worker.poll() is None else None


def _put_back(worker: Worker) -> None:
    """Lets a worker wait again. Ends it where it has died or another one waits by now."""
    global _warm
    with _lock:
        if _warm is None and worker.poll() is None:
            _warm = worker
            return
    _end(worker)
    keep_warm()


def _end(worker: Worker) -> None:
    worker.kill()
    worker.wait()


def _ask(worker: Worker, question: str) -> str:
    """A worker's answer. Where none comes in time it is empty, and the worker is ended."""
    assert worker.stdin is not None and worker.stdout is not None
    try:
        worker.stdin.write(f"{question}\n")
        worker.stdin.flush()
        came, _, _ = select.select([worker.stdout], [], [], PATIENCE_S)
        line = worker.stdout.readline() if came else ""
    except OSError:  # it has died
        line = ""
    if not line:
        _end(worker)
    return line


def _start(run: RunFolder) -> None:
    worker = _take_warm()
    if worker is None or not _hand_over(worker, run):
        worker = _spawn([str(run.path)])
    with _lock:
        _started.append(worker)
    keep_warm()


def _hand_over(worker: Worker, run: RunFolder) -> bool:
    """Gives a waiting worker its run. Returns False where the worker has died."""
    assert worker.stdin is not None
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
        stdout=subprocess.PIPE,  # a worker with a run writes to its log instead
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a signal to the server's group does not reach it
        text=True,
    )
