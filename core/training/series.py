"""A run's scalars as curves, read from its metrics while the worker appends to them."""

from array import array

import numpy as np

from core.training.metrics import Row
from core.training.run_folder import RunFolder

Curve = tuple[np.ndarray, np.ndarray]  # steps (N,), values (N,)
_NOT_SCALARS = ("step", "elapsed")


class Series:
    """The scalars of a run. `update` reads only the rows that are new since the last call."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self._path = run.path / "metrics.jsonl"
        self._offset = 0
        self._inode: int | None = None
        self._steps: dict[str, array[int]] = {}
        self._values: dict[str, array[float]] = {}

    def update(self) -> None:
        """Reads the new rows; reads all again where a resumed run has rewritten its file."""
        if self._was_rewritten():
            self._reset()
        rows, self._offset = self.run.metrics_since(self._offset)
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
            if name not in _NOT_SCALARS and isinstance(value, int | float):
                self._steps.setdefault(name, array("q")).append(row["step"])
                self._values.setdefault(name, array("d")).append(value)

    def _was_rewritten(self) -> bool:
        """Whether the file was replaced by another, as a resumed run does."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return self._offset > 0
        inode, self._inode = self._inode, found.st_ino
        return inode not in (None, found.st_ino) or found.st_size < self._offset

    def _reset(self) -> None:
        self._offset = 0
        self._inode = None
        self._steps.clear()
        self._values.clear()
