"""`pip install .` makes the three lines work in any folder, with all that is shipped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.paths import PROJECT

THREE_LINES = """
from core import load
import numpy as np
model = load("simclr")
features = model.embed(np.zeros((2, 28, 28), np.uint8))
print(model.card["title"], features.shape)
"""
WHERE = """
from core import paths
from core.data.omniglot import load_omniglot
print(paths.ASSETS, paths.runs_root(), paths.data_root(), len(load_omniglot().images))
"""
LEFT_OUT = {"glimpse.gif"}  # for the README alone


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the checkout's files were installed in; the checkout stays as it is."""
    root = tmp_path_factory.mktemp("installed")
    tree = root / "tree"
    tree.mkdir()
    for folder in ("core", "assets"):
        shutil.copytree(PROJECT / folder, tree / folder)  # with what importing left there
    for file in ("pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        shutil.copy(PROJECT / file, tree)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--no-compile"]
    subprocess.run([*pip, *offline, "--target", root / "site", tree], check=True, timeout=200)
    return root / "site"


def run_there(code: str, site: Path, folder: Path) -> str:
    """What code prints in an empty folder, where the checkout is not on the path."""
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GLIMPSE_")}
    environment = kept | {"PYTHONPATH": str(site), "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    return done.stdout


@pytest.mark.slow
def test_the_three_lines_run_in_an_empty_folder(site: Path, tmp_path: Path) -> None:
    assert run_there(THREE_LINES, site, tmp_path / "empty") == "Embeddings (2, 1024)\n"


@pytest.mark.slow
def test_the_data_are_in_the_package_and_runs_at_home(site: Path, tmp_path: Path) -> None:
    home = tmp_path / "empty"
    assets, runs, data, characters = run_there(WHERE, site, home).split()
    assert Path(assets) == site / "core/assets" and characters == "1623"
    assert (Path(runs), Path(data)) == (home / "glimpse/runs", home / "glimpse/data")


@pytest.mark.slow
def test_every_file_is_installed(site: Path) -> None:
    def files(root: Path, *endings: str) -> set[str]:
        return {
            str(path.relative_to(root))
            for path in root.rglob("*")
            if path.is_file() and path.suffix in endings
        }

    code = (".py", ".js", ".css", ".html")
    assert files(site / "core", *code) == files(PROJECT / "core", *code)
    endings = {path.suffix for path in (PROJECT / "assets").rglob("*") if path.is_file()}
    there = files(PROJECT / "assets", *endings) - LEFT_OUT
    assert files(site / "core/assets", *endings) == there
    assert {path.name for path in site.iterdir()} >= {"core"}
    assert all(path.name == "core" or path.name.startswith("glimpse-") for path in site.iterdir())
