"""OML: gradient steps on features that were trained so that these steps forget little.

Javed and White, "Meta-learning representations for continual learning" (2019), section 4.
"""

from functools import cache

import torch
from torch import Tensor

from core.methods.lifelong.features import Embed
from core.methods.lifelong.learners.base import StreamLearner
from core.methods.lifelong.oml import gradient_step, oml_features

RATE = 0.01  # chosen on validation alphabets in order: see `core.makers.oml`


class OmlHead(StreamLearner):
    """A linear layer with softmax over all classes so far, on features of its own.

    It learns as fine-tuning does; the features make the difference.
    """

    label = "OML"
    idea = "takes gradient steps, on features trained to forget little"
    source = "Javed and White 2019"
    sees_pictures = True

    weight: Tensor  # (capacity, D)

    def __init__(self, n_features: int, capacity: int) -> None:
        """The features of the other learners, `n_features`, are not used."""
        super().__init__(n_features, capacity)
        self.rate = RATE
        width = self._embed(torch.zeros(1, 28, 28, dtype=torch.uint8)).shape[1]
        self.register_buffer("weight", torch.zeros(capacity, width))

    @property
    def memory(self) -> int:
        return self.n_known * (self.weight.shape[1] + 1)

    def _learn(self, pictures: Tensor, classes: Tensor) -> None:
        for x, label in zip(self._embed(pictures), classes, strict=True):
            self.counts[label] += 1
            known = self.known
            place = (known == label).nonzero()[0, 0]
            self.weight[known] = gradient_step(self.weight[known], x, place, self.rate)

    def _logits(self, pictures: Tensor) -> Tensor:
        return self._embed(pictures) @ self.weight.T

    def _embed(self, pictures: Tensor) -> Tensor:
        return _features()(pictures.cpu()).to(self.counts.device)


@cache
def _features() -> Embed:
    return oml_features()
