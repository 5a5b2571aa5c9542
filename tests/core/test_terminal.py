"""Commands end on Ctrl-C and on a closed pipe as others do: by their status, without a trace."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.paths import PROJECT
from core.training.run_folder import list_runs
from core.training.slots import take_slot
from tests.helpers.training import state, wait_until

RUN = "import sys; from core import terminal; sys.exit(terminal.run(command))"
ENDLESS = [
    "core", "train", "maml", "--source", "sinusoids", "--inner-lr", "0.01", "--steps", "100000",
    "--eval-tasks", "8",
]  # fmt: skip


@contextmanager
def started(
    *words: str, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, *words], cwd=PROJECT, text=True, stdout=stdout, stderr=stderr
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def closed_pipe() -> int:
    """The writing end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize(
    "answer", ["raise", "raise ImportError('a module that wraps what it catches')"]
)
def test_an_interrupt_ends_without_a_trace_whatever_becomes_of_it(answer: str) -> None:
    code = f"""
import time
def command():
    print("ready", flush=True)
    try:
        time.sleep(600)
    except KeyboardInterrupt:
        {answer}
{RUN}
"""
    with started("-c", code) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
        assert process.returncode == 130


def test_an_error_of_ours_is_not_hidden() -> None:
    with started("-c", f"def command(): raise ImportError('no such thing')\n{RUN}") as process:
        assert "ImportError: no such thing" in process.communicate(timeout=60)[1]
        assert process.returncode == 1


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs to see that torch is being imported")
@pytest.mark.parametrize("words", [["evaluate", "simclr"], ["train", "maml", "--minutes", "1"]])
def test_ctrl_c_while_torch_is_imported_leaves_no_trace(words: list[str]) -> None:
    with started("-m", "core", *words) as process:
        maps = Path(f"/proc/{process.pid}/maps")
        wait_until(lambda: "torch" in maps.read_text(), "the import of torch", 120)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
        assert process.returncode == 130
    assert not list_runs()


@pytest.mark.parametrize("words", [["runs", "list"], ["data", "list"], ["--help"]])
def test_a_reader_that_has_gone_ends_a_command_quietly(words: list[str]) -> None:
    writer = closed_pipe()
    with started("-m", "core", *words, stdout=writer) as process:
        os.close(writer)
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode in (0, 141)  # argparse takes a closed pipe for read


@pytest.mark.parametrize(
    ("where", "error"),
    [(">/dev/full", "No space left on device: free some space, then try again.\n"), (">&-", "")],
)
def test_output_that_goes_nowhere_is_no_trace(where: str, error: str) -> None:
    command = f'exec "{sys.executable}" -m core data list {where}'
    done = subprocess.run(["sh", "-c", command], cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    assert (done.stderr, done.returncode) == (error, 1 if error else 0)


def test_a_terminal_without_every_letter_gets_the_others() -> None:
    code = f"def command():\n print('5 ± 1 %')\n return 0\n{RUN}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"}, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("5 ? 1 %\n", "")


@pytest.mark.slow
def test_ctrl_c_pauses_a_training() -> None:
    with started("-m", *ENDLESS) as first:
        wait_until(lambda: any(run.status().step > 2 for run in list_runs()), "steps", 120)
        (running,) = list_runs()
        first.send_signal(signal.SIGINT)
        printed, shown = first.communicate(timeout=60)
        assert first.returncode == 0 and state(running) == "paused"
        assert f"Resume with: python -m core runs resume {running.id}" in printed
        assert "Ctrl-C again ends at once" in shown and "Traceback" not in shown


@pytest.mark.slow
def test_a_run_that_waits_says_for_what_and_can_be_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GLIMPSE_SLOTS", "1")
    other = take_slot("simclr-20260101-000000-beef")
    assert other is not None
    with other:
        interrupt_what_waits(*ENDLESS)
        (run,) = list_runs()
        interrupt_what_waits("core", "runs", "resume", run.id)
    assert state(run) == "paused"


def interrupt_what_waits(*words: str) -> None:
    """Starts a command that has to wait, holds what it says and takes, and presses Ctrl-C."""
    with started("-m", *words) as process:
        assert process.stderr is not None
        sentence = "Waits for a free slot while simclr-20260101-000000-beef trains."
        assert process.stderr.readline() == f"{sentence} Ctrl-C pauses it.\n"
        if (maps := Path(f"/proc/{process.pid}/maps")).exists():
            assert "torch" not in maps.read_text()
        process.send_signal(signal.SIGINT)
        printed, shown = process.communicate(timeout=60)
        assert process.returncode == 0 and "paused at step 0" in printed
        assert "step/s" not in shown, "no bar that stands still"


@pytest.mark.slow
@pytest.mark.parametrize("n_read", [0, 20])
def test_a_training_whose_output_nobody_reads_is_paused_not_failed(n_read: int) -> None:
    with started("-m", *ENDLESS) as process:
        assert process.stderr is not None
        process.stderr.read(n_read)
        process.stderr.close()
        assert process.wait(timeout=120) == 141
    (run,) = list_runs()
    assert state(run) == "paused" and bool(run.checkpoint_steps()) == bool(n_read)
