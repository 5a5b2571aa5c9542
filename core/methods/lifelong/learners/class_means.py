"""Nearest class mean: a class is the mean of its examples, and nothing can be forgotten.

Mensink et al., "Distance-based image classification: generalizing to new classes at near-zero cost"
(2013), without its learned metric.
"""

import torch
from torch import Tensor

from core.methods.lifelong.learners.base import StreamLearner


class ClassMeans(StreamLearner):
    """The sum of each class's examples: in a sum the order does not matter."""

    label = "Class means"
    idea = "keeps the mean of each class"
    source = "Mensink et al. 2013"

    sums: Tensor  # (capacity, D)

    def __init__(self, n_features: int, capacity: int) -> None:
        super().__init__(n_features, capacity)
        self.register_buffer("sums", torch.zeros(capacity, n_features))

    @property
    def memory(self) -> int:
        return self.n_known * (self.n_features + 1)

    def _learn(self, features: Tensor, classes: Tensor) -> None:
        self.sums.index_add_(0, classes, features)
        self.counts.index_add_(0, classes, torch.ones_like(classes))

    def _logits(self, features: Tensor) -> Tensor:
        means = self.sums / self.counts.clamp(min=1)[:, None]
        return -torch.cdist(features, means).square()
