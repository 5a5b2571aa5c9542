"""Locks of one file: who holds them, and what is no lock at all."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import GlimpseError
from core.training.launcher import resume
from core.training.locks import FileLock, is_held, note_in, process_in, seconds_silent
from core.training.run_folder import RunFolder
from core.training.status import Status
from core.training.worker import work
from tests.helpers.training import state

NewRun = Callable[..., RunFolder]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def loop_of_links(path: Path) -> None:
    path.symlink_to(path)


def link(path: Path) -> None:
    (path.parent / "elsewhere").write_text("kept")
    path.symlink_to(path.parent / "elsewhere")


def dead_link(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


ACTS: list[Callable[[RunFolder], object]] = [work, resume]
STRANGE = [pipe, folder, loop_of_links, link, dead_link]


def test_a_lock_says_who_holds_it_and_since_when(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path) as lock:
        assert lock.acquire(note="what for")
        assert is_held(path) and not FileLock(path).acquire()
        assert (process_in(path), note_in(path)) == (os.getpid(), "what for")
        assert seconds_silent(path) < 60
    assert not is_held(path)
    with FileLock(path) as lock:
        assert lock.acquire() and note_in(path) == ""
        lock.discard()
    assert not path.exists() and process_in(path) is None and note_in(path) == ""


def test_a_lock_on_a_file_that_was_deleted_meanwhile_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two processes would hold the same lock: one of the old file, one of the new."""
    path = tmp_path / "lock"
    real = os.open
    opened: list[Path] = []

    def deleted_once(name: Path, *rest: int) -> int:
        descriptor = real(name, *rest)
        if not opened:
            path.unlink()
        opened.append(name)
        return descriptor

    monkeypatch.setattr(os, "open", deleted_once)
    lock = FileLock(path)
    assert lock.acquire(patience_s=1.0) and len(opened) > 1
    assert path.exists() and is_held(path)
    lock.release()


@pytest.mark.parametrize("make", STRANGE)
def test_what_is_no_file_is_a_sentence_and_never_waits(
    make: Callable[[Path], None], new_run: NewRun
) -> None:
    run = new_run()
    run.write_status(Status("paused", steps=40))
    make(run.path / "lock")
    assert not is_held(run.path / "lock") and process_in(run.path / "lock") is None
    assert state(run) == "paused"
    for act in ACTS:
        with pytest.raises(GlimpseError, match=r"lock is (a link|not a reg).*: delete it\.$"):
            act(run)
    assert state(run) == "paused"
    if make is link:
        assert (run.path / "elsewhere").read_text() == "kept"


def test_a_folder_that_is_gone_has_no_lock(new_run: NewRun) -> None:
    run = new_run()
    run.path.rename(run.path.with_name("elsewhere"))
    with pytest.raises(GlimpseError, match="was deleted or moved"):
        FileLock(run.path / "lock").acquire()
    with pytest.raises(GlimpseError):
        resume(run)
