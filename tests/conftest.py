"""Where tests find data, and where they may write."""

import os
import signal
import sys
from pathlib import Path

import pytest

from core.paths import data_root

# A thread a process, for this one and all that it starts: two that wait for each other by spinning
# take six times as long on a machine that has something else to do. Read when torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A shell lets what it starts with `&` ignore Ctrl-C, and processes started here would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Whatever the test before has asked torch for, if it has imported it at all."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() > 1:
        torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runs folder of the test's own."""
    runs = tmp_path / "runs"
    monkeypatch.setenv("GLIMPSE_RUNS", str(runs))
    return runs


@pytest.fixture(scope="session")
def mnist_root() -> Path:
    """The data root, if it holds the full MNIST."""
    return _root_with("MNIST/raw/train-images-idx3-ubyte", "MNIST")


@pytest.fixture(scope="session")
def omniglot_root() -> Path:
    """The data root, if it holds Omniglot's archives, of which the shipped file was made."""
    return _root_with("omniglot-py/images_background.zip", "Omniglot")


def _root_with(file: str, name: str) -> Path:
    """The data root if it holds `file`; else the test is skipped, and in CI it fails."""
    root = data_root()
    if not (root / file).is_file():
        reason = f"{name} is not in the data root: set GLIMPSE_DATA to a folder that has it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return root
