"""The queue: which runs wait for a slot, and in which order.

A run that waits has a place, which is a file in `.queue`. Its name sorts by the time at which the
run was queued; the process that waits holds a lock on it. So to look at the queue is to list one
small folder, whatever the number of runs. Nothing here imports more than Python's own modules: a
process that waits takes 12 MB, where one with torch takes 400.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from core.errors import GlimpseError
from core.paths import runs_root
from core.training.files import disk_errors, open_descriptor, read_regular
from core.training.locks import FileLock, is_held
from core.training.slots import has_free_slot, in_slots, take_slot

MOST_WAITING = 50
LOOK_S = 1.0  # from one look at the queue to the next
GRACE_S = 60.0  # a process that was just started may not hold its place yet
CONTROL_BYTES = 1 << 10


class Place(NamedTuple):
    """A place in the queue: the name of its file."""

    name: str  # of sortable seconds since 1970, a blank and the run's id

    @property
    def run_id(self) -> str:
        return self.name.partition(" ")[2]

    @property
    def path(self) -> Path:
        return _folder() / self.name

    def is_taken(self) -> bool:
        """Whether a living process waits here, or one was started a moment ago and soon will."""
        if is_held(self.path):
            return True
        try:
            found = self.path.lstat()
        except OSError:
            return False
        age = time.time() - found.st_mtime  # less than 0 where the clock has been put back
        was_never_held = found.st_size == 0
        return was_never_held and 0 <= age < GRACE_S


def check_room() -> None:
    """Raises GlimpseError where as many runs wait as may."""
    if len(waiting()) >= MOST_WAITING:
        raise GlimpseError(
            f"{MOST_WAITING} runs wait already: stop some of them, or start this one later."
        )


def enqueue(run_id: str, queued_at: float) -> Place:
    """Gives a run the place of the time at which it was queued; it keeps one that it has.

    Raises GlimpseError where the disk refuses.
    """
    place = place_of(run_id) or Place(f"{queued_at:020.6f} {run_id}")
    with disk_errors(runs_root()):
        place.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(open_descriptor(place.path, os.O_RDWR | os.O_CREAT))
    return place


def leave(run_id: str) -> None:
    """Takes a run out of the queue; nobody waits at its place."""
    if place := place_of(run_id):
        _clear(place)


def place_of(run_id: str) -> Place | None:
    """A run's place in the queue; None where it has none."""
    return next((place for place in _places() if place.run_id == run_id), None)


def waiting() -> list[Place]:
    """The places at which a process waits, in order. Deletes those that dead ones have left."""
    taken = []
    for place in _places():
        if place.is_taken():
            taken.append(place)
        else:
            _clear(place)
    return taken


def is_next(run_id: str) -> bool:
    """Whether a slot is free and no other run waits for it, so that a run can start at once."""
    return has_free_slot() and all(place.run_id == run_id for place in waiting())


def wait_for_slot(
    folder: Path, place: Place, tell: Callable[[str], None] | None = None
) -> FileLock | None:
    """Waits until a run's turn has come and a slot is free, and takes the slot.

    The caller holds the place. Returns None where a person asks the run to pause or to stop, or
    its folder is gone. `tell` gets a sentence that says what the run waits for, and each new one.
    """
    told = ""
    while folder.is_dir() and not has_command(folder):
        ahead = _ahead_of(place)
        slot = None if ahead else take_slot(place.run_id)
        if slot is not None:
            return slot
        if tell is not None and (sentence := _waits_for(ahead)) != told:
            tell(sentence)
            told = sentence
        time.sleep(LOOK_S)
    return None


def waits_for(run_id: str) -> str:
    """A sentence that says what a queued run waits for; empty where it does not wait."""
    place = place_of(run_id)
    return "" if place is None else _waits_for(_ahead_of(place))


def has_command(folder: Path) -> bool:
    """Whether a person has asked the run in this folder to pause or to stop."""
    try:
        return bool(read_regular(folder / "control", CONTROL_BYTES))
    except OSError:
        return False


def _ahead_of(place: Place) -> list[Place]:
    return [other for other in waiting() if other < place and other.run_id != place.run_id]


def _waits_for(ahead: list[Place]) -> str:
    training = in_slots()
    now = f"while {' and '.join(training)} train{'' if training[1:] else 's'}" if training else ""
    if not ahead:
        return f"Waits for a free slot {now}".strip() + "."
    first = f"{len(ahead)} runs, the last of them" if ahead[1:] else "run"
    return f"Waits behind {first} {ahead[-1].run_id}, {now}".strip(" ,") + "."


def _clear(place: Place) -> None:
    """Deletes a place that nobody holds, where the disk allows it."""
    with suppress(GlimpseError):
        lock = FileLock(place.path)
        lock.acquire()
        lock.discard()


def _places() -> list[Place]:
    """All places, taken or not, in order."""
    try:
        names = [path.name for path in _folder().iterdir()]
    except OSError:
        return []
    return sorted(Place(name) for name in names if " " in name)


def _folder() -> Path:
    return runs_root() / ".queue"
