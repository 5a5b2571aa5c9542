"""Unlabelled drawings help: soft k-means moves class means to where unlabelled drawings are.

Ren et al., "Meta-learning for semi-supervised few-shot classification" (2018), section 3.1.1, and
with a cluster for drawings of other characters (distractors), section 3.1.2. They train a network
for it; here the features are those of a network that is there.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from core.methods.lifelong.stream import DRAWINGS
from core.seeding import generator

WAYS, UNLABELLED, QUERIES = 5, 5, 10  # classes of a task, and drawings of each
MOST_UNLABELLED = DRAWINGS - QUERIES - 1
STEPS = 4
# Chosen for the features `alphabet` on the validation alphabets: see `core.studies.unlabelled`.
SCALE = 10.0
LENGTH = 2.2


class Task(NamedTuple):
    """Features of length 1 of the drawings of a task; of more than one with (T,) before all shapes.

    Rows are class after class.
    """

    labelled: Tensor  # (W, D): one of each of W classes
    unlabelled: Tensor  # (W * U, D): others of the same classes
    distractors: Tensor  # (W * U, D): of W other characters
    queries: Tensor  # (W * Q, D): to be judged by, of the W classes


class State(NamedTuple):
    """Class means (..., W, D), and how far each of M unlabelled drawings is taken for each class.

    `assigned` (..., M, W) sums to 1 over the classes; with a cluster for distractors it is the last
    of (..., M, W + 1).
    """

    prototypes: Tensor
    assigned: Tensor


def draw_task(n_characters: int, number: int) -> tuple[Tensor, Tensor]:
    """The places (2 W, 1) of a task's characters among all, and (2 W, 20) of their drawings.

    The first W are the classes. The same number draws the same task again.
    """
    random = generator("unlabelled task", number)
    chosen = torch.randperm(n_characters, generator=random)[: 2 * WAYS]
    return chosen[:, None], torch.stack(
        [torch.randperm(DRAWINGS, generator=random) for _ in chosen]
    )


def task_of(features: Tensor, n_unlabelled: int = UNLABELLED) -> Task:
    """The task of features (..., 2 W, 20, D), drawn as by `draw_task`.

    Its queries are the same, however many unlabelled drawings there are, up to MOST_UNLABELLED.
    """
    classes, others = features[..., :WAYS, :, :], features[..., WAYS:, :, :]
    without = slice(1, 1 + n_unlabelled)
    return Task(
        classes[..., 0, :],
        classes[..., without, :].flatten(-3, -2),
        others[..., without, :].flatten(-3, -2),
        classes[..., -QUERIES:, :].flatten(-3, -2),
    )


def soft_k_means(
    labelled: Tensor,
    unlabelled: Tensor,
    length: float | None = None,
    scale: float = SCALE,
    steps: int = STEPS,
) -> list[State]:
    """Before and after each of `steps` steps, of one labelled drawing (..., W, D) of each class and
    of unlabelled ones (..., M, D).

    Args:
        length: the length scale of the cluster for distractors, where that of a class is 1; None
            for no such cluster. It lies at the origin and stays there. All features have the same
            distance from it, so that the length sets from which distance to the means on a drawing
            is taken for a distractor.
        scale: of squared distances, as if the features were sqrt(scale) times as long.
    """
    prototypes = labelled
    states = [State(prototypes, _assigned(prototypes, unlabelled, length, scale))]
    for _ in range(steps):
        weights = states[-1].assigned[..., : labelled.shape[-2]].mT  # (..., W, M)
        sums = labelled + weights @ unlabelled
        prototypes = sums / (1 + weights.sum(-1, keepdim=True))
        states.append(State(prototypes, _assigned(prototypes, unlabelled, length, scale)))
    return states


def right(queries: Tensor, prototypes: Tensor) -> Tensor:
    """The share (...) of queries (..., W * Q, D) whose nearest prototype is that of their class."""
    ways = prototypes.shape[-2]
    truth = torch.arange(ways).repeat_interleave(queries.shape[-2] // ways)
    return (_squared(queries, prototypes).argmin(-1) == truth).float().mean(-1)


def _assigned(prototypes: Tensor, unlabelled: Tensor, length: float | None, scale: float) -> Tensor:
    """A softmax over -d^2, for the distractors' cluster over -d^2 / length^2 - log(length)."""
    logits = -scale * _squared(unlabelled, prototypes)  # (..., M, W)
    if length is not None:
        from_origin = unlabelled.square().sum(-1, keepdim=True)
        of_cluster = -scale * from_origin / length**2 - math.log(length)
        logits = torch.cat([logits, of_cluster], -1)
    return logits.softmax(-1)


def _squared(points: Tensor, centres: Tensor) -> Tensor:
    """Squared distances (..., P, C)."""
    lengths = points.square().sum(-1)[..., :, None] + centres.square().sum(-1)[..., None, :]
    return lengths - 2 * points @ centres.mT
