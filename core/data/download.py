"""Downloads of data sources, with torchvision, progress and one sentence for each failure."""

import errno
import shutil
import socket
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import BadGzipFile
from http.client import HTTPException
from typing import Any, Self

from core.data.catalog import SOURCES, Source
from core.data.places import is_whole
from core.errors import GlimpseError
from core.paths import data_root

SET_ASIDE = ".not-whole"  # ends the name of a file in whose place another one is fetched
TIMEOUT = 20.0  # seconds without a byte before a server counts as unreachable

Progress = Callable[[int, int], None]  # bytes fetched so far, bytes in all

_FAILURES = (OSError, RuntimeError, HTTPException, EOFError, zipfile.BadZipFile, zlib.error)
_downloading = threading.Lock()


def download(name: str, on_progress: Progress) -> None:
    """Downloads a source into the data root with torchvision. Does nothing if it is present.

    `on_progress` is called with the bytes so far and in all; an exception from it stops the
    download. Raises GlimpseError for an unreachable server, a wrong checksum or a full disk.
    """
    if name not in SOURCES:
        raise GlimpseError(f"There is no data source {name!r}: choose one of {', '.join(SOURCES)}.")
    source = SOURCES[name]
    if source.present():
        on_progress(source.download_bytes, source.download_bytes)
        return
    if not _downloading.acquire(blocking=False):
        raise GlimpseError("Another download is running: wait until it is done.")
    try:
        _prepare(source)
        with _reported(source, on_progress), _network_timeout():
            _fetch(name)
    except _FAILURES as error:
        raise _refusal(source, error) from error
    finally:
        _downloading.release()
    if not source.present():
        raise GlimpseError(f"{source.title} is not complete: try the download again.")
    on_progress(source.download_bytes, source.download_bytes)


def _fetch(name: str) -> None:
    from torchvision import datasets  # takes seconds to import

    root = str(data_root())
    if name == "mnist":
        datasets.MNIST(root, download=True)
    else:
        datasets.CIFAR10(root, download=True)


def _prepare(source: Source) -> None:
    """Checks the disk space, and renames truncated files, which torchvision would keep."""
    data_root().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(data_root()).free
    if free < source.unpacked_bytes:
        raise GlimpseError(
            f"{source.title} needs {source.unpacked_bytes / 1e6:.0f} MB and the disk of "
            f"{data_root()} has {free / 1e6:.0f} MB left: free some space, or use {source.instead}."
        )
    for path in source.paths():
        if path.is_file() and not is_whole(path):
            path.replace(path.with_name(f"{path.name}{SET_ASIDE}"))


@contextmanager
def _reported(source: Source, on_progress: Progress) -> Iterator[None]:
    """Replaces the progress bar that torchvision prints by calls of `on_progress`."""
    from torchvision.datasets import utils

    total = source.download_bytes
    fetched = 0

    class Counter:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def update(self, n_bytes: int) -> None:
            nonlocal fetched
            fetched += n_bytes
            on_progress(min(fetched, total), total)

    bar = utils.tqdm
    utils.tqdm = Counter
    try:
        yield
    finally:
        utils.tqdm = bar


@contextmanager
def _network_timeout() -> Iterator[None]:
    """Sets a timeout: torchvision has none, and a silent server would block for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


_FULL = {errno.ENOSPC, errno.EDQUOT}
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


def _refusal(source: Source, error: Exception) -> GlimpseError:
    """The message for an error of torchvision, the network or the disk."""
    root = data_root()
    code = getattr(error, "errno", None)
    if code in _FULL:
        return GlimpseError(
            f"The disk of {root} is full: free some space, or set GLIMPSE_DATA to a folder "
            "with more."
        )
    if code in _NOT_WRITABLE:
        return GlimpseError(
            f"{root} cannot be written to: set GLIMPSE_DATA to one of your folders, or use "
            f"{source.instead}."
        )
    if _is_damage(error):
        return GlimpseError(
            f"The download of {source.title} is damaged (wrong checksum): try again later, "
            f"or use {source.instead}."
        )
    return GlimpseError(
        f"The servers of {source.title} cannot be reached: try again with a network, or use "
        f"{source.instead}."
    )


def _is_damage(error: Exception) -> bool:
    """Whether an error is of damaged data. torchvision says `corrupted` for a wrong checksum."""
    is_bad_archive = isinstance(error, (EOFError, BadGzipFile, zipfile.BadZipFile, zlib.error))
    return is_bad_archive or "corrupted" in str(error)
