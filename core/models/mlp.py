"""The small network that MAML regresses sinusoids with (Finn et al. 2017, section 5.1)."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Parameters = dict[str, Tensor]


class Mlp(nn.Module):
    """x (1,) to features (hidden,) through two hidden layers of ReLU; the learner adds the last."""

    def __init__(self, hidden: int = 40) -> None:
        super().__init__()
        self.width = hidden
        layers = [nn.Linear(1, hidden), nn.Linear(hidden, hidden)]  # for PyTorch's initialisation
        self.weights = nn.ParameterList(layer.weight.detach().T.contiguous() for layer in layers)
        self.biases = nn.ParameterList(layer.bias.detach()[None] for layer in layers)

    def forward(self, x: Tensor, reference: int | None = None) -> Tensor:
        """Features (B, hidden) of x (B, 1). `reference` is Conv4's: nothing is normalised here."""
        for weight, bias in zip(self.weights, self.biases, strict=True):
            x = F.relu(F.linear(x, weight.T, bias[0]))
        return x

    def prepare(self, x: Tensor) -> Tensor:
        """x (T, B, 1) as it is: the call that Conv4 has."""
        return x

    def features(self, theta: Parameters, prepared: Tensor, reference: int | None = None) -> Tensor:
        """Features (T, B, hidden) of T tasks, with weights `theta` of shape (T or 1, ...) each."""
        *_, features = self.activations(theta, prepared, reference)
        return features

    def activations(
        self, theta: Parameters, prepared: Tensor, reference: int | None = None
    ) -> Iterator[Tensor]:
        """What each layer makes of x (T, B, hidden); the last makes `features`."""
        x = prepared
        for layer in range(len(self.weights)):
            x = torch.relu(affine(x, theta[f"weights.{layer}"], theta[f"biases.{layer}"]))
            yield x

    def features_in_turn(self, theta: Parameters, prepared: Tensor) -> Tensor:
        """`features`: the call that Conv4 has."""
        return self.features(theta, prepared)


def affine(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x (T, B, n) times weight (T or 1, n, m) plus bias (T or 1, 1, m): (T, B, m).

    One operation rather than the six of `x @ weight + bias`: a network as small as this one spends
    its time on their number, twice over where gradients of gradients are taken.
    """
    return torch.baddbmm(bias, x, weight.expand(len(x), -1, -1))
