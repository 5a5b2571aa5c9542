"""The state of a run: what it is doing, how far it is, and what can be asked of it."""

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "queued", "starting", "running", "paused", "stopped", "finished", "failed", "interrupted"
]
ACTIVE: frozenset[State] = frozenset({"queued", "starting", "running"})
RESUMABLE: frozenset[State] = frozenset({"paused", "stopped", "failed", "interrupted"})


@dataclass(frozen=True)
class Status:
    """A run's state and progress. Times are seconds since 1970, `elapsed` seconds of training."""

    state: State = "queued"
    step: int = 0
    steps: int = 0
    elapsed: float = 0.0
    speed: float = 0.0  # steps a second, lately
    message: str = ""
    key_figure: str = ""
    key_value: float | None = None
    queued_at: float = 0.0
    updated: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        return (self.steps - self.step) / self.speed if self.speed > 0 else None
