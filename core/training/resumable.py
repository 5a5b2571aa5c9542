"""Whether a run that has ended can go on, as far as can be told at once: without torch."""

import json
from functools import lru_cache
from pathlib import Path

from core.errors import GlimpseError
from core.registry import METHODS, imported_method
from core.training.files import open_regular
from core.training.records import Stamp, stamp
from core.training.run_folder import RunFolder

HEADER_BYTES = 1 << 22


def why_never(run: RunFolder) -> str:
    """Why a run can never go on, in a sentence; empty where nothing is known against it.

    Its settings are checked where its method has been imported already.
    """
    if run.method not in METHODS:
        return f"This Glimpse has no method {run.method}, so this run cannot go on."
    kind = imported_method(run.method)
    try:
        if kind is not None:
            run.completed(kind.Config)
    except GlimpseError as refusal:
        return str(refusal)
    steps = run.checkpoint_steps()
    if steps and not any(_is_whole(run.checkpoint_path(step)) for step in steps):
        return "Every checkpoint of this run is damaged, so it cannot go on."
    return ""


def _is_whole(path: Path) -> bool:
    """Whether a safetensors file is as long as its header says."""
    try:
        return _has_its_length(path, stamp(path))
    except (OSError, ValueError, AttributeError, LookupError, TypeError, RecursionError):
        return False


@lru_cache(1024)
def _has_its_length(path: Path, found: Stamp) -> bool:
    with open_regular(path) as file:
        length = int.from_bytes(file.read(8), "little")
        if length > HEADER_BYTES:
            return False
        header = json.loads(file.read(length))
    ends = [about["data_offsets"][1] for name, about in header.items() if name != "__metadata__"]
    _inode, size, *_times = found
    return bool(size == 8 + length + max(ends, default=0))
