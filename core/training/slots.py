"""How many runs train at once, and in which order the rest wait."""

import os
import time

from core import distributed
from core.paths import runs_root
from core.training.files import disk_errors
from core.training.locks import FileLock
from core.training.run_folder import ACTIVE, RunFolder, list_runs

POLL_S = 0.1


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def slot_count() -> int:
    """Runs that may train at once: `GLIMPSE_SLOTS`, else one for every two cores."""
    return int(os.environ.get("GLIMPSE_SLOTS") or max(1, cores() // 2))


def threads_per_worker() -> int:
    """Threads of one run: `GLIMPSE_THREADS`, else all cores but one shared by the slots.

    Where several processes of this machine train the run, each gets its share of them.
    """
    threads = int(os.environ.get("GLIMPSE_THREADS") or (cores() - 1) // slot_count())
    return max(1, threads // distributed.local_world_size())


def wait_for_slot(run: RunFolder) -> FileLock | None:
    """Waits in line and takes a slot; None once the run was asked to pause or stop instead.

    A slot is a lock that the kernel frees at any death of its worker.
    """
    while run.requested() is None:
        slot = _take_slot() if not ahead_of(run) else None
        if slot is not None:
            return slot
        time.sleep(POLL_S)
    return None


def ahead_of(run: RunFolder) -> list[RunFolder]:
    """The runs that wait and were queued before this one."""
    mine = (run.recorded_status().queued_at, run.id)
    return [
        other
        for other in list_runs()
        if other.id != run.id
        and (status := other.recorded_status()).state == "queued"
        and (status.queued_at, other.id) < mine
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
