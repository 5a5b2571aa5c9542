"""Runs that are launched outlive what launched them, and start at once from a warm worker."""

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from core.config import parse_config
from core.errors import GlimpseError
from core.methods.few_shot.config import FewShotConfig
from core.methods.simclr.config import SimClrConfig
from core.paths import PROJECT
from core.training import launcher
from core.training.queue import waiting
from core.training.run_folder import RunFolder, list_runs
from core.training.slots import take_slot
from tests.helpers.training import final_bytes, state, wait_until

pytestmark = pytest.mark.slow

TINY = {
    "source": "sinusoids", "inner_lr": 0.01, "steps": 200, "eval_every": 100,
    "snapshot_every": 100, "eval_tasks": 8,
}  # fmt: skip
LAUNCH = (
    "import time; from core.methods.few_shot.config import FewShotConfig;"
    "from core.training import launcher;"
    "run = launcher.launch('maml', FewShotConfig(source='sinusoids', inner_lr=0.01, steps=3000,"
    "eval_tasks=8)); print(run.id, flush=True); time.sleep(600)"
)


# Python runs it at its start. torch cannot be imported before the file TORCH_MAY_COME exists.
SLOW_TORCH = """
import os, sys, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        while name == "torch" and not os.path.exists(os.environ["TORCH_MAY_COME"]):
            time.sleep(0.05)
sys.meta_path.insert(0, Slow())
"""


def has_finished(run: RunFolder) -> bool:
    return state(run) == "finished"


@pytest.fixture
def cold() -> Iterator[None]:
    """Begins and ends without a warm worker."""
    _end_warm_worker()
    yield
    _end_warm_worker()


def _end_warm_worker() -> None:
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):  # it would begin another one
            thread.cancel()
            thread.join()
    worker, launcher._warm = launcher._warm, None
    if worker is not None:
        assert worker.stdin is not None
        worker.stdin.close()
        worker.wait(timeout=200)


@pytest.mark.usefixtures("cold")
def test_a_warm_worker_takes_the_run_and_another_one_waits() -> None:
    launcher.keep_warm()
    waiting = launcher._warm
    assert waiting is not None
    launcher.keep_warm()
    assert launcher._warm is waiting, "one is enough"
    run = launcher.launch("maml", parse_config(FewShotConfig, TINY))
    wait_until(lambda: launcher._warm not in (None, waiting), "another waiting worker", 60)
    wait_until(lambda: state(run) == "finished", "the end of the run", 120)
    assert waiting.wait(timeout=120) == 0
    assert [row["step"] for row in run.metrics()] == list(range(201))


@pytest.mark.usefixtures("cold")
def test_a_run_is_locked_while_its_worker_still_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine imports take minutes, and the run would be `interrupted` after one."""
    (tmp_path / "sitecustomize.py").write_text(SLOW_TORCH)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("TORCH_MAY_COME", str(tmp_path / "now"))
    launcher.keep_warm()
    waiting = launcher._warm
    run = launcher.launch("maml", parse_config(FewShotConfig, TINY | {"steps": 20}))
    assert launcher._warm is not waiting, "the run was given to a worker without torch"
    try:
        wait_until(run.is_held, "the run to be locked")
        wait_until(lambda: run.recorded_status().state == "starting", "the slot")
    finally:
        (tmp_path / "now").touch()
    wait_until(lambda: state(run) == "finished", "the end of the run", 120)


@pytest.mark.usefixtures("cold")
def test_no_ended_worker_stays_in_the_table_of_processes(
    tmp_path: Path,
) -> None:
    waiting = launcher._spawn([])
    failing = launcher._spawn([str(tmp_path / "no run")])  # it ends by itself
    waiting.kill()
    for worker in (waiting, failing):
        wait_until(partial(is_gone, worker.pid), "the end of a worker that nobody asks after", 60)


@pytest.mark.usefixtures("cold")
def test_a_machine_that_starts_no_process_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(GlimpseError, match=r"No process can be started.*: end other programs"):
        launcher.launch("maml", parse_config(FewShotConfig, TINY))
    (run,) = list_runs()
    assert state(run) == "failed" and not waiting()


def is_gone(process: int) -> bool:
    """Whether a process has ended and its parent was told so; else its number still exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.usefixtures("cold")
def test_a_run_that_has_to_wait_leaves_the_warm_worker_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GLIMPSE_SLOTS", "1")
    launcher.keep_warm()
    waiting = launcher._warm
    slot = take_slot("another")
    assert slot is not None
    with slot:
        run = launcher.launch("maml", parse_config(FewShotConfig, TINY))
        wait_until(run.is_held, "the run to wait")
        assert launcher._warm is waiting and state(run) == "queued"
        run.request("stop")
        wait_until(lambda: state(run) == "stopped", "the stop")


@pytest.mark.usefixtures("cold")
def test_a_dead_warm_worker_is_replaced_by_a_cold_start() -> None:
    launcher.keep_warm()
    assert launcher._warm is not None
    launcher._warm.kill()
    launcher._warm.wait()
    run = launcher.launch("maml", parse_config(FewShotConfig, TINY | {"steps": 20}))
    wait_until(lambda: state(run) == "finished", "the end of the run", 120)


@pytest.mark.usefixtures("cold")
def test_a_warm_worker_ends_with_its_server() -> None:
    launcher.keep_warm()
    worker = launcher._warm
    assert worker is not None and worker.poll() is None
    _end_warm_worker()
    assert worker.poll() == 0


@pytest.mark.usefixtures("cold")
def test_a_waiting_worker_answers_and_then_trains_as_if_it_had_not_been_asked() -> None:
    config = parse_config(FewShotConfig, TINY | {"steps": 20})
    straight = launcher.launch("maml", config)
    launcher.keep_warm()
    waiting = launcher._warm
    with pytest.raises(GlimpseError, match="batch_size 4096 is more than the 4,000 pictures"):
        launcher.pace("simclr", SimClrConfig(batch_size=4096))
    pace = launcher.pace("maml", config)
    assert min(pace.step, pace.evaluation, pace.snapshot) > 0
    assert launcher._warm is waiting, "it waits again"
    asked = launcher.launch("maml", config)
    for run in (straight, asked):
        wait_until(partial(has_finished, run), "the end of the run", 120)
    assert final_bytes(asked) == final_bytes(straight)


@pytest.mark.usefixtures("cold")
def test_a_worker_that_does_not_answer_in_time_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "PATIENCE_S", 0.2)  # its imports take longer
    launcher.keep_warm()
    silent = launcher._warm
    assert silent is not None
    with pytest.raises(GlimpseError, match="could not be timed"):
        launcher.pace("maml", parse_config(FewShotConfig, TINY))
    assert silent.poll() is not None
    assert launcher._warm not in (None, silent)


def test_killing_the_launcher_leaves_the_run_alone() -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", LAUNCH], cwd=PROJECT, env=os.environ, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert server.stdout is not None
    run_id = server.stdout.readline().strip()
    run = next(run for run in list_runs() if run.id == run_id)
    wait_until(lambda: run.status().step > 0, "the first steps", 120)
    server.send_signal(signal.SIGKILL)
    server.wait()
    at_kill = run.status().step
    wait_until(lambda: run.status().step > at_kill + 20, "steps after the kill", 60)
    assert RunFolder(run.path).status().state == "running"
    run.request("stop")
    wait_until(lambda: state(run) == "stopped", "the stop")
