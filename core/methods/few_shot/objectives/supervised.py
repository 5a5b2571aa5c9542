"""Plain supervised pre-training: learn to name all training classes, without tasks.

The baseline of Finn et al. 2017 (section 5.1, `pretrained`) and of Chen et al., "A Closer Look at
Few-shot Classification" (2019): its features are then adapted to a task as MAML's are.
"""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.data.images import to_unit
from core.methods.base import Scalars
from core.methods.few_shot.inner_loop import Learner
from core.methods.few_shot.objectives.base import Objective
from core.methods.few_shot.problems import Problem
from core.methods.few_shot.task_sources import TaskSource

if TYPE_CHECKING:
    from core.methods.few_shot.config import FewShotConfig


class Supervised(Objective):
    """Cross-entropy of a linear classifier over all training classes, on the learner's features."""

    label = "Supervised"
    idea = "learns to name all training classes, without tasks"
    unused = frozenset({"learn_inner_lr", "multi_step_loss", "batch_norm", "augment"})
    needs_labels = True
    shardable = False  # batch norm normalises all pictures of a step together

    def __init__(
        self, config: "FewShotConfig", problem: Problem, learner: Learner, source: TaskSource
    ) -> None:
        super().__init__(config, problem, learner, source)
        classify = nn.Linear(learner.network.width, source.n_training_classes())
        self.classes = nn.ModuleDict({"classify": classify})
        self._pool: Tensor | None = None  # uint8 (C, M, 28, 28), read when training begins

    @classmethod
    def for_regression(cls) -> type[Objective]:
        return SupervisedCurves

    def modules(self) -> dict[str, nn.Module]:
        return {"classes": self.classes}

    def loss(
        self, source: TaskSource, random: torch.Generator, progress: float
    ) -> tuple[Tensor, Scalars]:
        """Mean cross-entropy of as many pictures as the tasks of a step would have."""
        learner, shape = self.learner, self.config.training_shape
        n_pictures = self.config.meta_batch * shape.n_way * (shape.k_shot + shape.n_query)
        pictures, targets = self._draw(source, n_pictures, random)
        prepared = learner.prepare(pictures[None])
        features = learner.features(learner.initial_parameters(n_way=1), prepared)[0]
        logits = self.classes["classify"](features)
        value = F.cross_entropy(logits, targets)
        return value, {"loss": value.item()} | self.problem.training_scores(logits, targets)

    def _draw(
        self, source: TaskSource, n_pictures: int, random: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Training pictures float32 (B, 1, 28, 28) and their classes int64 (B,)."""
        if self._pool is None:
            self._pool = source.training_pool()
        pool = self._pool
        classes = torch.randint(len(pool), (n_pictures,), generator=random)
        drawings = torch.randint(pool.shape[1], (n_pictures,), generator=random)
        classes = classes.to(pool.device)
        return to_unit(pool[classes, drawings.to(pool.device)]), classes


class SupervisedCurves(Objective):
    """The squared error of one network, not adapted, on the points of all curves at once."""

    label = Supervised.label
    idea = Supervised.idea

    def loss(
        self, source: TaskSource, random: torch.Generator, progress: float
    ) -> tuple[Tensor, Scalars]:
        """Mean squared error over newly drawn curves."""
        learner = self.learner
        tasks = self.training_tasks(source, random)
        x = torch.cat([tasks.support_x, tasks.query_x], 1)
        y = torch.cat([tasks.support_y, tasks.query_y], 1)
        theta = learner.initial_parameters(n_way=1)
        value = learner.losses(learner.answer(theta, learner.prepare(x)), y).mean()
        return value, {"loss": value.item()}
