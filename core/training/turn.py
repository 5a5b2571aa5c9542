"""A run's turn: what a process holds before it may write to the run's folder, and while it does."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Event, Thread

from core.errors import GlimpseError
from core.training.locks import FileLock
from core.training.queue import Place, wait_for_slot

PATIENCE_S = 2.0
SIGN_S = 1.0  # from one sign of life to the next
PARTS = ".*.part"  # what `files.replace_file` writes before it renames it
CONTROL_PARTS = ".control.*"  # written by people's processes, which hold no lock
YOUNG_S = 60.0


@contextmanager
def turn(
    folder: Path, place: Place, tell: Callable[[str], None] | None = None
) -> Iterator[FileLock | None]:
    """Locks the folder of a queued run, waits at its place, and holds the run's slot in the block.

    Yields None where a person asks the run to rest instead. `tell` gets sentences that say what the
    run waits for. Raises GlimpseError where another process has the run.
    """
    with FileLock(place.path) as own_place, FileLock(folder / "lock") as lock:
        _take(own_place, folder.name)
        try:
            _take(lock, folder.name)
            with _signs_of_life(lock):
                sweep(folder)
                slot = wait_for_slot(folder, place, tell)
                own_place.discard()
                with slot or nullcontext():
                    yield slot
        finally:
            own_place.discard()


def sweep(folder: Path) -> None:
    """Deletes what killed writers have left in a run's folder; the caller holds its lock."""
    places = (folder, folder / "snapshots", folder / "checkpoints")
    for part in [part for place in places if not place.is_symlink() for part in place.glob(PARTS)]:
        with suppress(OSError):  # it costs some space, and the run goes on
            if not part.match(CONTROL_PARTS) or abs(time.time() - part.lstat().st_mtime) > YOUNG_S:
                part.unlink()


def _take(lock: FileLock, run_id: str) -> None:
    if not lock.acquire(PATIENCE_S):
        raise GlimpseError(f"Run {run_id} is trained by another worker already.")


@contextmanager
def _signs_of_life(lock: FileLock) -> Iterator[None]:
    """Lets a thread say that this process lives, however long a step or an evaluation takes."""
    ended = Event()

    def give_signs() -> None:
        while not ended.wait(SIGN_S):
            lock.give_sign()

    thread = Thread(target=give_signs, name="signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
