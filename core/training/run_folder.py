"""A run is a folder of plain files that any tool can read, copy, zip and send.

    run.json          method, config, date: written once
    status.json       state and progress: replaced a few times a second by its only writer
    metrics.jsonl     one JSON object a step, append-only
    snapshots/        <step>.safetensors: the arrays from which a live view draws
    checkpoints/      <step>.safetensors: weights and optimiser, the newest two
    control           a person's command to the worker: pause or stop
    lock              held by the process that writes here, and freed however that ends
    log.txt           what the worker printed

Nothing here imports torch, so that pages can list runs at once.
"""

import io
import json
import re
import secrets
import shutil
import time
import zipfile
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from core.errors import GlimpseError
from core.paths import runs_root
from core.training.files import disk_errors, read_regular, replace_file, replace_json
from core.training.locks import FileLock, is_held
from core.training.metrics import Row, read_rows
from core.training.status import ACTIVE, Status

FORMAT = 1
RUN_ID = re.compile(r"[a-z][a-z0-9_]*-\d{8}-\d{6}-[0-9a-f]{4}")
INFO_BYTES = STATUS_BYTES = 1 << 20  # a few hundred in a run of ours
CONTROL_BYTES = 1 << 10
SNAPSHOT_BYTES = 1 << 28
STARTUP_GRACE_S = 60.0  # a worker that was just started may not hold its lock yet


class RunFolder:
    """A run, read from its folder. Raises GlimpseError where the folder is not a usable run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        info = _read_info(path)
        self.method: str = info["method"]
        self.config: dict[str, Any] = info["config"]
        self.created: float = info["created"]

    # What readers ask

    def status(self) -> Status:
        """The status on disk, but `interrupted` where its writer has died.

        A queued run whose worker has not started yet is `starting`.
        """
        status = self.recorded_status()
        if status.state not in ACTIVE or self.is_held():
            return status
        if status.state == "queued" and time.time() - status.updated < STARTUP_GRACE_S:
            return replace(status, state="starting")
        status = self.recorded_status()  # it may have finished in between
        if status.state not in ACTIVE:
            return status
        return replace(status, state="interrupted", speed=0.0, message=self._why_interrupted())

    def recorded_status(self) -> Status:
        """The status on disk, as its writer left it."""
        try:
            values = json.loads(read_regular(self.path / "status.json", STATUS_BYTES))
            known = {field.name for field in fields(Status)}
            return Status(**{name: value for name, value in values.items() if name in known})
        except (OSError, ValueError, TypeError, AttributeError):
            return Status(state="interrupted", message="Its status file is missing or damaged.")

    def is_held(self) -> bool:
        """Whether a living process writes to the folder."""
        return is_held(self.path / "lock")

    def metrics(self) -> list[Row]:
        """All rows: `step`, `elapsed` and the scalars of that step."""
        return read_rows(self.path / "metrics.jsonl")[0]

    def metrics_since(self, offset: int) -> tuple[list[Row], int]:
        """Rows from a byte offset on, with the offset for the next call."""
        return read_rows(self.path / "metrics.jsonl", offset)

    def snapshot_steps(self) -> list[int]:
        """Steps that have a snapshot, in order."""
        return _steps_in(self.path / "snapshots")

    def snapshot(self, step: int) -> dict[str, np.ndarray]:
        """The named arrays of a snapshot."""
        try:
            path = _numbered(self.path / "snapshots", step)
            return dict(load(read_regular(path, SNAPSHOT_BYTES)))
        except (OSError, SafetensorError) as error:
            raise GlimpseError(
                f"The picture of step {step} is missing or damaged: choose another step."
            ) from error

    def checkpoint_steps(self) -> list[int]:
        """Steps that have a checkpoint, in order."""
        return _steps_in(self.path / "checkpoints")

    def checkpoint_path(self, step: int) -> Path:
        return _numbered(self.path / "checkpoints", step)

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
            return read_regular(self.path / "control", CONTROL_BYTES).decode(errors="replace")
        except OSError:
            return None

    def delete(self) -> None:
        """Removes the folder. Raises GlimpseError while a worker writes to it."""
        with FileLock(self.path / "lock") as lock, disk_errors(self.path.parent):
            if self.status().state in ACTIVE or not lock.acquire(patience_s=0.5):
                raise GlimpseError("This run is still training: stop it, then delete it.")
            trash = self.path.with_name(f".deleted-{self.id}")
            self.path.rename(trash)
        shutil.rmtree(trash)

    def archive(self) -> bytes:
        """The folder as a zip archive."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for file in sorted(self.path.rglob("*")):
                if file.is_file() and file.name != "lock" and not file.name.startswith("."):
                    archive.write(file, Path(self.id) / file.relative_to(self.path))
        return buffer.getvalue()

    # What its only writer does

    def write_status(self, status: Status) -> None:
        replace_json(
            self.path / "status.json", asdict(replace(status, updated=round(time.time(), 3)))
        )

    def write_snapshot(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        replace_file(_numbered(self.path / "snapshots", step), save(contiguous))

    def clear_request(self) -> None:
        (self.path / "control").unlink(missing_ok=True)

    def _why_interrupted(self) -> str:
        if shutil.disk_usage(self.path).free < 1 << 20:
            return "The worker ended because the disk is full: free some space, then resume."
        return "The worker ended without a message: resume to go on from the last checkpoint."


@dataclass(frozen=True)
class Scan:
    """The runs that can be opened, newest first, and the reasons why others cannot, by id."""

    runs: list[RunFolder]
    problems: dict[str, str]


def create_run(method: str, config: dict[str, Any], steps: int) -> RunFolder:
    """A new run folder with a generated id, queued. Raises GlimpseError if it cannot be made."""
    root = runs_root()
    path = _new_path(root, method)
    with disk_errors(root):
        for folder in ("snapshots", "checkpoints"):
            (path / folder).mkdir(parents=True)
    now = time.time()
    info = {"format": FORMAT, "method": method, "config": config, "created": now}
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
    root = runs_root()
    path = root / run_id
    if not RUN_ID.fullmatch(run_id) or not path.is_dir() or path.resolve().parent != root:
        raise GlimpseError(f"There is no run {run_id[:60]!r}: choose one from the list of runs.")
    return RunFolder(path)


def scan_runs() -> Scan:
    """Every run in the runs folder. A damaged folder never hides the others."""
    root = runs_root()
    names = [path.name for path in root.iterdir()] if root.is_dir() else []
    runs, problems = [], {}
    for name in (name for name in names if RUN_ID.fullmatch(name)):
        try:
            runs.append(open_run(name))
        except GlimpseError as error:
            problems[name] = str(error)
    return Scan(sorted(runs, key=lambda run: (run.created, run.id), reverse=True), problems)


def list_runs() -> list[RunFolder]:
    """The runs that can be opened, newest first."""
    return scan_runs().runs


def _read_info(path: Path) -> dict[str, Any]:
    try:
        info = json.loads(read_regular(path / "run.json", INFO_BYTES))
        version = info["format"]
        if isinstance(version, int) and version > FORMAT:
            raise GlimpseError(
                f"Run {path.name} was made by a newer Glimpse (format {version}, this one reads "
                f"{FORMAT}): update Glimpse to open it."
            )
        usable = isinstance(info["method"], str) and isinstance(info["config"], dict)
        info["created"] = float(info["created"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _damaged(path) from error
    if not usable:
        raise _damaged(path)
    return dict(info)


def _damaged(path: Path) -> GlimpseError:
    return GlimpseError(
        f"Run {path.name} cannot be opened, its run.json is missing or damaged: "
        "restore that file, or delete the folder."
    )


def _numbered(folder: Path, step: int) -> Path:
    return folder / f"{step:08d}.safetensors"


def _steps_in(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob("[0-9]*.safetensors"))
