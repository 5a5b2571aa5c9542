"""How far queries are from the classes of their task, in the features of a network.

A classifier must choose one of its classes, and its probabilities say nothing of a query that is
none of them. The distances do: 95 % of held-out characters are nearer to their own class than most
characters of other classes are to any.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.methods.few_shot.inner_loop import Learner, Statistics
from core.methods.few_shot.objectives.protonet import prototypes, squared_distances


@torch.no_grad()
def class_distances(learner: Learner, tasks: Episodes, statistics: Statistics) -> Tensor:
    """The distance of each query to the mean of each class's examples: (T, Q, n_way).

    All features have length 1, so distances are 2 at most. They are those before the first inner
    step, since steps move the head far more than the body.
    """
    theta = learner.initial_parameters(tasks.n_way)
    support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
    examples = F.normalize(learner.features(theta, support), dim=-1)
    asked = F.normalize(learner.query_features(theta, support, query, statistics), dim=-1)
    squared = squared_distances(asked, prototypes(examples, tasks.support_y))
    return squared.clamp_min(0).sqrt()


def own_distances(distances: Tensor, labels: Tensor) -> Tensor:
    """Those (T, Q, n_way) to the query's own class, labels (T, Q): (T, Q)."""
    return distances.gather(-1, labels[..., None])[..., 0]
