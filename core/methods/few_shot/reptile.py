"""Reptile: move the start towards where a few steps of ordinary training on a task end.

Nichol, Achiam and Schulman, "On First-Order Meta-Learning Algorithms" (2018), section 2 (batched).
"""

import torch
from torch import Tensor

from core.data.episodes import Episodes
from core.methods.base import Scalars
from core.methods.few_shot.inner_loop import HEAD, Learner


def loss(learner: Learner, tasks: Episodes, steps: int) -> tuple[Tensor, Scalars]:
    """Half the squared way from the start to the mean of where the tasks end, and its scalars.

    A step of plain descent on it at rate epsilon is the paper's update,
    start + epsilon * mean(end - start). Reptile knows no queries: support and query pictures are
    one training set, of which each inner step takes the next k_shot examples of each class.
    """
    batches = minibatches(tasks)
    theta, losses = learner.start(tasks.n_way), []
    for step in range(steps):
        x, y = batches[step % len(batches)]
        theta, batch_loss = learner.inner_step(theta, learner.prepare(x), y, step, "first")
        losses.append(batch_loss.mean())
    way = torch.zeros((), device=tasks.support_x.device)
    for name, start in learner.start(tasks.n_way).items():
        if learner.regression or name not in HEAD:  # a classifier's head starts at zero, always
            end = theta[name].detach().mean(0, keepdim=True)
            way = way + 0.5 * (start - end).square().sum()
    return way, {"loss": losses[-1].item(), "first_loss": losses[0].item()}


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
