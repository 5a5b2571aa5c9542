"""What every test of a page needs: runs of its own, and a server that warms nothing up."""

from pathlib import Path

import pytest

from pages.parts import warmup


@pytest.fixture(autouse=True)
def runs_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder of runs, so that a test neither sees nor touches real ones."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("GLIMPSE_RUNS", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing torch and starting a worker behind the page would outlive the test."""
    monkeypatch.setattr(warmup, "begin", lambda: None)
