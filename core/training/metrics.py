"""A run's metrics: append-only, one JSON object a line, each with its `step` and `elapsed`."""

import json
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import GlimpseError
from core.training.files import disk_errors, open_descriptor, open_regular, replace_file
from core.training.status import MOST

Row = dict[str, Any]
_Scalars = Annotated[dict[str, float], Field(max_length=256)]
_ROW = TypeAdapter(_Scalars, config=ConfigDict(strict=True, allow_inf_nan=False))
FLUSH_SECONDS = 0.25
CHUNK_BYTES = 1 << 24
FILE_BYTES = 1 << 28  # a run of the most steps, 1,000,000, writes less
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
    """The next rows from byte `offset` on, out of 16 MB, and the offset for the next call.

    An incomplete last line is left for the next call; damaged lines are skipped. A missing file has
    no rows. Raises GlimpseError where the file is none, or larger than a run can have written.
    """
    lines, offset = _next_lines(path, offset)
    return [row for line in lines if (row := _parse(line)) is not None], offset


def read_all_rows(path: Path) -> list[Row]:
    """All rows; raises what `read_rows` raises."""
    return [row for line in _all_lines(path) if (row := _parse(line)) is not None]


def keep_through(path: Path, step: int) -> None:
    """Deletes the rows after `step`, and damaged lines, before a run resumes at that step."""
    rows = ((line, _parse(line)) for line in _all_lines(path))
    kept = (line + b"\n" for line, row in rows if row is not None and row["step"] <= step)
    replace_file(path, b"".join(kept))


def _all_lines(path: Path) -> Iterator[bytes]:
    before, offset = -1, 0
    while offset > before:
        before = offset
        lines, offset = _next_lines(path, offset)
        yield from lines


def _next_lines(path: Path, offset: int) -> tuple[list[bytes], int]:
    """The complete lines of the next 16 MB, and the offset after them."""
    try:
        with open_regular(path, FILE_BYTES) as file:
            file.seek(offset)
            content = file.read(CHUNK_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return [], 0
    except OSError as error:
        raise GlimpseError(
            f"The metrics of run {path.parent.name} are damaged, because its {path.name} is "
            f"{error.strerror or error}: delete that file, or the run."
        ) from error
    whole, newline, rest = content.rpartition(b"\n")
    if not newline:  # no row is as long as a whole chunk, but one may still be written
        return [], offset + (CHUNK_BYTES if len(rest) == CHUNK_BYTES else 0)
    return whole.splitlines(), offset + len(whole) + len(newline)


def _parse(line: bytes) -> Row | None:
    """A row; None where the line is damaged: a row has a step, and finite numbers alone."""
    try:
        row: Row = dict(_ROW.validate_json(line))
    except ValidationError:
        return None
    step = row.get("step", -1)
    if not 0 <= step <= MOST or step != int(step):
        return None
    row["step"] = int(step)
    return row


def latest(rows: list[Row], name: str) -> float | None:
    """The newest finite value of a scalar that may be missing in some rows; None without any."""
    values = (row[name] for row in reversed(rows) if name in row)
    return next((value for value in values if math.isfinite(value)), None)
