"""OML: features that are trained so that a gradient step on one class spares the others.

Javed and White, "Meta-learning representations for continual learning" (2019), section 3. The
representation network stays as it is while classes arrive; the prediction network on top of it,
here a linear layer, learns by one gradient step on each example. Meta-training runs through a
stream of a few classes in this way, asks about them and about all other classes, and follows the
gradient of that loss through all steps, into the representation.

The paper trains six convolutions without batch norm from scratch, with two layers on top. Here the
network begins with the features of the background alphabets (`core.methods.lifelong.features`), and
its features are of length 1.
"""

import copy
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from core.data.images import to_unit
from core.methods.lifelong.features import Embed, few_shot_embed, few_shot_network
from core.models.conv4 import Conv4
from core.paths import ASSETS

WEIGHTS = ASSETS / "weights" / "oml.safetensors"
BEGUN = "alphabet"  # features by name


class Stream(NamedTuple):
    """What one meta-step sees: numbers of classes int64, pictures uint8 (..., 28, 28)."""

    pictures: Tensor  # (n, ...): learned in this order
    classes: Tensor  # (n,)
    asked: Tensor  # (m, ...): other drawings, of these classes and of all others
    asked_classes: Tensor  # (m,)


def gradient_step(weight: Tensor, x: Tensor, label: Tensor, rate: Tensor | float) -> Tensor:
    """The weight (C, D) after a step down the gradient of the cross-entropy of an example.

    Differentiable in `weight`, the features `x` (D,) and `rate`.
    """
    error = (weight @ x).softmax(0) - F.one_hot(label, len(weight))
    return weight - rate * torch.outer(error, x)


class Oml(nn.Module):
    """What OML learns: the representation, and a linear layer for all training classes.

    Args:
        n_classes: the number of training classes.
        rate: the learning rate of the inner steps to begin with; it is learned too.
    """

    def __init__(self, n_classes: int, rate: float) -> None:
        super().__init__()
        self.network: Conv4 = copy.deepcopy(few_shot_network(BEGUN).conv4).requires_grad_(True)
        self.weight = nn.Parameter(torch.zeros(n_classes, self.network.width))
        self.log_rate = nn.Parameter(torch.tensor(rate).log())

    def features(self, pictures: Tensor) -> Tensor:
        """(B, D) of length 1, of pictures uint8 (B, 28, 28); batch norm takes their own norms."""
        return F.normalize(self.network(to_unit(pictures)), dim=1)

    def loss(self, stream: Stream) -> Tensor:
        """The mean cross-entropy of all drawings of the stream once it has been learned.

        As in the paper the classes that are about to come are unknown: their rows begin with zeros.
        """
        features = self.features(torch.cat([stream.pictures, stream.asked]))
        weight = self.weight.index_fill(0, torch.unique(stream.classes), 0)
        for x, label in zip(features, stream.classes, strict=False):
            weight = gradient_step(weight, x, label, self.log_rate.exp())
        classes = torch.cat([stream.classes, stream.asked_classes])
        return F.cross_entropy(features @ weight.T, classes)


def oml_features() -> Embed:
    """The shipped features, with the norms that they have on background characters."""
    network = copy.deepcopy(few_shot_network(BEGUN).conv4)
    network.load_state_dict({k: v.float() for k, v in load_file(WEIGHTS).items()})
    return few_shot_embed(network, few_shot_network(BEGUN).reference)
