"""Prototypical networks: a class is the mean of its examples, a query belongs to the nearest.

Snell, Swersky and Zemel, "Prototypical Networks for Few-shot Learning" (2017).
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.evaluation.few_shot import Adaptation
from core.methods.base import Scalars
from core.methods.few_shot.inner_loop import Learner, Statistics


def loss(learner: Learner, tasks: Episodes, statistics: Statistics) -> tuple[Tensor, Scalars]:
    """The mean over tasks of the queries' cross-entropy (algorithm 1), and its scalars."""
    support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
    outputs = logits(learner, support, tasks.support_y, query, statistics)
    value = learner.losses(outputs, tasks.query_y).mean()
    right = (outputs.argmax(-1) == tasks.query_y).float().mean()
    return value, {"loss": value.item(), "train_accuracy": right.item()}


def logits(
    learner: Learner, support: Tensor, support_y: Tensor, query: Tensor, statistics: Statistics
) -> Tensor:
    """Minus the squared distance of each query to each prototype (T, Q, n_way) (equation 2).

    Over the root of the number of features, which the paper does not have: squared distances grow
    with their number, and a softmax that starts out hard learns slowly.
    """
    theta = learner.start(n_way=1)
    features = learner.features(theta, support)
    queries = learner.query_features(theta, support, query, statistics)
    distances = squared_distances(queries, prototypes(features, support_y))
    return -distances / math.sqrt(features.shape[-1])


def prototypes(features: Tensor, labels: Tensor) -> Tensor:
    """Mean features (T, n_way, D) of each class, from (T, B, D) and labels (T, B) (equation 1)."""
    members = F.one_hot(labels).to(features.dtype)  # (T, B, n_way)
    return members.transpose(1, 2) @ features / members.sum(1)[..., None]


def squared_distances(points: Tensor, centres: Tensor) -> Tensor:
    """Squared Euclidean distances (T, Q, n) of points (T, Q, D) to centres (T, n, D)."""
    cross = points @ centres.transpose(1, 2)
    return points.square().sum(-1)[..., None] - 2 * cross + centres.square().sum(-1)[:, None]


def adapt(
    learner: Learner, support: Tensor, support_y: Tensor, query: Tensor, steps: int,
    statistics: Statistics,
) -> Adaptation:  # fmt: skip
    """The one answer that ProtoNet has, once for each of `steps` + 1 moments."""
    answer = logits(learner, support, support_y, query, statistics)
    own = logits(learner, support, support_y, support, "transductive")
    losses = learner.losses(own, support_y)
    moments = torch.ones(steps + 1)
    return Adaptation(losses[:, None] * moments, answer[:, None].expand(-1, steps + 1, -1, -1))
