"""The state of a run: what it is doing, how far it is, and what can be asked of it."""

import time
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field

State = Literal[
    "queued", "starting", "running", "paused", "stopped", "finished", "failed", "interrupted"
]
ACTIVE: frozenset[State] = frozenset({"queued", "starting", "running"})
RESUMABLE: frozenset[State] = frozenset({"paused", "stopped", "failed", "interrupted"})
LAST_MOMENT = (
    253_402_214_400.0  # the end of the year 9999 in every time zone; `datetime` ends there
)
MOST = 10**9  # steps
LONGEST_MESSAGE = 1000
CLOCK_S = 1.0  # by which two clocks may differ


def identifier(text: str) -> str:
    """A name as code has it. Raises ValueError for any other text."""
    if not text.isascii() or not text.isidentifier() or len(text) > 64:
        raise ValueError("should be a name of at most 64 letters, digits and underscores")
    return text


def _identifier_or_none(text: str) -> str:
    return identifier(text) if text else ""


def one_line(text: str) -> str:
    """Text as a page or a terminal may show it: one line of printable characters, not too long."""
    line = " ".join(text[: 4 * LONGEST_MESSAGE].split())
    line = "".join(each if each.isprintable() else "?" for each in line)
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]} ..."


Identifier = Annotated[str, AfterValidator(identifier)]
Seconds = Annotated[float, Field(ge=0, lt=LAST_MOMENT)]
Steps = Annotated[int, Field(ge=0, le=MOST)]


@dataclass(frozen=True)
class Status:
    """A run's state and progress. Times are seconds since 1970, `elapsed` seconds of training.

    The annotations are what is checked where a status is read: see `core.training.records`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True, allow_inf_nan=False)

    state: State = "queued"
    step: Steps = 0
    steps: Steps = 0
    elapsed: Seconds = 0.0
    speed: Annotated[float, Field(ge=0, le=MOST)] = 0.0  # steps a second, lately
    message: Annotated[str, AfterValidator(one_line)] = ""
    key_figure: Annotated[str, AfterValidator(_identifier_or_none)] = ""
    key_value: float | None = None
    queued_at: Seconds = 0.0
    updated: Seconds = 0.0

    @property
    def seconds_left(self) -> float | None:
        """None where it cannot be told."""
        left = max(0, self.steps - self.step) / self.speed if self.speed > 0 else LAST_MOMENT
        return left if left < LAST_MOMENT else None

    @property
    def age(self) -> float | None:
        """Seconds since the writer's last sign; None where the sign is of the future."""
        seconds = time.time() - self.updated
        return max(0.0, seconds) if seconds > -CLOCK_S else None
