"""Locks that the kernel holds for a process, and frees however the process ends.

A lock is a file. In it stand the number of the process that holds it and a note; the time of its
last change is that process's last sign of life.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from core.errors import GlimpseError
from core.training.files import UnusableFileError, disk_errors, open_descriptor, read_regular

with suppress(ImportError):  # Windows, which core.environment.check refuses with a sentence
    import fcntl

LOCK_BYTES = 1 << 10  # a few dozen in a lock of ours


class FileLock:
    """An exclusive advisory lock on a file, held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, patience_s: float = 0.0, note: str = "") -> bool:
        """Takes the lock, waiting at most `patience_s`; returns whether it did.

        A little patience helps against `is_held` in another process, which takes it for a moment.
        Raises GlimpseError where the file cannot be written to, or is no file.
        """
        deadline = time.monotonic() + patience_s
        while (descriptor := self._try()) is None:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        with suppress(OSError):  # a full disk: the lock is held all the same
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n{note}\n".encode(), 0)
        self._descriptor = descriptor
        return True

    def give_sign(self) -> None:
        """Says to other processes that this one, which holds the lock, is alive."""
        if self._descriptor is not None:
            with suppress(OSError):  # a disk that has become read-only ends the run elsewhere
                os.utime(self._descriptor)

    def release(self) -> None:
        """Releases the lock; does nothing where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def discard(self) -> None:
        """Deletes the file and releases the lock; does nothing where it is not held."""
        if self._descriptor is not None:
            with suppress(OSError):  # whoever takes it next finds it free
                self.path.unlink()
            self.release()

    def _try(self) -> int | None:
        """The descriptor of the locked file; None where another process holds it."""
        try:
            with disk_errors(self.path.parent):
                descriptor = open_descriptor(self.path, os.O_RDWR | os.O_CREAT)
                if _try_lock(descriptor, shared=False) and _is_at(self.path, descriptor):
                    return descriptor
                os.close(descriptor)
                return None
        except GlimpseError as error:
            if isinstance(error.__cause__, UnusableFileError):
                raise GlimpseError(f"{self.path} is {error.__cause__}: delete it.") from error
            raise

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether any living process holds the lock on `path`. What is no lock is held by nobody."""
    try:
        descriptor = open_descriptor(path)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor, shared=True)
    except OSError:  # a disk that knows no locks
        return False
    finally:
        os.close(descriptor)


def process_in(path: Path) -> int | None:
    """The number of the process that took the lock last; None where the file does not say."""
    number = _line(path, 0)
    return int(number) if number.isdecimal() and int(number) > 1 else None


def note_in(path: Path) -> str:
    """The note of the process that took the lock last."""
    return _line(path, 1)


def seconds_silent(path: Path) -> float:
    """Seconds since the last sign of life from the process that holds the lock."""
    try:
        changed = path.lstat().st_mtime
    except OSError:
        return 0.0
    return max(0.0, time.time() - changed)  # less than 0 where the clock has been put back


def _line(path: Path, index: int) -> str:
    try:
        lines = read_regular(path, LOCK_BYTES).decode(errors="replace").split("\n")
    except OSError:
        return ""
    return lines[index] if index < len(lines) else ""


def _try_lock(descriptor: int, *, shared: bool) -> bool:
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one at `path`, and not deleted since it was opened."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
