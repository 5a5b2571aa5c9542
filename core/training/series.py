"""A run's scalars as growing columns, read from its metrics as the worker appends them."""

from array import array

import numpy as np

from core.training.metrics import Row
from core.training.run_folder import RunFolder

Curve = tuple[np.ndarray, np.ndarray]  # steps (N,), values (N,)
_NOT_SCALARS = ("step", "elapsed")


class Series:
    """The scalars of one run. `update` reads only what was appended since the last call."""

    def __init__(self, run: RunFolder) -> None:
        self.run = run
        self._path = run.path / "metrics.jsonl"
        self._offset = 0
        self._inode: int | None = None
        self._steps: dict[str, array[int]] = {}
        self._values: dict[str, array[float]] = {}

    def update(self) -> None:
        """Takes in the new rows; all of them anew where a resumed run has rewritten its file."""
        if self._was_rewritten():
            self._start_over()
        rows, self._offset = self.run.metrics_since(self._offset)
        for row in rows:
            self._append(row)

    @property
    def names(self) -> list[str]:
        """The scalars that any row had, in order of appearance."""
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
        """Whether the file is another one than the one read so far: it is replaced by a rename."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return self._offset > 0
        inode, self._inode = self._inode, found.st_ino
        return inode not in (None, found.st_ino) or found.st_size < self._offset

    def _start_over(self) -> None:
        self._offset = 0
        self._inode = None
        self._steps.clear()
        self._values.clear()
