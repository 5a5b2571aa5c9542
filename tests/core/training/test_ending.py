"""Workers that no longer obey are noticed and ended, and no other process ever is."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.__main__ import main
from core.errors import GlimpseError
from core.paths import PROJECT
from core.training import ending
from core.training.ending import end_worker, silent_for
from core.training.launcher import requeue
from core.training.locks import FileLock, seconds_silent
from core.training.run_folder import RunFolder
from core.training.status import Status
from core.training.worker import work
from tests.helpers.training import final_bytes, scalars, state, wait_until

NewRun = Callable[..., RunFolder]
HOLD = (
    "import sys, time; from pathlib import Path; from core.training.locks import FileLock;"
    "lock = FileLock(Path(sys.argv[1])); assert lock.acquire();"
    "lock.path.write_text(sys.argv[2]) if sys.argv[2] else None;"
    "print('held', flush=True); time.sleep(600)"
)


@pytest.fixture
def start() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts a program; what still lives after the test is ended."""
    started = []

    def begin(*words: str) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, *words], cwd=PROJECT, stdout=subprocess.PIPE, text=True
            )
        )
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.mark.slow
def test_a_suspended_worker_is_noticed_ended_and_resumed(
    new_run: NewRun, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, run = (new_run(steps=400, sleep_ms=2) for _ in range(2))
    work(straight)
    worker = start("-m", "tests.helpers.toy_worker", str(run.path))
    wait_until(lambda: state(run) == "running" and run.status().step > 20, "some steps")
    worker.send_signal(signal.SIGSTOP)
    assert silent_for(run) is None, "a moment is no silence"
    monkeypatch.setattr(ending, "SILENT_S", 2.0)
    wait_until(lambda: (silent_for(run) or 0) > 2, "the silence to be noticed")
    assert state(run) == "running"
    assert main(["runs", "stop", "--force", run.id]) == 0
    assert worker.wait(timeout=20) == -signal.SIGKILL
    assert state(run) == "stopped" and "resume to go on" in run.status().message
    assert silent_for(run) is None
    requeue(run)
    assert work(run).state == "finished"
    assert final_bytes(run) == final_bytes(straight) and scalars(run) == scalars(straight)


def test_a_worker_gives_signs_of_life_however_long_a_step_takes(new_run: NewRun) -> None:
    run = new_run(steps=1, sleep_ms=3000)
    seen: list[float] = []
    lock = run.path / "lock"

    def report(_status: Status, row: dict[str, float]) -> None:
        seen.append(seconds_silent(lock) if row["step"] else 0.0)

    work(run, report)
    assert seen[-1] < 2.5, "less than the step took"


def test_a_clock_that_was_put_back_is_no_silence(new_run: NewRun) -> None:
    run = new_run()
    with FileLock(run.path / "lock") as lock:
        assert lock.acquire()
        os.utime(lock.path, (9e9, 9e9))
        assert silent_for(run) is None
        lock.give_sign()
        assert seconds_silent(lock.path) < 60


def test_a_run_that_nobody_trains_ends_no_process(new_run: NewRun) -> None:
    run = new_run()
    (run.path / "lock").write_text(f"{os.getpid()}\n")
    with pytest.raises(GlimpseError, match="no process trains it"):
        end_worker(run)


@pytest.mark.parametrize("claim", ["1\n", "0\n", "-1\n", "", "text\n", "9" * 400, "{bystander}\n"])
def test_a_process_that_does_not_hold_the_lock_is_left_alone(
    new_run: NewRun, start: Start, claim: str
) -> None:
    """Whatever the file says: numbers are given out anew, and a folder may come from anywhere."""
    run = new_run()
    bystander = start("-c", "import time; time.sleep(600)")
    claim = claim.format(bystander=bystander.pid) or "\n"
    holder = start("-c", HOLD, str(run.path / "lock"), claim)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(GlimpseError, match="is not known here: end it on the machine"):
        end_worker(run)
    assert bystander.poll() is None and holder.poll() is None


@pytest.mark.parametrize("knows", ["lsof", "another lsof", "no lsof"])
def test_without_proc_another_program_says_who_has_the_lock_open(
    new_run: NewRun, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows: str
) -> None:
    """As on macOS."""
    run = new_run()
    holder = start("-c", HOLD, str(run.path / "lock"), "")
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    program = tmp_path / "lsof"
    if knows != "no lsof":
        listed = holder.pid if knows == "lsof" else holder.pid + 1
        program.write_text(f"#!/bin/sh\necho 1; echo {listed}\n")
        program.chmod(0o755)
    monkeypatch.setattr(ending, "OPEN_FILES", tmp_path / "no proc")
    monkeypatch.setenv("PATH", str(tmp_path))
    if knows == "lsof":
        end_worker(run)
        assert holder.wait(timeout=20) == -signal.SIGKILL
    else:
        with pytest.raises(GlimpseError, match="is not known here"):
            end_worker(run)
        assert holder.poll() is None


def test_a_process_does_not_end_itself(new_run: NewRun) -> None:
    run = new_run()
    with FileLock(run.path / "lock") as lock:
        assert lock.acquire()
        with pytest.raises(GlimpseError, match="this very process"):
            end_worker(run)


def test_what_has_finished_meanwhile_stays_finished(new_run: NewRun, start: Start) -> None:
    run = new_run()
    run.write_status(Status("finished", step=40, steps=40))
    holder = start("-c", HOLD, str(run.path / "lock"), "")
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    end_worker(run)
    assert holder.wait(timeout=20) == -signal.SIGKILL
    assert state(run) == "finished"
