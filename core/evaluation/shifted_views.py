"""Answers averaged over shifted views: an ensemble of one network, made at test time.

See `core.data.shifts`.
"""

from dataclasses import replace

import torch

from core.data.episodes import Episodes
from core.data.shifts import SHIFTS, moved
from core.evaluation.few_shot import Adaptation, Learn


def over_shifted_views(learn: Learn) -> Learn:
    """Learns tasks of pictures once for each of `SHIFTS`, and averages the answers.

    Support and query pictures of a task are shifted alike. Outputs are then mean log-probabilities
    and losses mean losses, of the shapes that `learn` gives. It takes five times as long.
    """

    def learn_views(tasks: Episodes) -> Adaptation:
        views = [learn(shifted(tasks, *shift)) for shift in SHIFTS]
        losses = torch.stack([view.support_loss for view in views])
        outputs = torch.stack([view.outputs.log_softmax(-1) for view in views])
        return Adaptation(losses.mean(0), outputs.mean(0))

    return learn_views


def shifted(tasks: Episodes, right: int, down: int) -> Episodes:
    """The tasks with every picture moved by whole pixels, with blank paper beyond its edges."""
    return replace(
        tasks,
        support_x=moved(tasks.support_x, right, down),
        query_x=moved(tasks.query_x, right, down),
    )
