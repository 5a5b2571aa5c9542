"""How many runs train at once, on how many threads, and which ones do now."""

from pathlib import Path

from core import distributed
from core.environment import cores, number
from core.paths import runs_root
from core.training.files import disk_errors
from core.training.locks import FileLock, is_held, note_in


def slot_count() -> int:
    """Runs that may train at once: `GLIMPSE_SLOTS`, else one for every two cores."""
    return number("GLIMPSE_SLOTS") or max(1, cores() // 2)


def threads_per_worker() -> int:
    """Threads of a run: `GLIMPSE_THREADS`, else all cores but one, divided among the slots.

    Where several processes of this machine train the run, they share these threads.
    """
    threads = number("GLIMPSE_THREADS") or (cores() - 1) // slot_count()
    return max(1, threads // distributed.local_world_size())


def take_slot(run_id: str) -> FileLock | None:
    """A slot for a run; None where all are taken. Raises GlimpseError where the disk refuses.

    A slot is a lock, which the kernel frees however its worker ends.
    """
    with disk_errors(runs_root()):
        _folder().mkdir(parents=True, exist_ok=True)
    for path in _paths():
        lock = FileLock(path)
        if lock.acquire(note=run_id):
            return lock
    return None


def has_free_slot() -> bool:
    return not all(map(is_held, _paths()))


def in_slots() -> list[str]:
    """The ids of the runs that have a slot now."""
    return [note for path in _paths() if is_held(path) and (note := note_in(path))]


def _folder() -> Path:
    return runs_root() / ".slots"


def _paths() -> list[Path]:
    return [_folder() / f"{index}.lock" for index in range(slot_count())]
