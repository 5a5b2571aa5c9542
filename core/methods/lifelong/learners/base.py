"""What all learners of a stream have in common."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn


class Drawings(NamedTuple):
    """Drawings, of the same leading shape both."""

    pictures: Tensor  # uint8 (..., 28, 28)
    features: Tensor  # (..., D), of a network that stays as it is


class StreamLearner(nn.Module, ABC):
    """Learns classes from examples that come one after the other, each of them once.

    An example is the number of its class and what the learner `sees` of a drawing: a vector of
    features, or the picture where it has a network of its own. All that a learner keeps is in its
    state, which has room for `capacity` classes.
    """

    sees_pictures: ClassVar[bool] = False
    label: ClassVar[str]  # its name in menus
    idea: ClassVar[str]  # what it does, in a few words
    source: ClassVar[str]  # the paper

    counts: Tensor  # int64 (capacity,): the examples of each class so far

    def __init__(self, n_features: int, capacity: int) -> None:
        super().__init__()
        self.n_features, self.capacity = n_features, capacity
        self.register_buffer("counts", torch.zeros(capacity, dtype=torch.int64))

    def sees(self, drawings: Drawings) -> Tensor:
        """What it takes of drawings: (..., D) or uint8 (..., 28, 28)."""
        return drawings.pictures if self.sees_pictures else drawings.features

    @torch.no_grad()
    def learn(self, seen: Tensor, classes: Tensor) -> None:
        """Learns examples (B, ...) of classes int64 (B,), in this order."""
        self._learn(seen, classes)

    @torch.no_grad()
    def logits(self, seen: Tensor) -> Tensor:
        """How likely each class is for drawings (B, ...): (B, capacity), -inf for unknown ones."""
        return self._logits(seen).masked_fill(self.counts == 0, -math.inf)

    def answers(self, seen: Tensor) -> Tensor:
        """The likeliest class (B,) of drawings (B, ...), among all that it has met."""
        return self.logits(seen).argmax(1)

    @property
    def known(self) -> Tensor:
        """The classes int64 (K,) that it has met, ascending."""
        return self.counts.nonzero()[:, 0]

    @property
    def n_known(self) -> int:
        """How many these are."""
        return int((self.counts > 0).sum())

    @property
    @abstractmethod
    def memory(self) -> int:
        """The numbers that it has to keep at the moment."""

    @abstractmethod
    def _learn(self, seen: Tensor, classes: Tensor) -> None:
        """As `learn`; it has to count the examples too."""

    @abstractmethod
    def _logits(self, seen: Tensor) -> Tensor:
        """As `logits`, with any number for classes without an example."""
