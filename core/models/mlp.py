"""The small network that MAML regresses sinusoids with (Finn et al. 2017, section 5.1)."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Parameters = dict[str, Tensor]


class Mlp(nn.Module):
    """x (1,) to features (hidden,) through two hidden layers with ReLU.

    The output layer belongs to the learner (`core.methods.few_shot.inner_loop`).
    """

    def __init__(self, hidden: int = 40) -> None:
        super().__init__()
        self.width = hidden
        layers = [nn.Linear(1, hidden), nn.Linear(hidden, hidden)]  # for PyTorch's initialisation
        self.weights = nn.ParameterList(layer.weight.detach().T.contiguous() for layer in layers)
        self.biases = nn.ParameterList(layer.bias.detach()[None] for layer in layers)

    def forward(self, x: Tensor, reference: int | None = None) -> Tensor:
        """Features (B, hidden) of x (B, 1). `reference`, as Conv4 has it, changes nothing here."""
        for weight, bias in zip(self.weights, self.biases, strict=True):
            x = F.relu(F.linear(x, weight.T, bias[0]))
        return x

    def prepare(self, x: Tensor) -> Tensor:
        """x (T, B, 1) unchanged; Conv4 has more to do here."""
        return x

    def features(self, theta: Parameters, prepared: Tensor, reference: int | None = None) -> Tensor:
        """Features (T, B, hidden) of T tasks, with weights `theta` of shape (T or 1, ...) each."""
        *_, features = self.activations(theta, prepared, reference)
        return features

    def activations(
        self, theta: Parameters, prepared: Tensor, reference: int | None = None
    ) -> Iterator[Tensor]:
        """The outputs (T, B, hidden) of each layer; those of the last are the `features`."""
        x = prepared
        for layer in range(len(self.weights)):
            x = torch.relu(affine(x, theta[f"weights.{layer}"], theta[f"biases.{layer}"]))
            yield x

    def features_in_turn(self, theta: Parameters, prepared: Tensor) -> Tensor:
        """The same as `features`; in Conv4 they differ."""
        return self.features(theta, prepared)


def affine(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x (T, B, n) times weight (T or 1, n, m) plus bias (T or 1, 1, m): (T, B, m).

    One operation rather than the six of `x @ weight + bias`: in a network as small as this one the
    time depends on the number of operations, the more so with gradients of gradients.
    """
    return torch.baddbmm(bias, x, weight.expand(len(x), -1, -1))
