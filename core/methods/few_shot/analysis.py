"""Looking inside a learner: what its inner loop moves, where its parameters go, and of what its
meta-gradient is made.

`core.evaluation.adaptation` measures tensors; here they are found, since measures know no methods.
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
TASKS_AT_ONCE, POINTS_AT_ONCE = 10, 25  # that a CPU's caches hold
MARGIN = 0.25  # around a path on its surface, as a share of its extent


@dataclass(frozen=True)
class AdaptationMeasures:
    """What S inner steps change in T tasks.

    similarity is the linear CKA (T, L) of each layer of the body, before and after, on the queries;
    accuracy is that on the queries after the steps (T,), and body_put_back the same with all but
    the head put back to where it started.
    """

    movement: Movement
    similarity: Tensor
    accuracy: Tensor
    body_put_back: Tensor


@dataclass(frozen=True)
class Landscape:
    """The losses of one task on the plane of its path, and on the path itself.

    x (C,) and y (R,) are the plane's grid, support and query the losses (R, C) there. path is
    where the path's foot is on the plane (S + 1, 2); path_support and path_query are its own losses
    (S + 1,), off the plane; share is that of the path's variance which the plane holds.
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
    """`kernels.0` and `scales.0` are of layer 1."""
    return "head" if name in HEAD else f"layer {int(name.rpartition('.')[2]) + 1}"


def adaptation(
    learner: Learner, tasks: Episodes, steps: int, scale: float = 1.0
) -> Iterator[Parameters]:
    """The weights (T or 1, ...) of T tasks at the start and after each of `steps` inner steps."""
    support = learner.prepare(tasks.support_x)
    theta = learner.start(tasks.n_way)
    yield theta
    for step in range(steps):
        theta, _ = learner.inner_step(theta, support, tasks.support_y, step, "first", scale)
        yield theta


@torch.no_grad()
def measure_adaptation(learner: Learner, tasks: Episodes, steps: int) -> AdaptationMeasures:
    """What at least one inner step moves in a classifier, and what that changes."""
    firsts = range(0, len(tasks.support_x), TASKS_AT_ONCE)
    parts = [
        _measured(learner, tasks.part(slice(first, first + TASKS_AT_ONCE)), steps)
        for first in firsts
    ]
    squared, similarity, accuracy, put_back = (torch.cat(part) for part in zip(*parts, strict=True))
    start = learner.start(tasks.n_way)
    movement = Movement(_layers(start), squared, _by_layer(start)[0])
    return AdaptationMeasures(movement, similarity, accuracy, put_back)


def _measured(
    learner: Learner, tasks: Episodes, steps: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The fields of an `AdaptationMeasures` for a few tasks, its movement squared (T, S, L)."""
    path = adaptation(learner, tasks, steps)
    start = end = next(path)
    squared = []
    for theta in path:
        squared.append(_by_layer({name: theta[name] - start[name] for name in theta}))
        end = theta
    query = learner.prepare(tasks.query_x)
    before, after = (list(learner.network.activations(theta, query)) for theta in (start, end))
    similarity = [linear_cka(*layers) for layers in zip(before, after, strict=True)]
    put_back, adapted = (
        (features[-1] @ end["head.weight"] + end["head.bias"]).argmax(-1) == tasks.query_y
        for features in (before, after)
    )
    return (
        torch.stack(squared, 1),
        torch.stack(similarity, 1),
        adapted.double().mean(-1),
        put_back.double().mean(-1),
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
    """The losses of one task on a grid, of `shape` columns and rows, around its path of at least
    two inner steps. `scale` multiplies the inner rates.
    """
    thetas = list(adaptation(learner, task, steps, scale))
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
    theta = learner.start(tasks.n_way)
    for step in range(steps):
        theta, _ = learner.inner_step(theta, support, tasks.support_y, step, order)
    answers = learner.answer_queries(theta, support, query, STATISTICS)
    loss = learner.losses(answers, tasks.query_y).mean()
    start = [p for name, p in learner.named_parameters() if name != "log_rates"]
    return torch.cat([slope.flatten() for slope in torch.autograd.grad(loss, start)])


def decompose_gradient(learner: Learner, tasks: Episodes, steps: int) -> GradientParts:
    """The first- and the second-order part of the meta-gradient of one meta-batch."""
    whole, first_order = (
        meta_gradient(learner, tasks, steps, order) for order in ("second", "first")
    )
    return gradient_parts(whole, first_order)
