"""The pictures in a folder and its folders: links are not followed, only files are opened."""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from core.data.picture_files import found as reasons
from core.data.picture_files.found import Found
from core.data.picture_files.names import decoded, shown
from core.errors import GlimpseError

MAX_ENTRIES = 500_000  # files and folders that are looked at
MAX_DEPTH = 32
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC


class UnreadableNowError(GlimpseError):
    """The disk or the network refuses a file, which may be another matter in a moment."""


class _Entry(NamedTuple):
    """Something in a folder: its path there, and the reason to leave it out if there is one."""

    name: str
    reason: str | None
    size: int = 0
    changed: tuple[int, int] = (0, 0)  # mtime_ns, ctime_ns


def open_folder(path: Path, title: str, max_bytes: int) -> Found:
    """The files in a folder, of each at most `max_bytes`.

    Raises GlimpseError where there is too much to look at.
    """
    entries = sorted(_walk(path, title), key=lambda entry: entry.name)
    names, code_page = decoded([os.fsencode(entry.name) for entry in entries])
    found = Found(title)
    for name, entry in zip(names, entries, strict=True):
        if entry.reason is None:
            read = partial(read_regular, path / entry.name, shown(name), max_bytes)
            found.add(name, entry.size, read)
        else:
            found.leave_out(name, entry.reason)
    if code_page is not None:
        found.remarks.append(f"Names that are not UTF-8 are read as {code_page}.")
    return found


def fingerprint(path: Path, title: str) -> tuple[object, ...]:
    """What changes when a file in a folder does: name, size, mtime_ns and ctime_ns of each, sorted.

    The last shows a file that another one of the same size and time was put in place of.
    """
    return tuple(sorted(_walk(path, title), key=lambda entry: entry.name))


def _walk(path: Path, title: str) -> Iterator[_Entry]:
    """All that is in a folder and its folders; a folder itself only where it is left out.

    Raises OSError where the first cannot be read.
    """
    waiting = [""]
    seen = 0
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(path / folder) as entries:
                inside = list(entries)
        except OSError:
            if not folder:
                raise
            yield _Entry(folder.rstrip("/"), reasons.NOT_ALLOWED)
            continue
        seen += len(inside)
        if seen > MAX_ENTRIES or folder.count("/") > MAX_DEPTH:
            raise GlimpseError(
                f"{title} holds more than {MAX_ENTRIES:,} files, or folders more than {MAX_DEPTH} "
                "deep: give a folder of pictures alone."
            )
        for entry in inside:
            name = f"{folder}{entry.name}"
            if reasons.is_of_system(entry.name):
                yield _Entry(name, reasons.SYSTEM)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(f"{name}/")
            else:
                yield _file(name, entry)


def _file(name: str, entry: os.DirEntry[str]) -> _Entry:
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        return _Entry(name, reasons.LINKS)
    if not stat.S_ISREG(status.st_mode):
        return _Entry(name, reasons.NO_FILES)
    reason = None if os.access(entry.path, os.R_OK) else reasons.NOT_ALLOWED
    return _Entry(name, reason, status.st_size, (status.st_mtime_ns, status.st_ctime_ns))


def read_regular(path: Path, name: str, max_bytes: int) -> bytes:
    """At most so many bytes of a regular file; never waits, as a pipe would make it.

    Raises UnreadableNowError where it is another kind of file by now, or cannot be read.
    """
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(None, "it is not a file")
            return file.read(max_bytes)
    except OSError as error:
        raise UnreadableNowError(
            f"{name} cannot be read ({error.strerror}): replace or remove it."
        ) from error
