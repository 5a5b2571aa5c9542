"""A run's scalars as curves, read from its metrics while the worker appends to them."""

import os
from array import array

import numpy as np

from core.training.metrics import CHUNK_BYTES, Row
from core.training.run_folder import RunFolder

Curve = tuple[np.ndarray, np.ndarray]  # steps (N,), values (N,)
MOST_SCALARS = 256  # of a run: ours have about ten
_NOT_SCALARS = ("step", "elapsed")


class Series:
    """The scalars of a run. `update` reads only the rows that are new since the last call.

    `is_behind` where a file is so long that a call has not reached its end.
    """

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self._path = run.path / "metrics.jsonl"
        self._offset = 0
        self._inode: int | None = None
        self.is_behind = False
        self._steps: dict[str, array[int]] = {}
        self._values: dict[str, array[float]] = {}

    def update(self) -> None:
        """Reads all new rows; reads all again where a resumed run has rewritten its file."""
        self.update_a_little()
        while self.is_behind:
            self.update_a_little()

    def update_a_little(self) -> None:
        """`update`, but of at most 16 MB, so that nobody waits for long."""
        size = self._new_size()
        before = self._offset
        rows, self._offset = self.run.metrics_since(before)
        self.is_behind = before < self._offset < size and size - before > CHUNK_BYTES
        for row in rows:
            self._append(row)

    @property
    def names(self) -> list[str]:
        """The names of all scalars so far, in order of appearance."""
        return list(self._values)

    def curve(self, name: str) -> Curve:
        """Steps and values of a scalar; both are empty where no row had it."""
        return (
            np.array(self._steps.get(name, ()), dtype=np.int64),
            np.array(self._values.get(name, ()), dtype=np.float64),
        )

    def _append(self, row: Row) -> None:
        for name, value in row.items():
            is_kept = name in self._values or len(self._values) < MOST_SCALARS
            if is_kept and name not in _NOT_SCALARS:
                self._steps.setdefault(name, array("q")).append(row["step"])
                self._values.setdefault(name, array("d")).append(value)

    def _new_size(self) -> int:
        """The size of the file; forgets all where it was replaced, as a resumed run does."""
        try:
            found = os.lstat(self._path)
        except OSError:  # not there yet, or no longer
            self._reset()
            return 0
        if self._inode not in (None, found.st_ino) or found.st_size < self._offset:
            self._reset()
        self._inode = found.st_ino
        return found.st_size

    def _reset(self) -> None:
        self._offset = 0
        self._inode = None
        self._steps.clear()
        self._values.clear()
