"""Snapshots: the numbered files of a run, and the arrays in them, checked where they are read."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from core.errors import GlimpseError
from core.registry import load_snapshot_check
from core.training.files import read_regular
from core.training.records import Stamp, stamp

SNAPSHOT_BYTES = 1 << 26  # those of ours have a few 100 kB
NUMBERED = re.compile(r"(\d{8}|[1-9]\d{8})\.safetensors", re.ASCII)
DTYPES = "fiub"  # kinds of numbers, as numpy has them

Arrays = dict[str, np.ndarray]
Shapes = Mapping[str, tuple[int, ...]]


def numbered(folder: Path, step: int) -> Path:
    """The file of a step in the folder of snapshots or checkpoints."""
    return folder / f"{step:08d}.safetensors"


def numbers_in(folder: Path) -> list[int]:
    """The steps that have a file in a folder, in order; none where the folder is a link."""
    try:
        names = [] if folder.is_symlink() else [path.name for path in folder.iterdir()]
    except OSError:  # there is no such folder
        return []
    return sorted({int(found[1]) for name in names if (found := NUMBERED.fullmatch(name))})


def read_snapshot(
    folder: Path, step: int, first: int, method: str, config: Mapping[str, Any]
) -> Arrays:
    """The arrays of a snapshot: finite, of the shapes of the run's `first` one, and as the method's
    views expect them.

    Raises GlimpseError where they are not, or the file is missing or damaged.
    """
    try:
        arrays = _load(numbered(folder, step))
        _check_shapes(arrays, _shapes_in(numbered(folder, first)))
        check = load_snapshot_check(method)
        if check is not None:
            check(arrays, config, step == first)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        reason = f" ({error})" if isinstance(error, ValueError) else ""
        raise GlimpseError(
            f"The picture of step {step} is missing or damaged{reason}: choose another step."
        ) from error
    return arrays


def _load(path: Path) -> Arrays:
    arrays: Arrays = dict(load(read_regular(path, SNAPSHOT_BYTES)))
    if not arrays:
        raise ValueError("it has no arrays")
    for name, array in arrays.items():
        if array.dtype.kind not in DTYPES:
            raise ValueError(f"{name} has numbers of the kind {array.dtype}")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} has numbers that are not finite")
    return arrays


def _check_shapes(arrays: Arrays, expected: Shapes) -> None:
    for name, array in arrays.items():
        if array.shape != expected.get(name, array.shape):
            raise ValueError(f"{name} has the shape {array.shape}, at first {expected[name]}")


def _shapes_in(path: Path) -> Shapes:
    """The shapes of the arrays in a file; none where it cannot be read."""
    try:
        return _shapes(path, stamp(path))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        return {}


@lru_cache(256)
def _shapes(path: Path, _stamp: Stamp) -> Shapes:
    return {name: array.shape for name, array in _load(path).items()}
