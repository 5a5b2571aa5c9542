"""The names of run folders: one is generated for each run, and people may give it another."""

import hashlib
import os
import re
from pathlib import Path

from core.paths import runs_root

RUN_ID = re.compile(r"[a-z][a-z0-9_]*-\d{8}-\d{6}-[0-9a-f]{4}")  # as it is generated
LONGEST_NAME = 100


def key_of(name: str) -> str:
    """A folder's name where it was generated; else one made of it that can be told apart."""
    digest = hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()
    return name if RUN_ID.fullmatch(name) else f"renamed-{digest[:16]}"


def is_run(name: str) -> bool:
    """Whether a name is that of a run: one that was generated, or one in the list of runs."""
    return is_name(name) and may_be_run(runs_root() / name)


def is_name(name: str) -> bool:
    """Whether a folder's name can be written in an address and on a page, and leads nowhere."""
    fits = 0 < len(name) <= LONGEST_NAME and name == name.strip() and name.isprintable()
    return fits and not name.startswith(".") and "/" not in name and "\\" not in name


def may_be_run(path: Path) -> bool:
    """Whether a folder has the name of a run, or is one under another name."""
    if RUN_ID.fullmatch(path.name):
        return True
    return not path.name.startswith(".") and os.path.lexists(path / "run.json")


def is_own_folder(path: Path) -> bool:
    """Whether a path is a folder, not a link to one."""
    return path.is_dir() and not path.is_symlink()
