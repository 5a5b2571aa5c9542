"""The peers that few-shot learning is measured against, loaded from their archives.

Nothing is installed: learn2learn's compiled data part does not build on current Pythons, and its
MAML needs none of it.
"""

import importlib
import subprocess
import sys
import tarfile
import warnings
from pathlib import Path
from typing import Any

from core.paths import PROJECT

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PARTS = ("algorithms/maml.py", "algorithms/base_learner.py", "utils/__init__.py")


def peers_folder() -> Path:
    return PROJECT / "test-output" / "peers"


def load_learn2learn(folder: Path) -> Any | None:
    """The module `learn2learn.algorithms.maml`, or None where it cannot be had."""
    archive = _archive(folder, "learn2learn-*.tar.gz")
    if archive is None:
        return None
    package = folder / "source" / "learn2learn"
    with tarfile.open(archive) as source:
        root = source.getnames()[0].split("/")[0]
        for part in PARTS:
            content = source.extractfile(f"{root}/learn2learn/{part}")
            assert content is not None, part
            (package / part).parent.mkdir(parents=True, exist_ok=True)
            (package / part).write_bytes(content.read())
    for empty in (package, package / "algorithms"):  # whose own would import all of learn2learn
        (empty / "__init__.py").write_text("")
    sys.path.insert(0, str(package.parent))
    return importlib.import_module("learn2learn.algorithms.maml")


def load_higher(folder: Path) -> Any | None:
    """The package `higher`, or None where it cannot be had."""
    archive = _archive(folder, "higher-*.whl")
    if archive is None:
        return None
    sys.path.insert(0, str(archive))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return importlib.import_module("higher")


def _archive(folder: Path, pattern: str) -> Path | None:
    """The archive in the folder, fetched if need be."""
    if not list(folder.glob(pattern)):
        _fetch(folder)
    return next(folder.glob(pattern), None)


def _fetch(folder: Path) -> None:
    """Asks pip for the archives; where it fails, pip's message is shown."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
               "--no-binary", "learn2learn", "--dest", str(folder),
               "--requirement", str(REQUIREMENTS)]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        reason = (answer.stderr.strip() or f"pip ended with {answer.returncode}").splitlines()[-1]
        print(f"The peers could not be fetched, and are left out: {reason}\n")
