"""Starts workers: processes that go on after the page, the browser and the server are closed.

Each run has a process of its own from the start, in which it waits for its turn and then trains. So
no other process has to live for a queued run to start, and the kernel knows for each whether it
does. A run that can start at once is given to a waiting worker that has imported torch already; one
that has to wait gets a new process, which imports torch when its turn has come.
"""

import json
import os
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace

from core import distributed
from core.config import RunConfig
from core.errors import GlimpseError
from core.paths import PROJECT
from core.training import queue
from core.training.files import disk_errors
from core.training.locks import FileLock
from core.training.pace import Pace
from core.training.run_folder import RunFolder, create_run
from core.training.slots import threads_per_worker
from core.training.status import RESUMABLE
from core.training.trainable import check_trainable

PATIENCE_S = 45.0  # for an answer; the imports of a new worker may take ten of them
# Before another worker begins to wait: its imports would slow the first steps of the run down, for
# which a person is waiting.
SUCCESSION_S = 5.0
Worker = subprocess.Popen[str]
_lock = threading.Lock()
_pacing = threading.Lock()  # two measurements at once would slow each other down
_warm: Worker | None = None
_keeps_warm = False  # a server does, a command does not


def launch(method: str, config: RunConfig, stop_at: int | None = None) -> RunFolder:
    """Creates a run and starts a worker for it, which stops after the step `stop_at`, if any.

    Raises GlimpseError if it could never train or cannot be created, or too many runs wait.
    """
    run = create_queued(method, config, stop_at)
    _start(run)
    return run


def create_queued(method: str, config: RunConfig, stop_at: int | None = None) -> RunFolder:
    """Creates a run with a place in the queue; raises what `launch` raises."""
    check_trainable(method, config)
    queue.check_room()
    run = create_run(method, config.model_dump(), config.steps, stop_at)
    queue.enqueue(run.id, run.recorded_status().queued_at)
    return run


def resume(run: RunFolder) -> None:
    """Starts a worker that goes on from the last checkpoint. Raises GlimpseError if it cannot."""
    requeue(run)
    _start(run)


def requeue(run: RunFolder) -> None:
    """Queues a run that has ended, at the step of its last checkpoint.

    Raises GlimpseError for one that is active or finished, where too many runs wait, or where its
    folder cannot be written to.
    """
    status = run.status()
    if status.state not in RESUMABLE:
        raise GlimpseError(f"This run is {status.state}, so it cannot be resumed.")
    queue.check_room()
    step = max(run.checkpoint_steps(), default=0)
    now = time.time()
    with FileLock(run.path / "lock") as lock, disk_errors(run.path):
        if not lock.acquire(patience_s=0.5):
            raise GlimpseError("This run is being resumed or deleted already.")
        run.clear_request()
        run.write_status(replace(status, state="queued", step=step, message="", queued_at=now))
    queue.enqueue(run.id, now)


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
    """Keeps one worker waiting with torch imported from now on, so that runs start at once."""
    global _warm, _keeps_warm
    with _lock:
        _keeps_warm = True
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
    if _keeps_warm:
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
    worker = _take_warm() if queue.is_next(run.id) else None
    if worker is None or not _hand_over(worker, run):
        try:
            _spawn([str(run.path)])
        except GlimpseError as error:
            queue.leave(run.id)
            run.write_status(replace(run.recorded_status(), state="failed", message=str(error)))
            raise
    if _keeps_warm:
        later = threading.Timer(SUCCESSION_S if worker else 0.0, _keep_warm_again)
        later.daemon = True
        later.start()


def _keep_warm_again() -> None:
    with suppress(GlimpseError):  # then the next run starts a few seconds later
        keep_warm()


def _hand_over(worker: Worker, run: RunFolder) -> bool:
    """Gives a waiting worker its run. Returns False where the worker has died."""
    assert worker.stdin is not None
    try:
        worker.stdin.write(f"{run.path}\n")
        worker.stdin.close()
    except OSError:
        return False
    assert worker.stdout is not None
    worker.stdout.close()  # it writes to its log from now on
    return True


def _spawn(arguments: list[str]) -> Worker:
    """A new worker: for a run, or without arguments one that waits for orders."""
    threads = str(threads_per_worker())
    own = {name: value for name, value in os.environ.items() if name not in distributed.VARIABLES}
    pipe = subprocess.DEVNULL if arguments else subprocess.PIPE  # with a run it has a log
    try:
        worker = subprocess.Popen(
            [sys.executable, "-m", "core.training.worker", *arguments],
            cwd=PROJECT,
            env=own | {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads},
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a signal to the server's group does not reach it
            text=True,
        )
    except OSError as error:
        raise GlimpseError(
            f"No process can be started to train a run ({error.strerror}): end other programs, "
            "then try again."
        ) from error
    threading.Thread(target=_reap, args=(worker,), name="reaper", daemon=True).start()
    return worker


def _reap(worker: Worker) -> None:
    """Waits for a worker's end: the kernel keeps an ended process until its parent has asked."""
    worker.wait()
