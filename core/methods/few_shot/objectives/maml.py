"""MAML: learn an initialisation from which a few gradient steps learn a task.

Finn, Abbeel and Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks" (2017).
Line numbers in comments are those of its algorithm 2; line 10's update is the optimiser's, in
`core.methods.few_shot.method`. All tasks of a step go through each operation together, so that the
loop over tasks (lines 4 to 9) is not seen here.
"""

import torch
from torch import Tensor

from core.data.episodes import Episodes
from core.methods.base import Scalars
from core.methods.few_shot.objectives.base import Objective
from core.methods.few_shot.task_sources import TaskSource


class Maml(Objective):
    """The loss of the queries after the inner steps, differentiated through those steps."""

    label = "MAML"
    idea = "takes the gradient through the inner steps, which makes it of second order"

    def loss(
        self, source: TaskSource, random: torch.Generator, progress: float
    ) -> tuple[Tensor, Scalars]:
        """The meta-loss of newly drawn tasks."""
        tasks = self.training_tasks(source, random)  # lines 3, 5 and 8
        return self.meta_loss(tasks, progress)

    def meta_loss(self, tasks: Episodes, progress: float = 1.0) -> tuple[Tensor, Scalars]:
        """Mean query loss over tasks after adaptation, and the scalars to log.

        With `multi_step_loss` it is a weighted sum over the inner steps; see `step_weights`.
        """
        config, learner = self.config, self.learner
        support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
        weights = step_weights(config.inner_steps, progress, config.multi_step_loss)
        theta = learner.initial_parameters(tasks.n_way)
        total, support_loss = torch.zeros((), device=support.device), torch.zeros(())
        for step, weight in enumerate(weights):
            if weight:
                outputs = learner.answer_queries(theta, support, query, config.batch_norm)
                total = total + weight * learner.losses(outputs, tasks.query_y).mean()  # line 10
            if step < config.inner_steps:
                theta, losses = learner.inner_step(  # lines 6 and 7
                    theta, support, tasks.support_y, step, self.order
                )
                support_loss = losses.mean()
        scalars = {"loss": total.item(), "support_loss": support_loss.item()}
        return total, scalars | self.problem.training_scores(outputs, tasks.query_y)


def step_weights(inner_steps: int, progress: float, multi_step: bool) -> list[float]:
    """Weight of the query loss before the first and after each of S inner steps: S + 1, sum 1.

    Without `multi_step` only the last counts. With it (Antoniou et al. 2019, section 4, MSL) all
    steps count alike at first, and over the first third of training the weight moves to the last.
    """
    if not multi_step:
        return [0.0] * inner_steps + [1.0]
    early = max(0.0, 1 - 3 * progress) / inner_steps
    return [0.0] + [early] * (inner_steps - 1) + [1 - early * (inner_steps - 1)]
