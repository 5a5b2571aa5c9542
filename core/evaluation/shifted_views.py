"""Answers averaged over shifted views: an ensemble of one network, made at test time.

The network puts the picture on a grid (its layers halve it four times), so that a shift by a pixel
changes an answer a little. The mean over a few shifts is nearer to the truth than one answer is
(Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural Networks", 2012,
section 4.1, which averages over crops in this way).
"""

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.evaluation.few_shot import Adaptation, Learn

SHIFTS = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))  # pixels to the right and down


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
        support_x=_moved(tasks.support_x, right, down),
        query_x=_moved(tasks.query_x, right, down),
    )


def _moved(pictures: Tensor, right: int, down: int) -> Tensor:
    return F.pad(pictures, (right, -right, down, -down))
