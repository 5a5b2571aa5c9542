"""MAML, continued: the inner loop on each new class, from where it ended on the last one.

Finn, Abbeel and Levine, "Model-agnostic meta-learning for fast adaptation of deep networks" (2017),
algorithm 2, lines 6 and 7. MAML returns to its initialisation before every task; here it does not.
Javed, Yao and White, "Is fast adaptation all you need?" (2019), ask whether weights that adapt fast
forget less, but hold those fixed that MAML trained and continue with layers on top of them.
"""

import copy
import math
from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.images import to_unit
from core.methods.few_shot.inner_loop import HEAD
from core.methods.lifelong.features import CHUNK, few_shot_network
from core.methods.lifelong.learners.base import StreamLearner
from core.models.conv4 import Parameters
from core.models.fixed_norm import Norms, fixed_norm_features


class MamlContinued(StreamLearner):
    """All weights of a network that MAML trained, moved by the examples of one class after another.

    - The examples of a class that come in a row are a support set. It is learned in as many inner
      steps as MAML was trained with, at the rates that it learned for them.
    - In tasks of n classes the mean loss gives each class a weight of 1 / n, and MAML's rates are
      in proportion to n (see `core.methods.few_shot.inner_loop`). A support set has one class.
    - The loss is the cross-entropy over all classes so far. As in MAML's tasks a class begins with
      zeros in the last layer; those of the classes before it stay where they were.
    - MAML's batch norm takes mean and variance of the task at hand. Here both stay those that the
      first weights have on pictures from MAML's training: a single class would shift them, and no
      answer may depend on what else is asked.
    """

    label = "MAML, continued"
    idea = "moves its whole network by MAML's inner steps"
    source = "Finn et al. 2017"
    sees_pictures = True

    head: Tensor  # (capacity, D)
    bias: Tensor  # (capacity,)
    means: Tensor  # (layers, C), as `variances`
    variances: Tensor

    def __init__(self, n_features: int, capacity: int, features: str = "alphabet") -> None:
        """`features` names the network to begin with, whatever the other learners are given."""
        begun = few_shot_network(features)
        super().__init__(begun.conv4.width, capacity)
        self.network = copy.deepcopy(begun.conv4).requires_grad_(False)
        self.register_buffer("head", torch.zeros(capacity, self.n_features))
        self.register_buffer("bias", torch.zeros(capacity))
        for name, values in begun.norms._asdict().items():
            self.register_buffer(name, values)
        self.rates = [
            {name: rate.item() for name, rate in begun.learner.rates(step, n_way=1).items()}
            for step in range(len(begun.learner.log_rates))
        ]

    @property
    def memory(self) -> int:
        of_network = sum(weight.numel() for weight in self.network.parameters())
        norms = self.means.numel() + self.variances.numel()
        return of_network + norms + self.n_known * (self.n_features + 2)

    def _learn(self, seen: Tensor, classes: Tensor) -> None:
        labels, lengths = torch.unique_consecutive(classes, return_counts=True)
        for support, label in zip(torch.split(seen, lengths.tolist()), labels, strict=True):
            self.counts[label] += len(support)
            for rates in self.rates:
                self._inner_step(support, label, rates)

    def _logits(self, seen: Tensor) -> Tensor:
        chunks = torch.split(seen, CHUNK)
        return torch.cat([self._answer(self._theta(), chunk) for chunk in chunks])

    def _inner_step(self, support: Tensor, label: Tensor, rates: Mapping[str, float]) -> None:
        """A gradient step of all weights on pictures uint8 (B, 28, 28) of one class."""
        theta = self._theta()
        with torch.enable_grad():
            inputs = {name: weight.detach().requires_grad_() for name, weight in theta.items()}
            scores = self._answer(inputs, support).masked_fill(self.counts == 0, -math.inf)
            loss = F.cross_entropy(scores, label.expand(len(support)))
            gradients = torch.autograd.grad(loss, list(inputs.values()))
        for (name, weight), gradient in zip(theta.items(), gradients, strict=True):
            weight -= rates[name] * gradient

    def _theta(self) -> Parameters:
        """The weights themselves, by the names of `rates`."""
        return dict(self.network.named_parameters()) | dict(
            zip(HEAD, (self.head, self.bias), strict=True)
        )

    def _answer(self, theta: Parameters, pictures: Tensor) -> Tensor:
        """Logits (B, capacity) of pictures uint8 (B, 28, 28)."""
        weight, bias = (theta[name] for name in HEAD)
        norms = Norms(self.means, self.variances)
        return fixed_norm_features(self.network, theta, norms, to_unit(pictures)) @ weight.T + bias
