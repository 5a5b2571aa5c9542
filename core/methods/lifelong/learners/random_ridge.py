"""Random features and ridge regression.

McDonnell et al., "RanPAC: random projections and pre-trained models for continual learning" (2023),
sections 3 and 4.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from core.methods.lifelong.learners.base import StreamLearner
from core.seeding import generator

PROJECTIONS = 2000
RIDGE = 0.1  # lambda, chosen on validation alphabets
AT_ONCE = 100  # examples in one update of the inverse


class RandomRidge(StreamLearner):
    """The weights of a ridge regression of the classes on random features, by example.

    Rather than to solve for the weights W anew, it corrects them by what they got wrong, and keeps
    the inverse of `G + lambda I` (G is the Gram matrix) by Woodbury's formula: recursive least
    squares. The weights are those of all examples at once.
    """

    label = "Random features + ridge"
    idea = "solves a ridge regression, example by example"
    source = "McDonnell et al. 2023"

    projection: Tensor  # (D, M)
    inverse: Tensor  # (M, M): (G + lambda I)^-1
    weights: Tensor  # (M, capacity): W

    def __init__(self, n_features: int, capacity: int, seed: int = 0) -> None:
        super().__init__(n_features, capacity)
        random = generator(seed, "random features")
        drawn = torch.randn(n_features, PROJECTIONS, generator=random) / math.sqrt(n_features)
        self.register_buffer("projection", drawn)
        self.register_buffer("inverse", torch.eye(PROJECTIONS) / RIDGE)
        self.register_buffer("weights", torch.zeros(PROJECTIONS, capacity))

    @property
    def memory(self) -> int:
        sums = PROJECTIONS * (PROJECTIONS + self.n_known)
        return self.n_features * PROJECTIONS + sums + self.n_known

    def _learn(self, features: Tensor, classes: Tensor) -> None:
        for part, labels in zip(
            *(torch.split(x, AT_ONCE) for x in (features, classes)), strict=True
        ):
            hidden = self._hidden(part)  # h
            spread = self.inverse @ hidden.T  # (M, B)
            inner = torch.eye(len(part), device=part.device) + hidden @ spread
            gain = torch.linalg.solve(inner, spread, left=False)  # (M, B)
            self.inverse.addmm_(gain, spread.T, alpha=-1)
            wrong = F.one_hot(labels, self.capacity) - hidden @ self.weights  # (B, capacity)
            self.weights.addmm_(gain, wrong)
        self.counts.index_add_(0, classes, torch.ones_like(classes))

    def _logits(self, features: Tensor) -> Tensor:
        return self._hidden(features) @ self.weights

    def _hidden(self, features: Tensor) -> Tensor:
        return F.relu(features @ self.projection)
