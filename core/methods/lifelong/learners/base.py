"""What all learners of a stream have in common."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn


class StreamLearner(nn.Module, ABC):
    """Learns classes from examples that come one after the other, each of them once.

    An example is a vector of features and the number of its class. All that a learner keeps is in
    its buffers, which have room for `capacity` classes.
    """

    label: ClassVar[str]  # its name in menus
    idea: ClassVar[str]  # what it does, in a few words
    source: ClassVar[str]  # the paper

    counts: Tensor  # int64 (capacity,): the examples of each class so far

    def __init__(self, n_features: int, capacity: int) -> None:
        super().__init__()
        self.n_features, self.capacity = n_features, capacity
        self.register_buffer("counts", torch.zeros(capacity, dtype=torch.int64))

    @torch.no_grad()
    def learn(self, features: Tensor, classes: Tensor) -> None:
        """Learns examples (B, D) of classes int64 (B,), in this order."""
        self._learn(features, classes)

    @torch.no_grad()
    def logits(self, features: Tensor) -> Tensor:
        """How likely each class is for (B, D) features: (B, capacity), -inf for unknown ones."""
        return self._logits(features).masked_fill(self.counts == 0, -math.inf)

    def answers(self, features: Tensor) -> Tensor:
        """The likeliest class (B,) of (B, D) features, among all that it has met."""
        return self.logits(features).argmax(1)

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
    def _learn(self, features: Tensor, classes: Tensor) -> None:
        """As `learn`; it has to count the examples too."""

    @abstractmethod
    def _logits(self, features: Tensor) -> Tensor:
        """As `logits`, with any number for classes without an example."""
