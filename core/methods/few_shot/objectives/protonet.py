"""Prototypical networks: a class is the mean of its examples, a query belongs to the nearest.

Snell, Swersky and Zemel, "Prototypical Networks for Few-shot Learning" (2017). The lines of its
algorithm 1 have no numbers; comments quote their left-hand sides.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.evaluation.few_shot import Adaptation
from core.methods.base import Scalars
from core.methods.few_shot.inner_loop import Learner, Statistics
from core.methods.few_shot.objectives.base import Objective
from core.methods.few_shot.task_sources import TaskSource


class ProtoNet(Objective):
    """The queries' cross-entropy by their distances to the class means; there is no inner loop."""

    label = "ProtoNet"
    idea = "compares with class means"
    unused = frozenset({"inner_steps", "inner_lr", "learn_inner_lr", "multi_step_loss"})

    @classmethod
    def for_regression(cls) -> type[Objective]:
        raise ValueError("protonet needs classes, and sinusoids have none: choose maml")

    def loss(
        self, source: TaskSource, random: torch.Generator, progress: float
    ) -> tuple[Tensor, Scalars]:
        """Mean cross-entropy of the queries over newly drawn tasks."""
        learner = self.learner
        tasks = self.training_tasks(source, random)  # S_k and Q_k
        support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
        outputs = logits(learner, support, tasks.support_y, query, self.config.batch_norm)
        value = learner.losses(outputs, tasks.query_y).mean()  # J
        scores = self.problem.training_scores(outputs, tasks.query_y)
        return value, {"loss": value.item()} | scores

    def adapt(
        self, tasks: Episodes, steps: int, statistics: Statistics, scale: float
    ) -> Adaptation:
        """The one answer that ProtoNet has, repeated for each of the `steps` + 1 moments."""
        learner, labels = self.learner, tasks.support_y
        support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
        answer = logits(learner, support, labels, query, statistics)
        on_support = logits(learner, support, labels, support, "transductive")
        losses = learner.losses(on_support, labels)
        moments = torch.ones(steps + 1)
        return Adaptation(losses[:, None] * moments, answer[:, None].expand(-1, steps + 1, -1, -1))


def logits(
    learner: Learner, support: Tensor, support_y: Tensor, query: Tensor, statistics: Statistics
) -> Tensor:
    """Minus the squared distance of each query to each prototype (T, Q, n_way) (equation 2).

    They are divided by the square root of the number of features, which the paper does not do:
    squared distances grow with that number, and a softmax that is hard from the first step on
    learns slowly.
    """
    theta = learner.initial_parameters(n_way=1)
    features = learner.features(theta, support)
    queries = learner.query_features(theta, support, query, statistics)
    distances = squared_distances(queries, prototypes(features, support_y))  # d(f(x), c_k)
    return -distances / math.sqrt(features.shape[-1])


def prototypes(features: Tensor, labels: Tensor) -> Tensor:
    """Mean features (T, n_way, D) of each class, from (T, B, D) and labels (T, B) (equation 1)."""
    members = F.one_hot(labels).to(features.dtype)  # (T, B, n_way)
    return members.transpose(1, 2) @ features / members.sum(1)[..., None]  # c_k


def squared_distances(points: Tensor, centres: Tensor) -> Tensor:
    """Squared Euclidean distances (T, Q, n) of points (T, Q, D) to centres (T, n, D)."""
    cross = points @ centres.transpose(1, 2)
    return points.square().sum(-1)[..., None] - 2 * cross + centres.square().sum(-1)[:, None]
