"""A run is a folder of plain files that any tool can read, copy, zip and send.

    run.json          method, config, date: written once
    status.json       state and progress: replaced a few times a second by its only writer
    metrics.jsonl     one JSON object a step, append-only
    snapshots/        <step>.safetensors: the arrays from which a live view draws
    checkpoints/      <step>.safetensors: weights and optimiser, the newest two
    control           a person's command to the worker: pause or stop
    lock              held by the process that writes here, and freed however that ends
    log.txt           what the worker printed

A folder may come from anywhere, so what is read from it is checked: see `core.training.records` and
`core.training.snapshots`. Nothing here imports torch, so that pages can list runs at once.
"""

import os
import secrets
import shutil
import time
from copy import copy
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from safetensors.numpy import save

from core.config import RunConfig, parse_config
from core.errors import GlimpseError
from core.paths import runs_root
from core.training.archive import archive_of
from core.training.deletion import delete_folder
from core.training.files import disk_errors, read_regular, replace_file, replace_json
from core.training.locks import is_held
from core.training.metrics import Row, read_all_rows, read_rows
from core.training.queue import waits_for
from core.training.records import FORMAT, DamagedError, NewerFormatError, read_info, read_status
from core.training.run_names import LONGEST_NAME, is_name, is_own_folder, key_of, may_be_run
from core.training.snapshots import numbered, numbers_in, read_snapshot
from core.training.status import ACTIVE, Status, one_line

CONTROL_BYTES = 1 << 10
STARTUP_GRACE_S = 60.0  # a worker that was just started may not hold its lock yet


class RunFolder:
    """A run, read from its folder. Raises GlimpseError where the folder is not a usable run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        try:
            info = read_info(path)
        except DamagedError as error:
            raise GlimpseError(_cannot_be_opened(path, error)) from error
        self.method: str = info.method
        self.config: dict[str, Any] = dict(info.config)
        self.created: float = info.created
        self.stop_at: int | None = info.stop_at  # where it is stopped before its last step

    @property
    def key(self) -> str:
        """Its id in names of a page's own, where a folder's name that people chose cannot be."""
        return key_of(self.id)

    def completed(self, kind: type[RunConfig]) -> Self:
        """The run with all settings of its method: those that an older one lacks are at default.

        Raises GlimpseError where the method refuses its settings.
        """
        run = copy(self)
        try:
            run.config = parse_config(kind, self.config).model_dump(mode="json")
        except GlimpseError as error:
            raise GlimpseError(
                f"Run {self.id} cannot be shown, its settings are damaged, because {error}"
            ) from error
        return run

    # What readers ask

    def status(self) -> Status:
        """The status on disk, but `interrupted` where its writer has died.

        A queued run whose worker has not started yet is `starting`; one that waits says for what.
        Raises GlimpseError where the folder is gone.
        """
        status = self.recorded_status()
        if status.state not in ACTIVE or self.is_held():
            waits = waits_for(self.id) if status.state == "queued" else ""
            return self._if_there(replace(status, message=waits or status.message))
        if status.state == "queued" and status.age is not None and status.age < STARTUP_GRACE_S:
            return replace(status, state="starting")
        status = self.recorded_status()  # it may have finished in between
        if status.state not in ACTIVE:
            return self._if_there(status)
        return replace(status, state="interrupted", speed=0.0, message=self._why_interrupted())

    def recorded_status(self) -> Status:
        """The status on disk, as its writer left it."""
        try:
            return read_status(self.path)
        except DamagedError as error:
            return Status(state="interrupted", message=f"{str(error)[0].upper()}{str(error)[1:]}.")

    def is_held(self) -> bool:
        """Whether a living process writes to the folder."""
        return is_held(self.path / "lock")

    def metrics(self) -> list[Row]:
        """All rows: `step`, `elapsed` and the scalars of that step."""
        return read_all_rows(self.path / "metrics.jsonl")

    def metrics_since(self, offset: int) -> tuple[list[Row], int]:
        """The next rows from a byte offset on, with the offset for the next call."""
        return read_rows(self.path / "metrics.jsonl", offset)

    def snapshot_steps(self) -> list[int]:
        """Steps that have a snapshot, in order."""
        return numbers_in(self.path / "snapshots")

    def snapshot(self, step: int) -> dict[str, np.ndarray]:
        """The named arrays of a snapshot, as the method's views expect them.

        Raises GlimpseError where they are not, or the file is missing or damaged.
        """
        first = next(iter(self.snapshot_steps()), step)
        return read_snapshot(self.path / "snapshots", step, first, self.method, self.config)

    def checkpoint_steps(self) -> list[int]:
        """Steps that have a checkpoint, in order."""
        return numbers_in(self.path / "checkpoints")

    def checkpoint_path(self, step: int) -> Path:
        return numbered(self.path / "checkpoints", step)

    # What people ask for

    def request(self, command: Literal["pause", "stop"]) -> None:
        """Sends the worker a command, which it obeys within a step.

        Raises GlimpseError for a run that is not active.
        """
        state = self.status().state
        if state not in ACTIVE:
            raise GlimpseError(f"This run is {state}, so there is nothing to {command}.")
        replace_file(self.path / "control", command.encode())

    def requested(self) -> str | None:
        """The command to the worker, if there is one."""
        try:
            command = read_regular(self.path / "control", CONTROL_BYTES).decode(errors="replace")
        except OSError:
            return None
        return command if command in ("pause", "stop") else None

    def delete(self) -> None:
        """Removes the folder. Raises GlimpseError while a worker writes to it."""
        if self.status().state in ACTIVE:
            raise GlimpseError("This run is still training: stop it, then delete it.")
        delete_folder(self.path)

    def archive(self) -> bytes:
        """The folder as a zip archive."""
        return archive_of(self.path)

    # What its only writer does

    def write_status(self, status: Status) -> None:
        replace_json(
            self.path / "status.json", asdict(replace(status, updated=round(time.time(), 3)))
        )

    def write_snapshot(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        replace_file(numbered(self.path / "snapshots", step), save(contiguous))

    def clear_request(self) -> None:
        control = self.path / "control"
        if not control.is_dir() or control.is_symlink():  # no command is in a folder
            with disk_errors(self.path):
                control.unlink(missing_ok=True)

    def _if_there(self, status: Status) -> Status:
        """The status. Raises GlimpseError where there is no folder, and so none."""
        if not self.path.is_dir():
            raise GlimpseError(f"Run {self.id} was deleted or renamed: choose another run.")
        return status

    def _why_interrupted(self) -> str:
        self._if_there(Status())
        if shutil.disk_usage(self.path).free < 1 << 20:
            return "The worker ended because the disk is full: free some space, then resume."
        return "The worker ended without a message: resume to go on from the last checkpoint."


@dataclass(frozen=True)
class Scan:
    """The runs that can be opened, newest first, and the reasons why others cannot, by name."""

    runs: list[RunFolder]
    problems: dict[str, str]


def create_run(
    method: str, config: dict[str, Any], steps: int, stop_at: int | None = None
) -> RunFolder:
    """A new run folder with a generated id, queued. Raises GlimpseError if it cannot be made."""
    root = runs_root()
    path = _new_path(root, method)
    with disk_errors(root):
        for folder in ("snapshots", "checkpoints"):
            (path / folder).mkdir(parents=True)
    now = time.time()
    info = {"format": FORMAT, "method": method, "config": config, "created": now}
    if stop_at is not None:
        info["stop_at"] = stop_at
    replace_json(path / "run.json", info)
    run = RunFolder(path)
    run.write_status(Status(state="queued", steps=steps, queued_at=now))
    return run


def _new_path(root: Path, method: str) -> Path:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    path = root / f"{method}-{stamp}-{secrets.token_hex(2)}"
    return _new_path(root, method) if path.exists() else path


def open_run(run_id: str) -> RunFolder:
    """A run by its id. Raises GlimpseError for one that is unknown or outside the runs folder."""
    path = runs_root() / run_id
    if not is_name(run_id) or not is_own_folder(path):
        raise _unknown(run_id)
    return RunFolder(path)


def delete_run(name: str) -> None:
    """Deletes what the list of runs names: a run, or a folder that cannot be opened.

    Raises GlimpseError for any other name, while a worker writes to the run, and where the folder
    may not be removed.
    """
    path = runs_root() / name
    if path.parent != runs_root() or not os.path.lexists(path) or not may_be_run(path):
        raise _unknown(name)
    try:
        run = _usable(path)
    except GlimpseError:  # it cannot be opened, and so nobody trains it
        delete_folder(path)
    else:
        run.delete()


def scan_runs() -> Scan:
    """Every run in the runs folder. A damaged folder never hides the others."""
    root = runs_root()
    try:
        names = [path.name for path in root.iterdir() if may_be_run(path)]
    except OSError:  # there is none yet, or it may not be read
        names = []
    runs, problems = [], {}
    for name in names:
        try:
            runs.append(_usable(root / name))
        except GlimpseError as error:
            problems[name] = str(error)
    return Scan(sorted(runs, key=lambda run: (run.created, run.id), reverse=True), problems)


def list_runs() -> list[RunFolder]:
    """The runs that can be opened, newest first."""
    return scan_runs().runs


def _usable(path: Path) -> RunFolder:
    """A run of the list. Raises GlimpseError where it cannot be used."""
    if not is_own_folder(path):
        raise GlimpseError(
            f"Run {one_line(path.name)} is not a folder but a file or a link: move the folder here."
        )
    if not is_name(path.name):
        raise GlimpseError(
            f"Run {ascii(path.name)[:LONGEST_NAME]} cannot be opened under this name: rename the "
            f"folder, to at most {LONGEST_NAME} printable characters."
        )
    return RunFolder(path)


def _unknown(name: str) -> GlimpseError:
    return GlimpseError(
        f"There is no run {name[:60]!r}, or it was deleted: choose one from the list of runs."
    )


def _cannot_be_opened(path: Path, error: DamagedError) -> str:
    if isinstance(error, NewerFormatError):
        return (
            f"Run {path.name} was made by a newer Glimpse (format {error}, this one reads "
            f"{FORMAT}): update Glimpse to open it."
        )
    return f"Run {path.name} cannot be opened, {error}: restore that file, or delete the run."
