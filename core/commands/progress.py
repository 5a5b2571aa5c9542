"""What a run says in the terminal while it trains: what it waits for, then a bar."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from core.training import queue
from core.training.files import replace_file
from core.training.metrics import Row
from core.training.run_folder import RunFolder
from core.training.status import Status


class Progress:
    """Says on standard error how far a run is. Pauses the run where nobody reads that any more.

    Raises BrokenPipeError then, at the end of its block.
    """

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._bar: tqdm | None = None
        self._has_reader = True

    def tell(self, sentence: str) -> None:
        """Says what the run waits for."""
        with self._reader():
            print(f"{sentence} Ctrl-C pauses it.", file=sys.stderr, flush=True)

    def report(self, status: Status, row: Row) -> None:
        """Moves the bar to the step of a row."""
        if not self._has_reader:
            return
        with self._reader():
            bar = self._opened()
            bar.set_postfix(_postfix(status, row), refresh=False)
            bar.update(row["step"] - bar.n)

    def _opened(self) -> tqdm:
        """The bar, from the step at which the run goes on."""
        if self._bar is None:
            at = self._run.recorded_status()
            self._bar = tqdm(
                total=at.steps, initial=at.step, unit="step", dynamic_ncols=True, file=sys.stderr
            )
        return self._bar

    @contextmanager
    def _reader(self) -> Iterator[None]:
        """Pauses the run where what the block prints reaches nobody, as after `2>&1 | head`."""
        try:
            yield
        except BrokenPipeError:
            self._has_reader = False
            replace_file(self._run.path / "control", b"pause")

    def __enter__(self) -> "Progress":
        if queue.is_next(self._run.id):  # else the bar would stand still
            with self._reader():
                self._opened()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._bar is not None:
            self._bar.disable = not self._has_reader
            self._bar.close()
        if kind is None and not self._has_reader:
            raise BrokenPipeError


def _postfix(status: Status, row: Row) -> dict[str, str]:
    shown = {"loss": f"{row['loss']:.4f}"} if "loss" in row else {}
    if status.key_value is not None:
        shown[status.key_figure] = f"{status.key_value:.4f}"
    return shown
