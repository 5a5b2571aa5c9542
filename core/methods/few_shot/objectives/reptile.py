"""Reptile: move the initialisation towards the weights that ordinary training on a task ends with.

Nichol, Achiam and Schulman, "On First-Order Meta-Learning Algorithms" (2018), section 2 (batched).
The lines of its algorithm have no numbers; comments quote them.
"""

import torch
from torch import Tensor, nn

from core.data.episodes import Episodes
from core.methods.base import Scalars
from core.methods.few_shot.objectives.base import Objective
from core.methods.few_shot.task_sources import TaskSource


class Reptile(Objective):
    """Half the squared distance from the initialisation to the mean of the tasks' final weights.

    A step of gradient descent on it at rate epsilon is the paper's update,
    initial + epsilon * mean(final - initial). Reptile knows no queries: support and query pictures
    are one training set, from which each inner step takes the next k_shot examples of each class.
    """

    label = "Reptile"
    idea = "moves the initialisation towards the weights that training on each task ends with"
    unused = frozenset({"learn_inner_lr", "multi_step_loss", "batch_norm"})

    def optimizer(self, weights: list[nn.Parameter]) -> torch.optim.Optimizer:
        """Plain gradient descent, whose rate is the paper's epsilon."""
        return torch.optim.SGD(weights, lr=self.config.lr)

    def loss(
        self, source: TaskSource, random: torch.Generator, progress: float
    ) -> tuple[Tensor, Scalars]:
        """Half the squared distance, and the losses of the first and the last inner step."""
        learner = self.learner
        tasks = self.training_tasks(source, random)  # sample tasks tau_1, ..., tau_n
        batches = minibatches(tasks)
        initial = learner.initial_parameters(tasks.n_way)
        theta, losses = initial, []
        for step in range(self.config.inner_steps):  # W_i = SGD(L_i, theta, k)
            x, y = batches[step % len(batches)]
            theta, batch_losses = learner.inner_step(theta, learner.prepare(x), y, step, "first")
            losses.append(batch_losses.mean())
        distance = torch.zeros((), device=tasks.support_x.device)
        for name, weight in initial.items():
            if weight.requires_grad:  # not a classifier's head, which is zero before every task
                final = theta[name].detach().mean(0, keepdim=True)
                distance = distance + 0.5 * (weight - final).square().sum()
        return distance, {"loss": losses[-1].item(), "first_loss": losses[0].item()}


def minibatches(tasks: Episodes) -> list[tuple[Tensor, Tensor]]:
    """A task's pictures as batches of its support set's size: the support set, then the queries."""
    size = tasks.support_x.shape[1]
    if tasks.support_y.is_floating_point():
        order = torch.arange(tasks.query_x.shape[1])
    else:  # rows are sorted by class: take the first query of each class, then the second, ...
        order = torch.arange(tasks.query_x.shape[1]).view(tasks.n_way, -1).T.flatten()
    xs = torch.split(tasks.query_x[:, order], size, dim=1)
    ys = torch.split(tasks.query_y[:, order], size, dim=1)
    whole = [(x, y) for x, y in zip(xs, ys, strict=True) if x.shape[1] == size]
    return [(tasks.support_x, tasks.support_y), *whole]
