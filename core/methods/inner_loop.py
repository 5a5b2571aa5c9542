"""Learning one task by a few steps of gradient descent: the inner loop of MAML.

Training, evaluation and the page all learn through this one place. Everything here is written for
one task; `torch.func.vmap` turns it into many at once.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value
from torch.nn import functional as F

Parameters = dict[str, Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]

LOSSES: dict[str, Loss] = {"classification": F.cross_entropy, "regression": F.mse_loss}


class Learner(nn.Module):
    """What MAML learns: the initial parameters theta of a network, and the inner rates alpha.

    There is one inner rate a tensor of the network, kept as its logarithm so that learning cannot
    turn it negative (Antoniou et al., "How to train your MAML", 2019, section 4). The network is
    called as `network(x, reference)`, see `core.models.conv4`.
    """

    def __init__(self, network: nn.Module, loss: Loss, inner_lr: float, learn_rates: bool) -> None:
        super().__init__()
        self.network = network
        self.loss = loss
        count = len(list(network.parameters()))
        log_rates = torch.full((count,), inner_lr).log()
        self.log_rates = nn.Parameter(log_rates, requires_grad=learn_rates)

    def theta(self) -> Parameters:
        return dict(self.network.named_parameters())

    def inner_step(
        self, theta: Parameters, x: Tensor, y: Tensor, first_order: bool = False
    ) -> tuple[Parameters, Tensor]:
        """One step on the support set (x, y): theta - alpha * gradient, and the loss before it.

        Differentiable in theta and alpha (Finn et al. 2017, algorithm 2, lines 5 and 6).
        `first_order` takes the gradient as a constant (their section 5.2, first-order MAML).
        """
        gradient, loss = grad_and_value(self.support_loss)(theta, x, y)
        if first_order:
            gradient = {name: slope.detach() for name, slope in gradient.items()}
        rates = self.log_rates.exp().unbind()
        stepped = {
            name: value - rate * gradient[name]
            for (name, value), rate in zip(theta.items(), rates, strict=True)
        }
        return stepped, loss

    def adapt(
        self, theta: Parameters, x: Tensor, y: Tensor, steps: int, first_order: bool = False
    ) -> Parameters:
        """The parameters after `steps` steps on the support set (x, y)."""
        for _ in range(steps):
            theta, _loss = self.inner_step(theta, x, y, first_order)
        return theta

    def support_loss(self, theta: Parameters, x: Tensor, y: Tensor) -> Tensor:
        return self.loss(self.predict(theta, x), y)

    def predict(self, theta: Parameters, x: Tensor) -> Tensor:
        """Outputs for x; batch norm takes its statistics from x."""
        outputs: Tensor = functional_call(self.network, theta, (x,))
        return outputs

    def predict_alone(self, theta: Parameters, support_x: Tensor, x: Tensor) -> Tensor:
        """Outputs for x; batch norm takes its statistics from the support set.

        So each row's answer is its own, whatever the other rows are.
        """
        known = len(support_x)
        outputs: Tensor = functional_call(self.network, theta, (torch.cat([support_x, x]), known))
        return outputs[known:]
