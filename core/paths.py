"""The folders of data, runs, caches and shipped assets."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ASSETS = PROJECT / "assets"


def data_root() -> Path:
    """Folder of the datasets, laid out as torchvision does: `GLIMPSE_DATA`, else `data/`."""
    return Path(os.environ.get("GLIMPSE_DATA") or PROJECT / "data").expanduser().resolve()


def runs_root() -> Path:
    """Folder of the runs: `GLIMPSE_RUNS`, else `runs/`."""
    return Path(os.environ.get("GLIMPSE_RUNS") or PROJECT / "runs").expanduser().resolve()


def cache_root() -> Path:
    """Folder for files that can be made again: `GLIMPSE_CACHE`, else `~/.cache/glimpse`.

    It is not in the data root, which may be read-only or shared between machines.
    """
    fallback = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "glimpse"
    return Path(os.environ.get("GLIMPSE_CACHE") or fallback).expanduser().resolve()
