"""The inner loop of MAML and related algorithms: a few steps of gradient descent on each task.

`Learner` takes all tasks through each operation together; training, evaluation and the page all
use it. `adapted_by_definition` is the textbook's version, one task at a time, as a reference for
tests.
"""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.models.conv4 import Conv4, Parameters
from core.models.mlp import Mlp, affine

Losses = Callable[[Tensor, Tensor], Tensor]  # outputs (T, B, n), targets (T, B, ...), to means (T,)
Order = Literal["second", "first"]
Statistics = Literal["transductive", "inductive"]

HEAD = ("head.weight", "head.bias")


def _cross_entropy(logits: Tensor, classes: Tensor) -> Tensor:
    rows = F.cross_entropy(logits.flatten(0, 1), classes.flatten(), reduction="none")
    return rows.view(classes.shape).mean(1)


def _squared_error(values: Tensor, targets: Tensor) -> Tensor:
    return F.mse_loss(values, targets, reduction="none").mean((1, 2))


class Learner(nn.Module):
    """What meta-learning learns: the initial parameters theta of a network, and inner rates alpha.

    A classifier's head is zero before every task. The numbers of the classes mean nothing, so that
    any other initialisation would have to be unlearned first, and the head can have any number of
    classes (Kao, Chiu and Chen, "MAML is a noisy contrastive learner in classification", 2022, and
    Ye and Chao, "How to train your MAML to excel in few-shot classification", 2022). The first
    inner step then puts the class means of the features into the head; the body changes from the
    second step on. A regression's head means the same in all tasks, and is learned.

    There is one inner learning rate for each tensor and inner step (Antoniou, Edwards and Storkey,
    "How to train your MAML", 2019, section 4). It is kept as its logarithm, which keeps it
    positive; steps beyond the last use the last one's rates. The rates are for tasks of `train_way`
    classes. In a task of n_way classes the mean loss gives each class a weight of 1 / n_way; the
    rates are multiplied by n_way / train_way to make up for that, so that answers are as confident
    with few classes as with many.

    Args:
        inner_steps: the number of steps that have rates of their own.
        frozen_body: only the head is adapted (ANIL).
    """

    def __init__(
        self,
        network: Conv4 | Mlp,
        inner_lr: float,
        inner_steps: int = 1,
        learn_rates: bool = False,
        frozen_body: bool = False,
        train_way: int = 1,
    ) -> None:
        super().__init__()
        self.network = network
        self.regression = isinstance(network, Mlp)
        self.losses: Losses = _squared_error if self.regression else _cross_entropy
        self.body = [name for name, _ in network.named_parameters()]
        self.frozen_body = frozen_body
        self.train_way = 1 if self.regression else train_way
        if self.regression:
            last = nn.Linear(network.width, 1)
            self.head = nn.ParameterList(
                [last.weight.detach().T.contiguous(), last.bias.detach()[None]]
            )
        rates = torch.full((inner_steps, len(self.body) + len(HEAD)), inner_lr)
        self.log_rates = nn.Parameter(rates.log(), requires_grad=learn_rates)

    def initial_parameters(self, n_way: int) -> Parameters:
        """Theta before the first inner step, each tensor (1, ...); its head has `n_way` classes."""
        theta = {name: tensor[None] for name, tensor in self.network.named_parameters()}
        if self.regression:
            head = (self.head[0][None], self.head[1][None])
        else:
            blank = self.log_rates.new_zeros
            head = (blank(1, self.network.width, n_way), blank(1, 1, n_way))
        return theta | dict(zip(HEAD, head, strict=True))

    def rates(self, step: int, n_way: int, scale: float = 1.0) -> Parameters:
        """The inner learning rate alpha of each tensor in inner step `step`, counted from 0."""
        rates = (
            scale
            * n_way
            / self.train_way
            * self.log_rates[min(step, len(self.log_rates) - 1)].exp()
        )
        return dict(zip([*self.body, *HEAD], rates.unbind(), strict=True))

    def adapts(self, name: str) -> bool:
        """Whether the inner loop changes this tensor."""
        return name in HEAD or not self.frozen_body

    def prepare(self, x: Tensor) -> Tensor:
        """Inputs (T, B, ...) in the form that `answer` takes; it depends on no weight."""
        prepared: Tensor = self.network.prepare(x)
        return prepared

    def answer(self, theta: Parameters, x: Tensor, reference: int | None = None) -> Tensor:
        """Outputs (T, B, n_way or 1) for prepared inputs of T tasks; theta is (T or 1, ...) each.

        Batch norm takes its statistics from each task's first `reference` rows, or from all.
        """
        features = self.network.features(theta, x, reference)
        return affine(features, theta["head.weight"], theta["head.bias"])

    def features(self, theta: Parameters, x: Tensor) -> Tensor:
        """Features (T, B, D) of prepared inputs, for first derivatives only."""
        on_cpu = x.device.type == "cpu"  # on a GPU, one small task after the other is slow
        network = self.network
        return network.features_in_turn(theta, x) if on_cpu else network.features(theta, x)

    def answer_queries(
        self, theta: Parameters, support: Tensor, query: Tensor, statistics: Statistics
    ) -> Tensor:
        """Outputs (T, Q, n_way or 1) for prepared queries; see `query_features`."""
        if _is_blank(theta["head.weight"]):  # the logits are the bias, whatever the features
            return theta["head.bias"].expand(len(query), query.shape[1], -1)
        features = self.query_features(theta, support, query, statistics)
        return affine(features, theta["head.weight"], theta["head.bias"])

    def query_features(
        self, theta: Parameters, support: Tensor, query: Tensor, statistics: Statistics
    ) -> Tensor:
        """Features (T, Q, D) of prepared queries.

        Transductive: all queries of a task are normalised together, as in the published figures, so
        that each answer depends on the other queries. Inductive: each query is normalised by the
        mean and variance of the support set alone.
        """
        if statistics == "transductive":
            return self.features(theta, query)
        known = support.shape[1]
        return self.network.features(theta, torch.cat([support, query], 1), known)[:, known:]

    def inner_step(
        self, theta: Parameters, x: Tensor, y: Tensor, step: int, order: Order, scale: float = 1.0
    ) -> tuple[Parameters, Tensor]:
        """One gradient step of each task on its support set (x, y), and its loss (T,) before that.

        theta - alpha * gradient, differentiable in theta and alpha (Finn et al. 2017, algorithm 2,
        lines 6 and 7). First order takes the gradient as a constant (their section 5.2). `scale`
        multiplies the rates.
        """
        gradients, losses = self._gradients(  # line 6
            theta, x, y, second_order=order == "second"
        )
        rates = self.rates(step, theta["head.bias"].shape[-1], scale)
        adapted = {name: theta[name] - rates[name] * gradients[name] for name in gradients}
        return theta | adapted, losses  # line 7

    def _gradients(
        self, theta: Parameters, x: Tensor, y: Tensor, second_order: bool
    ) -> tuple[Parameters, Tensor]:
        """Gradients (T, ...) of each task's support loss in the adapted tensors, and the losses.

        A task's loss depends on that task's weights alone: the gradient of the sum over tasks is
        made of the gradients of each.
        """
        adapted = [name for name in theta if self.adapts(name)]
        if _is_blank(theta["head.weight"]):
            adapted = list(HEAD)
        with torch.enable_grad():
            inputs = {name: _for_each_task(theta[name], len(y), second_order) for name in adapted}
            losses = self.losses(self.answer(theta | inputs, x), y)
            gradients = torch.autograd.grad(
                losses.sum(), list(inputs.values()), create_graph=second_order
            )
        return dict(zip(adapted, gradients, strict=True)), losses.detach()


def _is_blank(head: Tensor) -> bool:
    """Whether the head is zero and not learned.

    The gradient of the body is then zero for all theta, and need not be computed.
    """
    return not head.requires_grad and not bool(head.any())


def _for_each_task(tensor: Tensor, n_tasks: int, connected: bool) -> Tensor:
    """The same tensor for each of T tasks (T, ...), to take gradients in.

    `connected` keeps the graph of how the tensor was computed, which the second-order
    meta-gradient needs: a tensor detached here would make it first order, without an error.
    """
    expanded = tensor.expand(n_tasks, *tensor.shape[1:])
    return expanded if connected and expanded.requires_grad else expanded.detach().requires_grad_()


def adapted_by_definition(learner: Learner, tasks: Episodes, steps: int, order: Order) -> Tensor:
    """The reference for tests: query outputs (T, Q, n) after `steps` steps, one task at a time.

    The textbook's form on `torch.func`: a function of one task, mapped over tasks by `vmap`.
    `Learner` gives the same outputs and the same meta-gradient several times faster.
    """

    def answer(theta: Parameters, x: Tensor) -> Tensor:
        body = {name: theta[name][0] for name in learner.body}
        features: Tensor = functional_call(learner.network, body, (x,))
        return features @ theta["head.weight"][0] + theta["head.bias"][0]

    def support_loss(adapted: Parameters, theta: Parameters, x: Tensor, y: Tensor) -> Tensor:
        return learner.losses(answer(theta | adapted, x)[None], y[None])[0]

    def learn(theta: Parameters, x: Tensor, y: Tensor, query_x: Tensor) -> Tensor:
        for step in range(steps):
            adapted = {name: theta[name] for name in theta if learner.adapts(name)}
            gradients = grad(support_loss)(adapted, theta, x, y)
            if order == "first":
                gradients = {name: value.detach() for name, value in gradients.items()}
            rates = learner.rates(step, tasks.n_way)
            theta = theta | {n: theta[n] - rates[n] * gradients[n] for n in gradients}
        return answer(theta, query_x)

    n_way = tasks.n_way
    outputs: Tensor = vmap(learn, in_dims=(None, 0, 0, 0))(
        learner.initial_parameters(n_way), tasks.support_x, tasks.support_y, tasks.query_x
    )
    return outputs
