"""What the training loop needs of a method, and no more."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor

from core import distributed
from core.config import RunConfig
from core.errors import GlimpseError

ConfigT = TypeVar("ConfigT", bound=RunConfig)
Scalars = dict[str, float]
Arrays = dict[str, np.ndarray]


class Method(ABC, Generic[ConfigT]):
    """A model, its optimiser and its data, trained one step at a time.

    The randomness of step *t* comes from `core.seeding.generator(config.seed, <stream>, t)` alone,
    and `state()` holds everything that training changes. A run resumed at step *t* is therefore
    identical to the uninterrupted one, bit for bit on one machine with one number of threads.
    """

    Config: ClassVar[type[RunConfig]]
    key_figure: str  # the scalar of `validate` that measures how good the run is
    remedy: ClassVar[str] = "a lower learning rate"  # advice for a run that diverged

    def __init__(self, config: ConfigT) -> None:
        self.config = config
        self.device = pick_device(config.device)

    @classmethod
    def check(cls, config: ConfigT) -> None:
        """Raises GlimpseError where a run with this config could not train here.

        It is asked before a run is made, and whenever the form changes, so it builds nothing and
        reads no large file. To be extended where data may be missing, or too few for a batch.
        """
        pick_device(config.device)

    def prepare(self) -> None:
        """Reads the training data; a trained network is restored without them.

        Raises GlimpseError where they are missing, or too few for a batch.
        """

    @abstractmethod
    def step(self, step: int) -> Scalars:
        """Takes optimisation step number `step` (from 1). Returns its scalars, `loss` first."""

    @abstractmethod
    def validate(self, step: int) -> Scalars:
        """Scalars on held-out data, `key_figure` among them; the same data at every call."""

    @abstractmethod
    def snapshot(self, step: int) -> Arrays:
        """Named arrays from which a live view draws this step; a few 100 kB."""

    @abstractmethod
    def state(self) -> dict[str, Tensor]:
        """Everything that training changes (weights, buffers, optimiser) as flat named tensors."""

    @abstractmethod
    def load_state(self, state: dict[str, Tensor]) -> None:
        """Restores a `state`. Raises GlimpseError where names or shapes do not fit."""

    def load_network(self, state: dict[str, Tensor]) -> None:
        """Restores the trained network of a `state`; its training data need not be here.

        To be overridden where `load_state` checks the data that a run goes on with, or makes an
        optimiser.
        """
        self.load_state(state)

    @abstractmethod
    def weights(self) -> dict[str, Tensor]:
        """The part of `state` that using the trained model needs, and that is shipped."""

    @abstractmethod
    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Loads `weights`. Raises GlimpseError where names or shapes do not fit."""

    def about_input(self) -> str:
        """What the trained model takes, in sentences for its card: shape, range and units.

        To be overridden where other programs can use the weights.
        """
        return ""

    @abstractmethod
    def test(self) -> Scalars:
        """The figures of the weights' card, on test data. Slower than `validate`."""


def pick_device(name: str) -> torch.device:
    """The torch device for a config's `device`: auto is a GPU where there is one.

    Each process on a machine gets a GPU of its own. Raises GlimpseError where there are too few.
    """
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if distributed.local_rank() >= torch.cuda.device_count():
        raise GlimpseError(
            f"This run needs {distributed.local_world_size()} GPU(s) on this machine, and there "
            f"are {torch.cuda.device_count()}: choose the device cpu, or start fewer processes."
        )
    return torch.device("cuda", distributed.local_rank())
