"""An epoch: once through all pictures, batch by batch; and data that may be too few for one."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from core.errors import GlimpseError


@dataclass(frozen=True)
class Epoch:
    """Every picture once, except those left over: they are too few for one more batch.

    Raises GlimpseError where the pictures do not fill a single batch.
    """

    pictures: int
    batch_size: int

    def __post_init__(self) -> None:
        if self.batch_size > self.pictures:
            raise GlimpseError(
                f"batch_size {self.batch_size} is more than the {self.pictures:,} pictures "
                "there are to train on: choose a smaller one."
            )

    @property
    def steps(self) -> int:
        return self.pictures // self.batch_size

    @property
    def left_out(self) -> int:
        return self.pictures % self.batch_size


class LimitedData(ABC):
    """A method whose data may be too few for its settings."""

    @classmethod
    @abstractmethod
    def check_batch(cls, config: Any) -> None:
        """Raises GlimpseError where a run with this config has too few pictures for a step."""


class InEpochs(LimitedData):
    """A method whose batches go through its pictures in turn, rather than draw them at random."""

    @staticmethod
    @abstractmethod
    def epoch_of(config: Any) -> Epoch:
        """An epoch of a run with this config. Counts the pictures and builds nothing.

        Raises GlimpseError where they cannot be used, or are too few for a batch.
        """

    @classmethod
    def check_batch(cls, config: Any) -> None:
        """Raises GlimpseError where the pictures are too few for a batch.

        To be overridden where some sources are known to have enough: reading them takes time.
        """
        cls.epoch_of(config)
