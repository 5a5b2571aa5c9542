"""The files of a run: written so that no reader sees half of one, and read without trust.

A run folder may come from anywhere. Where a file should be there may be a link, a pipe or a device,
and it may have any size.
"""

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import GlimpseError

_SENTENCES = {
    errno.ENOSPC: "The disk that holds {path} is full: free some space and resume the run",
    errno.EDQUOT: "The disk quota for {path} is used up: free some space and resume the run",
    errno.EROFS: "{path} is on a read-only disk: set GLIMPSE_RUNS to a folder you can write to",
    errno.EACCES: "{path} may not be written to: set GLIMPSE_RUNS to a folder that you own",
    errno.EISDIR: "In {path} a folder is in the place of a file: remove that folder",
    errno.EPERM: "{path} may not be written to: set GLIMPSE_RUNS to a folder that you own",
    errno.ENOENT: "{path} is not there: it never was, or it was deleted or moved",
}
_NEVER_ELSEWHERE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # not through a link, no waiting
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_OTHERWISE = "{path} cannot be used ({reason}): set GLIMPSE_RUNS to another folder"


class UnusableFileError(OSError):
    """A path holds no file that may be read or written; the message completes "it is ..."."""


def open_descriptor(path: Path, flags: int = os.O_RDONLY) -> int:
    """A descriptor of a regular file; never waits, and never follows a link to another place.

    With `os.O_CREAT` in `flags` a missing file is created. Raises UnusableFileError for a link, a
    folder, a pipe, a socket or a device, and another OSError (FileNotFoundError for a missing file)
    as `os.open` does.
    """
    try:
        descriptor = os.open(path, flags | _NEVER_ELSEWHERE, 0o644)
    except OSError as error:
        raise _why_unusable(error, path) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnusableFileError("not a regular file")
    return descriptor


def open_regular(path: Path, limit: int | None = None) -> BinaryIO:
    """A regular file open for reading; raises what `open_descriptor` raises.

    Raises UnusableFileError too where the file has more than `limit` bytes.
    """
    file = os.fdopen(open_descriptor(path), "rb")
    if limit is not None and os.fstat(file.fileno()).st_size > limit:
        file.close()
        raise UnusableFileError(f"larger than {limit:,} bytes")
    return file


def read_regular(path: Path, limit: int) -> bytes:
    """All bytes of a regular file of at most `limit` bytes; raises what `open_regular` raises."""
    with open_regular(path, limit) as file:
        return file.read(limit)


def _why_unusable(error: OSError, path: Path) -> OSError:
    """Says of errors that mean "no regular file is here" so; gives back all others."""
    if path.is_symlink():  # ELOOP on Linux, EMLINK elsewhere
        return UnusableFileError("a link to another file")
    if error.errno in (errno.EISDIR, errno.ENXIO, errno.ENODEV):  # a folder, a pipe or socket
        return UnusableFileError("not a regular file")
    return error


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns errors of the disk (full, read-only, no permission) into a GlimpseError."""
    try:
        yield
    except OSError as error:
        sentence = _SENTENCES.get(error.errno or 0, _OTHERWISE)
        reason = error.strerror or str(error)
        raise GlimpseError(sentence.format(path=path, reason=reason) + ".") from error


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file beside it, syncs and renames: `path` has the old bytes or the new ones.

    Raises GlimpseError where the disk is full or may not be written to; the old file stays.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with disk_errors(path.parent):
        try:
            aside.unlink(missing_ok=True)  # a link or a pipe may lie there, or a dead process's
            with os.fdopen(open_descriptor(aside, _NEW), "wb") as file:
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
