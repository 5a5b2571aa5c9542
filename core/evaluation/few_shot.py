"""How well tasks are learnt: accuracy or error after each inner step, with its interval.

The learner is passed in as a `Learn`, a function from tasks to an `Adaptation`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.data.episodes import Episodes

PICTURES_AT_ONCE = 2000  # which keeps the memory below 300 MB
NORMAL_95 = 1.96  # standard errors either side of a mean that cover 95 % of a normal distribution


@dataclass(frozen=True)
class Adaptation:
    """T tasks, before and after each of S inner steps.

    support_loss is (T, S + 1). outputs are those of the queries: logits (T, S + 1, Q, n_way), or
    values (T, S + 1, Q, 1) of a regression.
    """

    support_loss: Tensor
    outputs: Tensor


Learn = Callable[[Episodes], Adaptation]


@dataclass(frozen=True)
class Estimate:
    """A mean over tasks and the half-width of its 95 % interval."""

    mean: float
    interval: float
    n_tasks: int


def estimate(values: Tensor) -> Estimate:
    """Mean of one value per task (T,), and 1.96 standard errors of it, sd / sqrt(T).

    The standard deviation sd is the unbiased one, with T - 1. One task has an infinite interval.
    """
    n_tasks = len(values)
    error = values.double().std().item() / math.sqrt(n_tasks) if n_tasks > 1 else math.inf
    return Estimate(values.double().mean().item(), NORMAL_95 * error, n_tasks)


def accuracy(adaptation: Adaptation, tasks: Episodes) -> Tensor:
    """Share of queries whose largest logit is their class: (T, S + 1)."""
    right = adaptation.outputs.argmax(-1) == tasks.query_y[:, None]  # (T, S + 1, Q)
    return right.float().mean(-1)


def squared_error(adaptation: Adaptation, tasks: Episodes) -> Tensor:
    """Mean squared error over the queries: (T, S + 1)."""
    return (adaptation.outputs - tasks.query_y[:, None]).square().mean((-2, -1))


def evaluate_tasks(
    learn: Learn, tasks: Episodes, score: Callable[[Adaptation, Episodes], Tensor]
) -> list[Estimate]:
    """The mean score over tasks, before and after each of S inner steps: S + 1 estimates."""
    scores = torch.cat([score(learn(part), part) for part in _chunks(tasks)])
    return [estimate(column) for column in scores.unbind(1)]


def _chunks(tasks: Episodes) -> list[Episodes]:
    """Tasks in parts of at most `PICTURES_AT_ONCE` pictures, or one task."""
    n_tasks, n_pictures = tasks.query_x.shape[:2]
    size = max(1, PICTURES_AT_ONCE // (n_pictures + tasks.support_x.shape[1]))
    return [tasks.part(slice(first, first + size)) for first in range(0, n_tasks, size)]
