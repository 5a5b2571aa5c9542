"""The one loop that trains any method."""

import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from core import distributed
from core.config import RunConfig, parse_config
from core.errors import DivergedError
from core.methods.base import Method, Scalars
from core.registry import load_method
from core.training.checkpoint import Checkpoint, load_newest, save_checkpoint
from core.training.follower import lead
from core.training.metrics import MetricsWriter, Row, keep_through
from core.training.provenance import provenance
from core.training.run_folder import RunFolder
from core.training.status import State, Status

HEARTBEAT_S = 0.5
Report = Callable[[Status, Row], None]


def train(run: RunFolder, report: Report | None = None) -> Status:
    """Trains a run to its end, or until a person pauses or stops it; returns its last status.

    The caller holds the run's lock. A run that has a checkpoint goes on from there, and ends as if
    it had never been interrupted. Raises DivergedError for a loss that is not finite.
    """
    kind = load_method(run.method)
    config = parse_config(kind.Config, run.config)
    distributed.check(config)
    method = kind(config)
    method.prepare()
    with Journal(run, method, config.steps, report) as journal:
        start = journal.restore()
        lead(run, method, start or 0)
        if start is None:
            journal.snapshot(0)  # first, since a person is waiting for a picture
            journal.log(0, method.validate(0))
            journal.checkpoint(0)
        for step in range((start or 0) + 1, config.steps + 1):
            command = distributed.broadcast(_train_step(step, config, method, journal))
            if command is not None:
                return journal.end("stopped" if command == "stop" else "paused")
        return journal.end("finished")


def _train_step(
    step: int, config: RunConfig, method: Method[Any], journal: "Journal"
) -> str | None:
    """One step and what is due after it; returns a person's command, if there is one."""
    last = step == config.steps
    scalars = method.step(step)
    if last or step % config.eval_every == 0:
        scalars |= method.validate(step)
    journal.log(step, scalars)
    if last or step % config.snapshot_every == 0:
        journal.snapshot(step)
    command = None if last else _command(step, journal.run)
    if last or command or step % config.checkpoint_every == 0:
        journal.checkpoint(step)
    return command


def _command(step: int, run: RunFolder) -> str | None:
    """What a person asks for now, or asked for at this step when the run was made."""
    return "stop" if step == run.stop_at else run.requested()


class Journal:
    """Writes what the loop produces: metrics, snapshots, checkpoints, status."""

    def __init__(
        self, run: RunFolder, method: Method[Any], steps: int, report: Report | None
    ) -> None:
        self.run = run
        self.method = method
        self._report = report
        self._status = Status("starting", steps=steps, key_figure=method.key_figure)
        self._metrics: MetricsWriter | None = None
        self._elapsed_before = 0.0
        self._started = self._beat = time.monotonic()
        self._beat_step = 0

    def restore(self) -> int | None:
        """Loads the newest checkpoint into the method; returns its step, or None without one.

        Then says that the run is running, at that step and with the key figure of then.
        """
        checkpoint = load_newest(self.run)
        rows = self.run.path / "metrics.jsonl"
        keep_through(rows, checkpoint.step if checkpoint else -1)
        self._metrics = MetricsWriter(rows)
        if checkpoint is None:
            self._set(state="running")
            return None
        self.method.load_state(checkpoint.state)
        self._elapsed_before = checkpoint.elapsed
        self._beat_step = checkpoint.step
        self._started = self._beat = time.monotonic()
        self._set(
            state="running",
            step=checkpoint.step,
            key_value=self._newest_key_value(),
            elapsed=checkpoint.elapsed,
        )
        return checkpoint.step

    def log(self, step: int, scalars: Scalars) -> None:
        """Adds a step's row. Raises DivergedError where a scalar is not finite."""
        for name, value in scalars.items():
            if not math.isfinite(value):
                raise DivergedError(self._diverged(name, value, step))
        row = {"step": step, "elapsed": round(self._elapsed(), 3), **scalars}
        self._writer.append(row)
        self._observe(step, scalars)
        if time.monotonic() - self._beat > HEARTBEAT_S:
            self._heartbeat(step)
        if self._report is not None:
            self._report(self._status, row)

    def snapshot(self, step: int) -> None:
        self.run.write_snapshot(step, self.method.snapshot(step))

    def checkpoint(self, step: int) -> None:
        """Syncs the metrics first, so that no checkpoint is ahead of them."""
        self._writer.sync()
        made = provenance(self.method.device)
        save_checkpoint(self.run, Checkpoint(step, self._elapsed(), self.method.state(), made))

    def end(self, state: State) -> Status:
        """Writes and returns the last status of this training."""
        self._writer.sync()
        self._set(state=state, speed=0.0)
        return self._status

    def _newest_key_value(self) -> float | None:
        name = self.method.key_figure
        return next((row[name] for row in reversed(self.run.metrics()) if name in row), None)

    def _observe(self, step: int, scalars: Scalars) -> None:
        value = scalars.get(self.method.key_figure, self._status.key_value)
        values = vars(self._status) | {"step": step, "key_value": value, "elapsed": self._elapsed()}
        self._status = Status(**values)

    def _heartbeat(self, step: int) -> None:
        now = time.monotonic()
        self._set(speed=(step - self._beat_step) / (now - self._beat))
        self._beat, self._beat_step = now, step

    def _set(self, **changes: Any) -> None:
        self._status = Status(**(vars(self._status) | changes))
        self.run.write_status(self._status)

    def _elapsed(self) -> float:
        return self._elapsed_before + time.monotonic() - self._started

    def _diverged(self, name: str, value: float, step: int) -> str:
        kept = self.run.checkpoint_steps()
        where = f"; the checkpoint of step {kept[-1]} is kept" if kept else ""
        return f"{name} became {value} at step {step}: try {self.method.remedy}{where}."

    @property
    def _writer(self) -> MetricsWriter:
        assert self._metrics is not None, "restore() opens the metrics"
        return self._metrics

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._metrics is not None:
            self._metrics.__exit__(kind, error, trace)
