"""How many runs train at once, and in which order the others wait."""

import os
import time

from core import distributed
from core.paths import runs_root
from core.training.files import disk_errors
from core.training.locks import FileLock
from core.training.run_folder import RunFolder, list_runs
from core.training.status import ACTIVE

POLL_S = 0.1


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def slot_count() -> int:
    """Runs that may train at once: `GLIMPSE_SLOTS`, else one for every two cores."""
    return int(os.environ.get("GLIMPSE_SLOTS") or max(1, cores() // 2))


def threads_per_worker() -> int:
    """Threads of a run: `GLIMPSE_THREADS`, else all cores but one, divided among the slots.

    Where several processes of this machine train the run, they share these threads.
    """
    threads = int(os.environ.get("GLIMPSE_THREADS") or (cores() - 1) // slot_count())
    return max(1, threads // distributed.local_world_size())


def wait_for_slot(run: RunFolder) -> FileLock | None:
    """Waits in the queue and takes a slot; returns None if the run is paused or stopped instead.

    A slot is a lock, which the kernel frees however its worker ends.
    """
    while run.requested() is None:
        slot = _take_slot() if not ahead_of(run) else None
        if slot is not None:
            return slot
        time.sleep(POLL_S)
    return None


def ahead_of(run: RunFolder) -> list[RunFolder]:
    """The waiting runs that were queued before this one."""
    own_place = (run.recorded_status().queued_at, run.id)
    return [
        other
        for other in list_runs()
        if other.id != run.id
        and (status := other.recorded_status()).state == "queued"
        and (status.queued_at, other.id) < own_place
        and other.status().state in ACTIVE
    ]


def _take_slot() -> FileLock | None:
    folder = runs_root() / ".slots"
    with disk_errors(folder.parent):
        folder.mkdir(parents=True, exist_ok=True)
    for index in range(slot_count()):
        lock = FileLock(folder / f"{index}.lock")
        if lock.acquire():
            return lock
    return None
