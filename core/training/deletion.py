"""Deleting a run's folder, whatever is in it."""

import os
import secrets
import shutil
from pathlib import Path

from core.errors import GlimpseError
from core.training.files import UnusableFileError, disk_errors, open_descriptor
from core.training.locks import FileLock

TRASH = ".deleted-"  # begins the name under which a folder is hidden before it is emptied


def delete_folder(path: Path) -> None:
    """Removes a run's folder; of a link or a file that stands in its place, that alone.

    Raises GlimpseError while a worker writes to it, where it is gone, and where it may not be
    removed.
    """
    if path.is_symlink() or path.is_file():
        with disk_errors(path.parent):
            path.unlink()
        return
    if not path.is_dir():
        raise GlimpseError(f"Run {path.name} was deleted already.")
    trash = path.with_name(f"{TRASH}{secrets.token_hex(8)}")
    with FileLock(path / "lock") as lock, disk_errors(path.parent):
        if not _take(lock):
            raise GlimpseError("This run is still training: stop it, then delete it.")
        path.rename(trash)
    with disk_errors(path.parent):
        shutil.rmtree(trash)


def _take(lock: FileLock) -> bool:
    """Takes a run's lock, if there is one: no worker can hold what is no file."""
    try:
        os.close(open_descriptor(lock.path))
    except UnusableFileError:
        return True
    except FileNotFoundError:  # it was never trained
        return True
    return lock.acquire(patience_s=0.5)
