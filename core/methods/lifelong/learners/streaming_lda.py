"""Streaming linear discriminant analysis: class means, and one covariance shared by all classes.

Hayes and Kanan, "Lifelong machine learning with deep streaming linear discriminant analysis"
(2020), section 3.
"""

import torch
from torch import Tensor

from core.methods.lifelong.learners.base import StreamLearner

SHRINKAGE = 0.4  # chosen on validation alphabets, as a share of the mean variance


class StreamingLda(StreamLearner):
    """Class means, and the scatter of all examples around the mean of their own class.

    The scatter is updated by Welford's rule with the count of the class, so that it is that of all
    examples at once; the paper's update (equation 2) takes the count of all examples instead, and
    depends on their order.
    """

    label = "Streaming LDA"
    idea = "also learns how drawings of a class vary"
    source = "Hayes and Kanan 2020"

    means: Tensor  # float64 (capacity, D)
    scatter: Tensor  # float64 (D, D)

    def __init__(self, n_features: int, capacity: int) -> None:
        super().__init__(n_features, capacity)
        self.register_buffer("means", torch.zeros(capacity, n_features, dtype=torch.float64))
        self.register_buffer("scatter", torch.zeros(n_features, n_features, dtype=torch.float64))

    @property
    def memory(self) -> int:
        return self.n_known * (self.n_features + 1) + self.n_features**2

    def _learn(self, features: Tensor, classes: Tensor) -> None:
        """Examples of one class at once (Chan et al. 1979): the same as one after the other."""
        for label in set(classes.tolist()):
            new = features[classes == label].double()
            known, count = int(self.counts[label]), len(new)
            centred = new - new.mean(0)
            moved = new.mean(0) - self.means[label]
            weight = known * count / (known + count)
            self.scatter += centred.T @ centred + weight * torch.outer(moved, moved)
            self.means[label] += moved * count / (known + count)
            self.counts[label] += count

    def _logits(self, features: Tensor) -> Tensor:
        """Logarithms of the class densities, up to what all classes share (equation 4)."""
        directions = torch.linalg.solve(self.covariance(), self.means.T)  # (D, capacity)
        offsets = (self.means.T * directions).sum(0) / 2
        densities: Tensor = features.double() @ directions - offsets
        return densities.float()

    def covariance(self) -> Tensor:
        """Sigma (D, D), shrunk towards a multiple of the identity (equation 3)."""
        sigma: Tensor = self.scatter / self.counts.sum().clamp(min=1)
        scale = sigma.diagonal().mean().clamp(min=1e-12)  # a first example has no scatter
        identity = torch.eye(self.n_features, dtype=sigma.dtype, device=sigma.device)
        shrunk: Tensor = (1 - SHRINKAGE) * sigma + SHRINKAGE * scale * identity
        return shrunk
