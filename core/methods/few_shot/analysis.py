"""Analysis of a learner: what its inner loop changes, the loss landscape around the path of its
parameters, and the parts of its meta-gradient.

The measures themselves are in `core.evaluation.adaptation` and take plain tensors.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from core.data.episodes import Episodes
from core.evaluation.adaptation import (
    GradientParts,
    Movement,
    gradient_parts,
    grid_around,
    linear_cka,
    principal_plane,
)
from core.methods.few_shot.inner_loop import HEAD, Learner, Order, Statistics
from core.models.conv4 import Parameters

STATISTICS: Statistics = "transductive"
TASKS_AT_ONCE, POINTS_AT_ONCE = 10, 25  # small enough for a CPU's caches
MARGIN = 0.25  # around a path in its landscape, as a share of the path's extent


@dataclass(frozen=True)
class AdaptationMeasures:
    """What S inner steps change in T tasks.

    similarity (T, L) is the linear CKA of each layer of the body before and after, on the queries;
    accuracy (T,) is that of the queries after the steps; accuracy_with_initial_body (T,) is the
    same with the adapted head on the body as it was before.
    """

    movement: Movement
    similarity: Tensor
    accuracy: Tensor
    accuracy_with_initial_body: Tensor


@dataclass(frozen=True)
class Landscape:
    """The losses of one task on the plane of its path, and on the path itself.

    x (C,) and y (R,) are the plane's grid, support and query the losses (R, C) there. path
    (S + 1, 2) is the path projected onto the plane; path_support and path_query (S + 1,) are the
    losses on the path itself, which may leave the plane; share is the share of the path's variance
    that lies in the plane.
    """

    x: Tensor
    y: Tensor
    support: Tensor
    query: Tensor
    path: Tensor
    path_support: Tensor
    path_query: Tensor
    share: float


def layer_of(name: str) -> str:
    """The layer of a parameter: `kernels.0` and `scales.0` belong to `layer 1`."""
    return "head" if name in HEAD else f"layer {int(name.rpartition('.')[2]) + 1}"


def adaptation_path(
    learner: Learner, tasks: Episodes, steps: int, scale: float = 1.0
) -> Iterator[Parameters]:
    """The weights (T or 1, ...) of T tasks before and after each of `steps` inner steps."""
    support = learner.prepare(tasks.support_x)
    theta = learner.initial_parameters(tasks.n_way)
    yield theta
    for step in range(steps):
        theta, _ = learner.inner_step(theta, support, tasks.support_y, step, "first", scale)
        yield theta


@torch.no_grad()
def measure_adaptation(learner: Learner, tasks: Episodes, steps: int) -> AdaptationMeasures:
    """What `steps` inner steps, at least one, change in a classifier."""
    firsts = range(0, len(tasks.support_x), TASKS_AT_ONCE)
    parts = [
        _measured(learner, tasks.part(slice(first, first + TASKS_AT_ONCE)), steps)
        for first in firsts
    ]
    squared, similarity, accuracy, with_initial_body = (
        torch.cat(part) for part in zip(*parts, strict=True)
    )
    initial = learner.initial_parameters(tasks.n_way)
    movement = Movement(_layers(initial), squared, _by_layer(initial)[0])
    return AdaptationMeasures(movement, similarity, accuracy, with_initial_body)


def _measured(
    learner: Learner, tasks: Episodes, steps: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The fields of an `AdaptationMeasures` for a few tasks, its movement squared (T, S, L)."""
    path = adaptation_path(learner, tasks, steps)
    initial = final = next(path)
    squared = []
    for theta in path:
        squared.append(_by_layer({name: theta[name] - initial[name] for name in theta}))
        final = theta
    query = learner.prepare(tasks.query_x)
    before, after = (list(learner.network.activations(theta, query)) for theta in (initial, final))
    similarity = [linear_cka(*layers) for layers in zip(before, after, strict=True)]
    with_initial_body, adapted = (
        (features[-1] @ final["head.weight"] + final["head.bias"]).argmax(-1) == tasks.query_y
        for features in (before, after)
    )
    return (
        torch.stack(squared, 1),
        torch.stack(similarity, 1),
        adapted.double().mean(-1),
        with_initial_body.double().mean(-1),
    )


def _layers(theta: Parameters) -> tuple[str, ...]:
    return tuple(dict.fromkeys(layer_of(name) for name in theta))


def _by_layer(theta: Parameters) -> Tensor:
    """The squared length (T or 1, L) of each layer."""
    squared = {name: tensor.square().flatten(1).sum(1).double() for name, tensor in theta.items()}
    n_tasks = max(len(lengths) for lengths in squared.values())
    layers = [
        torch.stack([squared[name] for name in theta if layer_of(name) == layer]).sum(0)
        for layer in _layers(theta)
    ]
    return torch.stack([lengths.expand(n_tasks) for lengths in layers], 1)


@torch.no_grad()
def loss_landscape(
    learner: Learner, task: Episodes, steps: int, shape: tuple[int, int], scale: float = 1.0
) -> Landscape:
    """The losses of one task around its path of `steps` inner steps, at least two.

    `shape` is the number of columns and rows of the grid; `scale` multiplies the inner rates.
    """
    thetas = list(adaptation_path(learner, task, steps, scale))
    path = torch.cat([_flat(theta) for theta in thetas])
    plane = principal_plane(path)
    places = plane.coordinates(path)
    x, y = grid_around(places, shape, MARGIN)
    grid = torch.cartesian_prod(y, x).flip(1)  # (rows * columns, 2), x fastest
    points = plane.points(grid)
    parts = torch.split(points, POINTS_AT_ONCE)
    surface = torch.cat([_losses(learner, task, _shaped(part, thetas[0])) for part in parts], 1)
    support, query = surface.view(2, len(y), len(x))
    path_support, path_query = _losses(learner, task, _shaped(path, thetas[0]))
    return Landscape(x, y, support, query, places, path_support, path_query, plane.share)


def _flat(theta: Parameters) -> Tensor:
    """The weights of each task as one row: (T, P)."""
    return torch.cat([tensor.flatten(1) for tensor in theta.values()], 1)


def _shaped(rows: Tensor, like: Parameters) -> Parameters:
    """The inverse of `_flat`: rows (T, P) as weights of the shapes of `like`."""
    parts = torch.split(rows, [tensor[0].numel() for tensor in like.values()], 1)
    return {
        name: part.view(len(rows), *tensor.shape[1:])
        for (name, tensor), part in zip(like.items(), parts, strict=True)
    }


def _losses(learner: Learner, task: Episodes, theta: Parameters) -> Tensor:
    """The losses (2, N) of one task on its support set and its queries, at N weights."""
    n = len(theta[HEAD[0]])
    support, query = (
        prepared.expand(n, *prepared.shape[1:])
        for prepared in (learner.prepare(task.support_x), learner.prepare(task.query_x))
    )
    of_support = learner.losses(learner.answer(theta, support), task.support_y.expand(n, -1))
    answers = learner.answer_queries(theta, support, query, STATISTICS)
    return torch.stack([of_support, learner.losses(answers, task.query_y.expand(n, -1))])


def meta_gradient(learner: Learner, tasks: Episodes, steps: int, order: Order) -> Tensor:
    """The gradient (P,) in theta of the mean query loss after `steps` inner steps."""
    support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
    theta = learner.initial_parameters(tasks.n_way)
    for step in range(steps):
        theta, _ = learner.inner_step(theta, support, tasks.support_y, step, order)
    answers = learner.answer_queries(theta, support, query, STATISTICS)
    loss = learner.losses(answers, tasks.query_y).mean()
    weights = [p for name, p in learner.named_parameters() if name != "log_rates"]
    return torch.cat([gradient.flatten() for gradient in torch.autograd.grad(loss, weights)])


def decompose_gradient(learner: Learner, tasks: Episodes, steps: int) -> GradientParts:
    """The first- and second-order parts of the meta-gradient of a meta-batch."""
    whole, first_order = (
        meta_gradient(learner, tasks, steps, order) for order in ("second", "first")
    )
    return gradient_parts(whole, first_order)
