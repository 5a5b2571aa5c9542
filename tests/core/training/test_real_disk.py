"""The same sentences from a disk that really is full, and one that really is read-only."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.__main__ import main
from core.errors import GlimpseError
from core.training import launcher
from core.training.checkpoint import load_newest
from core.training.run_folder import RunFolder, create_run, open_run, scan_runs
from core.training.worker import work
from tests.helpers.training import pause_at

pytestmark = pytest.mark.slow

NewRun = Callable[..., RunFolder]


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(runs: Path) -> Iterator[Path]:
    """A disk of 256 kB at the runs folder."""
    runs.mkdir()
    if os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", str(runs)):
        pytest.skip("mounting a small disk needs root")
    yield runs
    subprocess.run(["umount", "--lazy", str(runs)], check=True)


def test_a_full_disk_costs_nothing_but_time(small_disk: Path, new_run: NewRun) -> None:
    straight, run = new_run(steps=30), new_run(steps=30)
    assert work(straight).state == "finished"
    filler = small_disk / "filler"

    def fill(_status: object, row: dict[str, float]) -> None:
        if row["step"] == 12:
            filler.write_bytes(b"")
            with filler.open("wb", buffering=0) as file:
                while file.write(b"x" * 4096) == 4096:
                    pass

    def fill_until_refused(status: object, row: dict[str, float]) -> None:
        try:
            fill(status, row)
        except OSError:
            assert filler.stat().st_size > 0

    status = work(run, fill_until_refused)
    assert status.state == "failed" and "is full: free some space and resume" in status.message
    seen = run.status()
    assert seen.state in ("failed", "interrupted") and "is full" in seen.message
    filler.unlink()
    newest = load_newest(run)
    assert newest is not None and newest.step == 10
    assert work(run).state == "finished"
    resumed, whole = load_newest(run), load_newest(straight)
    assert resumed is not None and whole is not None
    for name, tensor in whole.state.items():
        assert resumed.state[name].equal(tensor)


def test_a_read_only_runs_folder_still_shows_its_runs(small_disk: Path, new_run: NewRun) -> None:
    run = new_run(steps=10)
    work(run)
    assert mount("-o", "remount,ro", str(small_disk))
    assert [found.id for found in scan_runs().runs] == [run.id]
    assert open_run(run.id).status().state == "finished" and run.snapshot(10)
    with pytest.raises(GlimpseError, match="read-only disk: set GLIMPSE_RUNS"):
        create_run("toy", {}, 1)
    with pytest.raises(GlimpseError, match="read-only"):
        run.delete()


def test_a_run_on_a_read_only_disk_is_not_resumed_and_says_why(
    small_disk: Path, new_run: NewRun, capfd: pytest.CaptureFixture[str]
) -> None:
    run = new_run(steps=10)
    work(run, pause_at(run, 5))
    assert mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(GlimpseError, match="read-only disk: set GLIMPSE_RUNS"):
        launcher.resume(run)
    assert main(["runs", "resume", run.id]) == 1
    assert capfd.readouterr().err.count("is on a read-only disk") == 1
    with pytest.raises(GlimpseError, match="read-only disk"):
        work(run)
    assert run.status().state == "paused"
