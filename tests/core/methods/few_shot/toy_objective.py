"""A seventh algorithm in a file of its own, registered by one line, at the command line.

It trains the features so that pictures of one class lie close to each other.
"""

import sys

import torch
from torch import Tensor

from core.methods.base import Scalars
from core.methods.few_shot.objectives import OBJECTIVES
from core.methods.few_shot.objectives.base import Objective
from core.methods.few_shot.objectives.protonet import prototypes, squared_distances
from core.methods.few_shot.task_sources import TaskSource


class Compact(Objective):
    """The squared distance of queries to their class means, relative to that to all means."""

    label = "Compact"
    idea = "pulls the pictures of a class together"

    def loss(
        self, source: TaskSource, random: torch.Generator, progress: float
    ) -> tuple[Tensor, Scalars]:
        tasks = self.training_tasks(source, random)
        theta = self.learner.initial_parameters(n_way=1)
        support, query = (
            self.learner.features(theta, self.learner.prepare(pictures))
            for pictures in (tasks.support_x, tasks.query_x)
        )
        distances = squared_distances(query, prototypes(support, tasks.support_y))  # (T, Q, n_way)
        to_class = distances.gather(-1, tasks.query_y[..., None])
        value = to_class.mean() / distances.mean()
        return value, {"loss": value.item()}


if __name__ == "__main__":
    OBJECTIVES["compact"] = Compact
    from core.__main__ import main  # after the line above, as where the line is in the registry

    sys.exit(main())
