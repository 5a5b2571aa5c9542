"""The meta-gradient of MAML against finite differences and a loop unrolled by hand, in float64."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.methods.inner_loop import LOSSES
from core.methods.maml import Maml, MamlConfig
from core.methods.task_sources import Source
from core.models.conv4 import Conv4, Layout
from core.seeding import generator

INNER_LR = 0.1
INNER_STEPS = 2


@pytest.fixture(params=["conv4", "folded", "mlp"])
def maml(request: pytest.FixtureRequest) -> Maml:
    """A small learner in float64 with a head that does not start at zero."""
    if request.param == "mlp":
        method = _maml(source="sinusoids")
    else:
        method = _maml(layout=request.param)
        method.learner.network = Conv4(3, 4, request.param)
    random = generator(0, "weights")
    for parameter in method.learner.network.parameters():
        parameter.data = 0.3 * torch.randn(parameter.shape, generator=random)
    method.learner.double().log_rates.data.fill_(math.log(INNER_LR))
    return method


@pytest.mark.parametrize("order", ["second", "first"])
def test_meta_gradient_is_that_of_a_loop_unrolled_by_hand(maml: Maml, order: str) -> None:
    tasks = _tasks(maml)
    expected = _unrolled(maml, tasks, second_order=order == "second")
    object.__setattr__(maml.config, "order", order)
    loss, _ = maml.meta_loss(tasks)
    loss.backward()  # type: ignore[no-untyped-call]
    for (name, parameter), gradient in zip(
        maml.learner.network.named_parameters(), expected, strict=True
    ):
        assert parameter.grad is not None
        assert _relative_error(parameter.grad, gradient) < 1e-9, name


def test_meta_gradient_is_that_of_finite_differences(maml: Maml) -> None:
    tasks = _tasks(maml)
    parameters = [p for p in maml.learner.parameters() if p.requires_grad]
    direction = [torch.randn(p.shape, generator=generator(i), dtype=p.dtype)
                 for i, p in enumerate(parameters)]  # fmt: skip
    loss, _ = maml.meta_loss(tasks)
    gradient = torch.autograd.grad(loss, parameters)
    slope = sum((g * d).sum() for g, d in zip(gradient, direction, strict=True))

    def loss_at(offset: float) -> Tensor:
        for parameter, step in zip(parameters, direction, strict=True):
            parameter.data += offset * step
        loss = maml.meta_loss(tasks)[0].detach()
        for parameter, step in zip(parameters, direction, strict=True):
            parameter.data -= offset * step
        return loss

    assert float(slope) == pytest.approx(_derivative(loss_at), rel=1e-4)


def test_first_order_is_another_gradient(maml: Maml) -> None:
    tasks = _tasks(maml)
    second, first = (_unrolled(maml, tasks, second_order=order) for order in (True, False))
    assert _relative_error(torch.cat([g.flatten() for g in first]),
                           torch.cat([g.flatten() for g in second])) > 0.01  # fmt: skip


def _derivative(loss_at: Callable[[float], Tensor], h: float = 1e-7) -> float:
    """Central difference of fourth order at zero; with steps so small that no ReLU switches."""
    near, far = loss_at(h) - loss_at(-h), loss_at(2 * h) - loss_at(-2 * h)
    return float((8 * near - far) / (12 * h))


def _unrolled(maml: Maml, tasks: Episodes, second_order: bool) -> list[Tensor]:
    """The meta-gradient by `torch.autograd` alone, task by task, with `F.batch_norm`."""
    regression = maml.regression
    loss_of = LOSSES["regression" if regression else "classification"]
    network = maml.learner.network
    theta = [p.detach().clone().requires_grad_() for p in network.parameters()]
    names = [name for name, _ in network.named_parameters()]
    forward = _mlp if regression else _conv
    folded = isinstance(network, Conv4) and isinstance(network.fold, torch.nn.PixelUnshuffle)
    total = torch.zeros((), dtype=torch.float64)
    n_tasks = len(tasks.support_x)
    for task in range(n_tasks):
        fast = theta
        for _ in range(INNER_STEPS):
            answer = forward(dict(zip(names, fast, strict=True)), tasks.support_x[task], folded)
            slopes = torch.autograd.grad(
                loss_of(answer, tasks.support_y[task]), fast, create_graph=second_order
            )
            fast = [value - INNER_LR * slope for value, slope in zip(fast, slopes, strict=True)]
        answer = forward(dict(zip(names, fast, strict=True)), tasks.query_x[task], folded)
        total = total + loss_of(answer, tasks.query_y[task]) / n_tasks
    return list(torch.autograd.grad(total, theta))


def _conv(weights: dict[str, Tensor], x: Tensor, folded: bool) -> Tensor:
    x = F.pixel_unshuffle(x, 2) if folded else x
    for layer in range(3 if folded else 4):
        x = F.conv2d(x, weights[f"convolutions.{layer}.weight"], stride=2, padding=1)
        scale, shift = weights[f"norms.{layer}.weight"], weights[f"norms.{layer}.bias"]
        x = F.relu(F.batch_norm(x, None, None, scale, shift, training=True))
    return F.linear(x.flatten(1), weights["head.weight"], weights["head.bias"])


def _mlp(weights: dict[str, Tensor], x: Tensor, _folded: bool) -> Tensor:
    for layer in range(3):
        x = F.linear(x, weights[f"layers.{layer}.weight"], weights[f"layers.{layer}.bias"])
        x = F.relu(x) if layer < 2 else x
    return x


def _maml(source: Source = "strokes", layout: Layout = "folded") -> Maml:
    return Maml(
        MamlConfig(source=source, layout=layout, n_way=3, filters=32, inner_lr=INNER_LR,
                   inner_steps=INNER_STEPS, device="cpu")
    )  # fmt: skip


def _tasks(maml: Maml) -> Episodes:
    """Two tasks of random numbers, float64: 3-way 2-shot pictures, or curves of five points."""
    random = generator(1, "tasks")
    if maml.regression:
        draws = [torch.randn(2, 5, 1, generator=random, dtype=torch.float64) for _ in range(4)]
        return Episodes(draws[0], draws[1], draws[2], draws[3])
    pictures = torch.rand(2, 2, 6, 1, 28, 28, generator=random, dtype=torch.float64)
    labels = torch.arange(3).repeat_interleave(2).expand(2, -1)
    return Episodes(pictures[0], labels, pictures[1], labels)


def _relative_error(value: Tensor, reference: Tensor) -> float:
    return float((value - reference).norm() / reference.norm().clamp_min(1e-6))
