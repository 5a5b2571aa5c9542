"""A linear probe: logistic regression on frozen features."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

PENALTY = 1e-3
MAX_ITERATIONS = 100


@dataclass(frozen=True)
class LinearProbe:
    """A multinomial logistic regression on standardised features."""

    mean: Tensor  # (D,)
    scale: Tensor  # (D,)
    weight: Tensor  # (D, C)
    bias: Tensor  # (C,)

    def logits(self, features: Tensor) -> Tensor:
        """(N, D) features to (N, C) logits."""
        return (features.flatten(1) - self.mean) / self.scale @ self.weight + self.bias

    def accuracy(self, features: Tensor, labels: Tensor) -> float:
        """Fraction of the features (N, D) whose largest logit is that of their label (N,)."""
        return (self.logits(features).argmax(dim=1) == labels).float().mean().item()


def fit_linear_probe(
    features: Tensor, labels: Tensor, n_classes: int, penalty: float = PENALTY
) -> LinearProbe:
    """Fits (N, D) features to (N,) labels: mean cross-entropy + penalty / 2 * |weight|².

    The objective is strictly convex in the weight and L-BFGS starts at zero: nothing is random.
    """
    features = features.flatten(1)
    mean, scale = features.mean(dim=0), features.std(dim=0).clamp(min=1e-4)
    standardised = (features - mean) / scale
    weight = features.new_zeros(features.shape[1], n_classes).requires_grad_()
    bias = features.new_zeros(n_classes).requires_grad_()
    optimizer = torch.optim.LBFGS(
        [weight, bias], max_iter=MAX_ITERATIONS, line_search_fn="strong_wolfe"
    )

    def objective() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(standardised @ weight + bias, labels)
        loss = loss + penalty / 2 * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(objective)  # type: ignore[no-untyped-call]
    return LinearProbe(mean, scale, weight.detach(), bias.detach())
