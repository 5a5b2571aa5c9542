"""The meta-gradient of MAML, in float64: against finite differences, a loop unrolled by hand, and
the textbook form on `torch.func`."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.inner_loop import Order, adapted_by_definition
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.objectives.maml import Maml
from core.models.conv4 import Conv4
from core.seeding import generator

INNER_LR = 0.1
INNER_STEPS = 3  # the body moves from the second on, since the head starts at zero


@pytest.fixture(params=["conv4", "folded", "mlp"])
def maml(request: pytest.FixtureRequest) -> FewShot:
    """A small learner in float64."""
    if request.param == "mlp":
        method = _maml(source="sinusoids")
    else:
        method = _maml(layout=request.param)
        method.learner.network = Conv4(4, request.param)
    random = generator(0, "weights")
    for name, parameter in method.learner.named_parameters():
        if name != "log_rates":
            parameter.data = 0.3 * torch.randn(parameter.shape, generator=random)
    method.learner.double().log_rates.data.fill_(math.log(INNER_LR))
    return method


@pytest.mark.parametrize("order", ["second", "first"])
def test_meta_gradient_is_that_of_a_loop_unrolled_by_hand(maml: FewShot, order: Order) -> None:
    tasks = _tasks(maml)
    expected = _unrolled(maml, tasks, second_order=order == "second")
    maml.objective.order = order
    for gradient, by_hand in zip(_meta_gradient(maml, tasks), expected, strict=True):
        assert _relative_error(gradient, by_hand) < 1e-9


@pytest.mark.parametrize("order", ["second", "first"])
@pytest.mark.parametrize("frozen_body", [False, True])
def test_all_tasks_at_once_learn_what_each_learns_by_definition(
    maml: FewShot, order: Order, frozen_body: bool
) -> None:
    tasks = _tasks(maml)
    maml.objective.order, maml.learner.frozen_body = order, frozen_body
    outputs = adapted_by_definition(maml.learner, tasks, INNER_STEPS, order)
    loss = maml.learner.losses(outputs, tasks.query_y).mean()
    assert _meta_loss(maml, tasks).item() == pytest.approx(loss.item(), rel=1e-12)
    expected = torch.autograd.grad(loss, _learned(maml))
    for gradient, reference in zip(_meta_gradient(maml, tasks), expected, strict=True):
        assert _relative_error(gradient, reference) < 1e-9


def test_meta_gradient_is_that_of_finite_differences(maml: FewShot) -> None:
    tasks = _tasks(maml)
    parameters = _learned(maml)
    direction = [torch.randn(p.shape, generator=generator(i), dtype=p.dtype)
                 for i, p in enumerate(parameters)]  # fmt: skip
    gradient = _meta_gradient(maml, tasks)
    derivative = sum((g * d).sum() for g, d in zip(gradient, direction, strict=True))

    def loss_at(offset: float) -> Tensor:
        for parameter, step in zip(parameters, direction, strict=True):
            parameter.data += offset * step
        loss = _meta_loss(maml, tasks).detach()
        for parameter, step in zip(parameters, direction, strict=True):
            parameter.data -= offset * step
        return loss

    assert float(derivative) == pytest.approx(_derivative(loss_at), rel=1e-4)


def test_first_order_is_another_gradient(maml: FewShot) -> None:
    tasks = _tasks(maml)
    second, first = (_unrolled(maml, tasks, second_order=order) for order in (True, False))
    assert _relative_error(torch.cat([g.flatten() for g in first]),
                           torch.cat([g.flatten() for g in second])) > 0.01  # fmt: skip


def test_a_head_of_zeros_moves_the_body_only_where_the_head_is_learned() -> None:
    method = _maml()
    tasks = _tasks(method, torch.float32)
    support = method.learner.prepare(tasks.support_x)
    initial = method.learner.initial_parameters(tasks.n_way)
    blank, _ = method.learner.inner_step(initial, support, tasks.support_y, 0, "second")
    assert blank["kernels.0"] is initial["kernels.0"]
    head = initial["head.weight"].clone().requires_grad_()
    moved, _ = method.learner.inner_step(
        initial | {"head.weight": head}, support, tasks.support_y, 0, "second"
    )
    assert torch.allclose(moved["kernels.0"], initial["kernels.0"], atol=1e-7)
    (gradient,) = torch.autograd.grad(moved["kernels.0"].square().sum(), head)
    assert gradient.norm() > 0


def _learned(maml: FewShot) -> list[Tensor]:
    """What is meta-learned: the weights, then the rates."""
    weights = [p for name, p in maml.learner.named_parameters() if name != "log_rates"]
    return [*weights, maml.learner.log_rates]


def _meta_loss(maml: FewShot, tasks: Episodes) -> Tensor:
    """The mean query loss after the inner steps."""
    assert isinstance(maml.objective, Maml)
    return maml.objective.meta_loss(tasks)[0]


def _meta_gradient(maml: FewShot, tasks: Episodes) -> list[Tensor]:
    return list(torch.autograd.grad(_meta_loss(maml, tasks), _learned(maml)))


def _derivative(loss_at: Callable[[float], Tensor], h: float = 1e-7) -> float:
    """Central difference of fourth order at zero; with steps so small that no ReLU switches."""
    near, far = loss_at(h) - loss_at(-h), loss_at(2 * h) - loss_at(-2 * h)
    return float((8 * near - far) / (12 * h))


def _unrolled(maml: FewShot, tasks: Episodes, second_order: bool) -> list[Tensor]:
    """The gradient in weights and log rates by `torch.autograd` alone, task by task."""
    loss_of = F.mse_loss if maml.learner.regression else F.cross_entropy
    weights = [p.detach().clone().requires_grad_() for p in _learned(maml)[:-1]]
    log_rates = maml.learner.log_rates.detach().clone().requires_grad_()
    blank = [torch.zeros(16, 3, dtype=torch.float64), torch.zeros(1, 3, dtype=torch.float64)]
    initial = (
        weights if maml.learner.regression else [*weights, *(b.requires_grad_() for b in blank)]
    )
    forward = _mlp if maml.learner.regression else _conv
    total = torch.zeros((), dtype=torch.float64)
    n_tasks = len(tasks.support_x)
    for task in range(n_tasks):
        fast = initial
        for step in range(INNER_STEPS):
            support_loss = loss_of(forward(fast, tasks.support_x[task]), tasks.support_y[task])
            gradients = torch.autograd.grad(support_loss, fast, create_graph=second_order)
            rates = log_rates[step].exp()
            fast = [
                v - rates[i] * gradient
                for i, (v, gradient) in enumerate(zip(fast, gradients, strict=True))
            ]
        answer = forward(fast, tasks.query_x[task])
        total = total + loss_of(answer, tasks.query_y[task]) / n_tasks
    return list(torch.autograd.grad(total, [*weights, log_rates]))


def _conv(weights: list[Tensor], x: Tensor) -> Tensor:
    layers = (len(weights) - 2) // 3
    x = F.pixel_unshuffle(x, 2) if layers == 3 else x
    for layer in range(layers):
        kernel, scale, shift = (weights[kind * layers + layer] for kind in range(3))
        kernel = kernel.T.reshape(-1, 3, 3, x.shape[1]).permute(0, 3, 1, 2)
        x = F.conv2d(x, kernel, stride=2, padding=1)
        x = F.batch_norm(x, None, None, scale[0], shift[0], training=True)
        x = x if layers == 3 and layer == 2 else F.relu(x)  # folded ends without one
    return F.linear(x.permute(0, 2, 3, 1).flatten(1), weights[-2].T, weights[-1][0])


def _mlp(weights: list[Tensor], x: Tensor) -> Tensor:
    for layer in range(2):
        x = F.relu(F.linear(x, weights[layer].T, weights[2 + layer][0]))
    return F.linear(x, weights[4].T, weights[5][0])


def _maml(**settings: Any) -> FewShot:
    return FewShot(
        FewShotConfig(
            filters=32,
            train_way=3,
            inner_lr=INNER_LR,
            inner_steps=INNER_STEPS,
            device="cpu",
            **settings,
        )
    )


def _tasks(maml: FewShot, dtype: torch.dtype = torch.float64) -> Episodes:
    """Two tasks of random numbers: 3-way 2-shot pictures, or curves of five points."""
    random = generator(1, "tasks")
    if maml.learner.regression:
        draws = [torch.randn(2, 5, 1, generator=random, dtype=dtype) for _ in range(4)]
        return Episodes(draws[0], draws[1], draws[2], draws[3])
    pictures = torch.rand(2, 2, 6, 1, 28, 28, generator=random, dtype=dtype)
    labels = torch.arange(3).repeat_interleave(2).expand(2, -1)
    return Episodes(pictures[0], labels, pictures[1], labels)


def _relative_error(value: Tensor, reference: Tensor) -> float:
    return float((value - reference).norm() / reference.norm().clamp_min(1e-6))
