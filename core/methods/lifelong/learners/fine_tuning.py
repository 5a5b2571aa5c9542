"""Fine-tuning: a softmax classifier, trained by one gradient step on each example as it comes.

It forgets: each step makes the class at hand likelier at the cost of all others (McCloskey and
Cohen, "Catastrophic interference in connectionist networks", 1989).
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from core.methods.lifelong.learners.base import StreamLearner

RATE = 3.0  # chosen on validation alphabets in random order, where it learns best


class FineTuning(StreamLearner):
    """A linear layer with softmax over all classes so far."""

    label = "Fine-tuning"
    idea = "takes a gradient step on each example"
    source = "McCloskey and Cohen 1989"

    rate = RATE
    weight: Tensor  # (capacity, D)
    bias: Tensor  # (capacity,)

    def __init__(self, n_features: int, capacity: int) -> None:
        super().__init__(n_features, capacity)
        self.register_buffer("weight", torch.zeros(capacity, n_features))
        self.register_buffer("bias", torch.zeros(capacity))

    @property
    def memory(self) -> int:
        return self.n_known * (self.n_features + 2)

    def _learn(self, features: Tensor, classes: Tensor) -> None:
        for example, label in zip(features, classes, strict=True):
            self.counts[label] += 1
            self._step(example[None], label[None])

    def _logits(self, features: Tensor) -> Tensor:
        return features @ self.weight.T + self.bias

    def _step(self, features: Tensor, classes: Tensor) -> None:
        """One step down the gradient of the mean cross-entropy of (B, D) examples."""
        scores = self._logits(features).masked_fill(self.counts == 0, -math.inf)
        error = scores.softmax(1) - F.one_hot(classes, self.capacity)  # (B, capacity)
        self.weight -= self.rate * error.T @ features / len(features)
        self.bias -= self.rate * error.mean(0)
