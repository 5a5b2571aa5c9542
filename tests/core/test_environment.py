"""Variables and systems that Glimpse cannot use are one sentence at the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import environment
from core.errors import GlimpseError
from core.paths import PROJECT
from core.training.slots import slot_count, threads_per_worker

BAD_NUMBERS = ["abc", "0", "-1", "1.5", "1e3", "1001", "9" * 5000, "1 2", "²"]
MACOS = """
import io, os, sys
def hidden(real):
    def act(path, *rest, **named):
        if str(path).startswith("/proc"):
            raise FileNotFoundError(2, "not on this system", str(path))
        return real(path, *rest, **named)
    return act
for name in ("sched_getaffinity", "sched_setaffinity", "sched_getscheduler", "waitid",
             "pidfd_open", "memfd_create", "posix_fadvise", "fdatasync", "process_cpu_count"):
    vars(os).pop(name, None)
os.stat, os.open, os.listdir, io.open = map(hidden, (os.stat, os.open, os.listdir, io.open))
"""
WINDOWS = """
import os, sys
sys.modules["fcntl"] = None
for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "sched_getaffinity", "nice", "getsid"):
    vars(os).pop(name, None)
"""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, least in environment.NUMBERS.items()
        for value in BAD_NUMBERS
        if value != "0" or least > 0
    ],
)
def test_a_number_that_cannot_be_used_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(GlimpseError, match=f"^{name} is .*whole number from .* or unset it"):
        environment.check()


@pytest.mark.parametrize("name", environment.FOLDERS)
def test_a_folder_that_cannot_be_used_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    os.mkfifo(tmp_path / "pipe")
    bad = ["~nobody-of-this-name", *(str(tmp_path / each) for each in (
        "file", "file/below", "circle", "pipe", "long" * 300))]  # fmt: skip
    for value in bad:
        monkeypatch.setenv(name, value)
        with pytest.raises(GlimpseError, match=f"^{name} is .*cannot be used.*unset it"):
            environment.check()


@pytest.mark.parametrize("value", ["", "new/folder", "~/glimpse"])
def test_folders_that_can_be_made_are_fine(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.FOLDERS:
        monkeypatch.setenv(name, value)
    environment.check()


def test_numbers_set_slots_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIMPSE_SLOTS", "3")
    monkeypatch.setenv("GLIMPSE_THREADS", "5")
    environment.check()
    assert (slot_count(), threads_per_worker()) == (3, 5)
    monkeypatch.setenv("GLIMPSE_SLOTS", "")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(9), raising=False)
    assert slot_count() == 4
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert slot_count() == 1


def test_every_variable_of_ours_is_checked_and_explained() -> None:
    sources = [*(PROJECT / "core").rglob("*.py"), *(PROJECT / "pages").rglob("*.py")]
    used = {name for file in sources for name in re.findall(r"GLIMPSE_[A-Z]+", file.read_text())}
    known = {*environment.FOLDERS, *environment.NUMBERS}
    assert used == {name for name in known if name.startswith("GLIMPSE_")}
    readmes = (PROJECT / "README.md").read_text() + (
        PROJECT / "core/training/README.md"
    ).read_text()
    assert not [name for name in used if f"`{name}`" not in readmes]


def glimpse(system: str, folder: Path, *words: str, **variables: str) -> tuple[int, str]:
    """The exit status and output of a command on a made-up system."""
    (folder / "sitecustomize.py").write_text(system)
    done = subprocess.run(
        [sys.executable, "-m", "core", *words], cwd=PROJECT, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(folder)} | variables, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_bad_variable_is_one_sentence_in_the_terminal(tmp_path: Path) -> None:
    status, output = glimpse("", tmp_path, "runs", "list", GLIMPSE_SLOTS="abc")
    assert status == 1 and output.startswith("GLIMPSE_SLOTS is 'abc': set it to a whole number")
    assert len(output.splitlines()) == 1


def test_a_bad_variable_is_one_sentence_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIMPSE_THREADS", "many")
    page = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    assert not page.exception
    assert [box.value[:28] for box in page.error] == ["GLIMPSE_THREADS is 'many': se"[:28]]


@pytest.mark.slow
def test_training_needs_nothing_that_only_linux_has(tmp_path: Path) -> None:
    words = ["train", "maml", "--source", "sinusoids", "--inner-lr", "0.01", "--steps", "2"]
    status, output = glimpse(MACOS, tmp_path, *words, "--eval-tasks", "8")
    assert status == 0 and "finished at step 2" in output, output


def test_windows_is_sent_to_wsl(tmp_path: Path) -> None:
    status, output = glimpse(WINDOWS, tmp_path, "runs", "list")
    assert status == 1 and output.splitlines()[-1] == (
        "Glimpse runs on Linux and macOS: on Windows, start it within WSL."
    )
    assert "Traceback" not in output
