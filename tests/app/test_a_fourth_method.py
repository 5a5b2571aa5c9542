"""A fourth method costs a folder, a page and a registry entry: the whole app works with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.fourth_method import NAME, PROMISE, copy_with_a_fourth_method

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fourth") / "tree"
    copy_with_a_fourth_method(folder)
    return folder


def python(tree: Path, runs: Path, *words: str) -> str:
    """What a command prints that runs in the copy and ends well."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env={**os.environ, "GLIMPSE_RUNS": str(runs)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_every_page_works_with_it(tree: Path, tmp_path: Path) -> None:
    python(tree, tmp_path, "-m", "pytest", "-q", "tests/helpers/fourth_method_pages.py")


def test_its_imports_keep_to_the_architecture(tree: Path, tmp_path: Path) -> None:
    python(tree, tmp_path, "-m", "pytest", "-q", "tests/core/test_architecture.py")


def test_the_command_line_trains_lists_and_evaluates_it(tree: Path, tmp_path: Path) -> None:
    offered = python(tree, tmp_path, "-m", "core", "train", "--help")
    assert NAME in offered and PROMISE in " ".join(offered.split())
    trained = python(tree, tmp_path, "-m", "core", "train", NAME, "--steps", "4", "--lr", "0.01")
    run_id = trained.splitlines()[0]
    assert run_id.startswith(f"{NAME}-") and "finished at step 4" in trained
    assert run_id in python(tree, tmp_path, "-m", "core", "runs", "list")
    assert python(tree, tmp_path, "-m", "core", "evaluate", run_id).split()[0] == "error"
