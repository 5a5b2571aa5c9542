"""Plain supervised pre-training: learn to name all training classes, and know of no tasks.

The baseline of Finn et al. 2017 (section 5.1, `pretrained`) and of Chen et al., "A Closer Look at
Few-shot Classification" (2019): its features are then adapted to a task as MAML's are.
"""

from functools import cached_property

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.data.images import to_unit
from core.methods.base import Scalars
from core.methods.few_shot.inner_loop import Learner
from core.methods.few_shot.task_sources import TaskSource


class TrainingClasses(nn.Module):
    """A linear classifier over all training classes, on the features of a learner's network."""

    def __init__(self, source: TaskSource, width: int) -> None:
        super().__init__()
        self.source = source
        self.classify = nn.Linear(width, source.n_training_classes())

    @cached_property
    def pool(self) -> Tensor:
        """uint8 (C, M, 28, 28); a model that only answers needs none of them."""
        return self.source.training_pool()

    def loss(
        self, learner: Learner, n_pictures: int, random: torch.Generator
    ) -> tuple[Tensor, Scalars]:
        """Cross-entropy of a batch of `n_pictures`, and its scalars."""
        classes = torch.randint(len(self.pool), (n_pictures,), generator=random)
        drawings = torch.randint(self.pool.shape[1], (n_pictures,), generator=random)
        device = self.pool.device
        pictures = to_unit(self.pool[classes.to(device), drawings.to(device)])
        prepared = learner.prepare(pictures[None])
        features = learner.features(learner.start(n_way=1), prepared)[0]
        logits, targets = self.classify(features), classes.to(device)
        value = F.cross_entropy(logits, targets)
        right = (logits.argmax(-1) == targets).float().mean()
        return value, {"loss": value.item(), "train_accuracy": right.item()}


def regression_loss(learner: Learner, tasks: Episodes) -> tuple[Tensor, Scalars]:
    """The error of one network, not adapted, on all the curves at once, and its scalars."""
    x = torch.cat([tasks.support_x, tasks.query_x], 1)
    y = torch.cat([tasks.support_y, tasks.query_y], 1)
    value = learner.losses(learner.answer(learner.start(n_way=1), learner.prepare(x)), y).mean()
    return value, {"loss": value.item()}
