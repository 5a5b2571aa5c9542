"""Writing files so that no reader sees half of one, not even after a crash or on a full disk."""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.errors import GlimpseError

_SENTENCES = {
    errno.ENOSPC: "The disk that holds {path} is full: free some space and resume the run",
    errno.EDQUOT: "The disk quota for {path} is used up: free some space and resume the run",
    errno.EROFS: "{path} is on a read-only disk: set GLIMPSE_RUNS to a folder you can write to",
    errno.EACCES: "{path} may not be written to: set GLIMPSE_RUNS to a folder that you own",
    errno.EPERM: "{path} may not be written to: set GLIMPSE_RUNS to a folder that you own",
}
_OTHERWISE = "{path} cannot be used ({reason}): set GLIMPSE_RUNS to another folder"


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns errors of the disk (full, read-only, no permission) into a GlimpseError."""
    try:
        yield
    except OSError as error:
        sentence = _SENTENCES.get(error.errno or 0, _OTHERWISE)
        raise GlimpseError(sentence.format(path=path, reason=error.strerror) + ".") from error


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file beside it, syncs and renames: `path` has the old bytes or the new ones.

    Raises GlimpseError where the disk is full or may not be written to; the old file stays.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with disk_errors(path.parent):
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def replace_json(path: Path, value: Any) -> None:
    """`replace_file` with a JSON object."""
    replace_file(path, json.dumps(value, indent=1).encode() + b"\n")


def _sync_folder(folder: Path) -> None:
    """Syncs a folder, without which a rename in it may be lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
