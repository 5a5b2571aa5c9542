"""A run's metrics: append-only, one JSON object a line, each with its `step` and `elapsed`."""

import json
import math
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from core.training.files import disk_errors, open_descriptor, open_regular, replace_file

Row = dict[str, Any]
FLUSH_SECONDS = 0.25
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT


class MetricsWriter:
    """Appends rows, and flushes them for readers at most every quarter of a second."""

    def __init__(self, path: Path) -> None:
        with disk_errors(path.parent):
            self._file = os.fdopen(open_descriptor(path, _APPEND), "ab")
        self._path = path
        self._flushed = time.monotonic()

    def append(self, row: Row) -> None:
        """Adds a row. Raises GlimpseError where the disk is full."""
        with disk_errors(self._path.parent):
            self._file.write(json.dumps(row).encode() + b"\n")
            if time.monotonic() - self._flushed > FLUSH_SECONDS:
                self._file.flush()
                self._flushed = time.monotonic()

    def sync(self) -> None:
        """Writes all rows so far to disk; called before a checkpoint."""
        with disk_errors(self._path.parent):
            self._file.flush()
            os.fsync(self._file.fileno())

    def __enter__(self) -> "MetricsWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with disk_errors(self._path.parent):
            self._file.close()


def read_rows(path: Path, offset: int = 0) -> tuple[list[Row], int]:
    """Rows from byte `offset` on, and the offset after the last complete line.

    An incomplete last line is left for the next call; damaged lines are skipped. A missing file has
    no rows.
    """
    try:
        with open_regular(path) as file:
            file.seek(offset)
            content = file.read()
    except OSError:
        return [], 0
    whole, newline, _ = content.rpartition(b"\n")
    rows = [row for line in whole.splitlines() if (row := _parse(line)) is not None]
    return rows, offset + len(whole) + len(newline)


def keep_through(path: Path, step: int) -> None:
    """Deletes the rows after `step`, and damaged lines, before a run resumes at that step."""
    rows, _ = read_rows(path)
    kept = [row for row in rows if row["step"] <= step]
    replace_file(path, b"".join(json.dumps(row).encode() + b"\n" for row in kept))


def _parse(line: bytes) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    usable = isinstance(row, dict) and isinstance(row.get("step"), int)
    return row if usable else None


def latest(rows: list[Row], name: str) -> float | None:
    """The newest finite value of a scalar that may be missing in some rows; None without any."""
    values = (row[name] for row in reversed(rows) if name in row)
    return next((value for value in values if math.isfinite(value)), None)
