"""Workers are processes: killed, queued, stopped, two at one folder."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import GlimpseError
from core.paths import PROJECT
from core.training.launcher import requeue
from core.training.run_folder import RunFolder
from core.training.status import ACTIVE
from core.training.worker import NICENESS, work
from tests.helpers.training import final_bytes, scalars, state, wait_until

pytestmark = pytest.mark.slow

NewRun = Callable[..., RunFolder]
Start = Callable[[RunFolder], "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a worker process for a run; what still lives after the test is ended."""
    workers = []

    def begin(run: RunFolder) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.helpers.toy_worker", str(run.path)]
        workers.append(subprocess.Popen(command, cwd=PROJECT, start_new_session=True))
        return workers[-1]

    yield begin
    for worker in workers:
        worker.kill()
        worker.wait()


def test_twenty_kills_at_random_moments_change_nothing(new_run: NewRun, start: Start) -> None:
    settings = {"steps": 3000, "checkpoint_every": 7, "eval_every": 13, "sleep_ms": 1}
    straight, killed = new_run(**settings), new_run(**settings)
    assert work(straight).state == "finished"
    chance = random.Random(0)
    kills = 0
    while kills < 20 or killed.metrics()[-1]["step"] <= 50:  # a busy machine is slow to progress
        if kills > 0:
            requeue(killed)
        worker = start(killed)
        wait_until(lambda: state(killed) == "running", "a running worker")
        time.sleep(chance.uniform(0, 0.08))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert state(killed) == "interrupted", "it must not finish before the twentieth kill"
        kills += 1
    assert killed.metrics()[-1]["step"] > 50, "progress survives the kills"
    requeue(killed)
    assert start(killed).wait(timeout=200) == 0
    assert state(killed) == "finished"
    assert final_bytes(killed) == final_bytes(straight)
    assert scalars(killed) == scalars(straight)
    assert [row["step"] for row in killed.metrics()] == list(range(3001))


def test_two_workers_never_write_one_folder(new_run: NewRun, start: Start) -> None:
    run = new_run(steps=2000, sleep_ms=5)
    worker = start(run)
    wait_until(lambda: state(run) == "running", "a running worker")
    with pytest.raises(GlimpseError, match="trained by another worker already"):
        work(run)
    assert start(run).wait(timeout=200) != 0
    assert worker.poll() is None and state(run) == "running"


def test_runs_wait_in_order_and_every_end_frees_the_slot(
    new_run: NewRun, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIMPSE_SLOTS", "1")
    crashed, stopped, paused, last = (new_run(steps=100_000, sleep_ms=5) for _ in range(4))
    crashing = start(crashed)
    wait_until(lambda: state(crashed) == "running", "the first to run")
    for run in (last, paused, stopped):  # started in another order than queued
        start(run)
    wait_until(lambda: all(run.is_held() for run in (stopped, paused, last)), "the line")
    assert [state(run) for run in (stopped, paused, last)] == ["queued"] * 3

    crashing.kill()
    crashing.wait()
    wait_until(lambda: state(stopped) == "running", "the second after a crash")
    assert [state(run) for run in (crashed, paused, last)] == ["interrupted", "queued", "queued"]
    stopped.request("stop")
    wait_until(lambda: state(paused) == "running", "the third after a stop")
    assert state(stopped) == "stopped" and state(last) == "queued"
    paused.request("pause")
    wait_until(lambda: state(last) == "running", "the fourth after a pause")
    assert state(paused) == "paused"


def test_a_run_that_waits_can_be_stopped(
    new_run: NewRun, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIMPSE_SLOTS", "1")
    running, waiting = (new_run(steps=100_000, sleep_ms=5) for _ in range(2))
    start(running)
    wait_until(lambda: state(running) == "running", "the first to run")
    worker = start(waiting)
    wait_until(waiting.is_held, "the waiting worker")
    waiting.request("stop")
    assert worker.wait(timeout=20) == 0
    assert state(waiting) == "stopped" and state(running) == "running"


def test_a_terminated_worker_pauses_at_a_checkpoint(new_run: NewRun, start: Start) -> None:
    run = new_run(steps=100_000, sleep_ms=5, checkpoint_every=100_000)
    worker = start(run)
    wait_until(lambda: state(run) == "running" and run.status().step > 3, "some steps")
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    assert state(run) == "paused"
    assert run.checkpoint_steps()[-1] == run.metrics()[-1]["step"] > 3


def test_only_a_run_at_rest_is_resumed(new_run: NewRun, start: Start) -> None:
    run = new_run(steps=2000, sleep_ms=5)
    start(run)
    wait_until(lambda: state(run) == "running", "a running worker")
    assert state(run) in ACTIVE
    with pytest.raises(GlimpseError, match="running, so it cannot be resumed"):
        requeue(run)


def step_back(autogroup: Path, own_session: bool) -> str:
    """The message of a process that steps back; its exit status and niceness are held here."""
    script = (
        "import os, pathlib; from core.training import worker; "
        f"worker.AUTOGROUP = pathlib.Path({str(autogroup)!r}); worker.step_back(); "
        "print(os.nice(0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT, start_new_session=own_session, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) == min(19, os.nice(0) + NICENESS)
    return done.stderr


def test_a_worker_lowers_its_own_session_and_no_other(tmp_path: Path) -> None:
    weight = tmp_path / "autogroup"
    weight.write_text("0")
    step_back(weight, own_session=False)
    assert weight.read_text() == "0"
    step_back(weight, own_session=True)
    assert weight.read_text() == str(NICENESS)


def test_a_kernel_that_fixes_the_weight_of_a_session_stops_no_worker(tmp_path: Path) -> None:
    assert "cannot be lowered" in step_back(tmp_path, own_session=True)  # a folder: not writable
