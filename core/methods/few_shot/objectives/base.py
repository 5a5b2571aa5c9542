"""What all few-shot algorithms have in common, and what each has to say for itself."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from core import distributed
from core.data.episodes import Episodes
from core.evaluation.few_shot import Adaptation
from core.methods.base import Scalars
from core.methods.few_shot.inner_loop import Learner, Order, Statistics
from core.methods.few_shot.problems import Problem
from core.methods.few_shot.task_sources import TaskSource

if TYPE_CHECKING:
    from core.methods.few_shot.config import FewShotConfig


class Objective(ABC):
    """One algorithm: the loss of a training step, and how the trained learner adapts to a task.

    Only `label`, `idea` and `loss` are required; the defaults are those of MAML.
    """

    label: ClassVar[str]  # its name in menus
    idea: ClassVar[str]  # the algorithm in a few words, for the help text
    order: Order = "second"  # of the gradient that training takes through the inner loop
    frozen_body: ClassVar[bool] = False  # whether the inner loop adapts the head alone
    unused: ClassVar[frozenset[str]] = frozenset()  # settings that have no effect on it
    needs_labels: ClassVar[bool] = False  # whether it trains on classes that a person has named
    shardable: ClassVar[bool] = True  # whether several processes can share the tasks of a step

    def __init__(
        self, config: "FewShotConfig", problem: Problem, learner: Learner, source: TaskSource
    ) -> None:
        self.config = config
        self.problem = problem
        self.learner = learner

    @classmethod
    def for_regression(cls) -> "type[Objective]":
        """The class to build for sinusoids. Raises ValueError where the algorithm needs classes."""
        return cls

    def modules(self) -> dict[str, nn.Module]:
        """What is trained beside the learner, by its name in a checkpoint."""
        return {}

    def optimizer(self, weights: list[nn.Parameter]) -> torch.optim.Optimizer:
        """The optimiser of the training steps."""
        return torch.optim.Adam(weights, lr=self.config.lr, fused=True)

    @abstractmethod
    def loss(
        self, source: TaskSource, random: torch.Generator, progress: float
    ) -> tuple[Tensor, Scalars]:
        """The loss of one training step, and the scalars to log, `loss` first.

        Args:
            source: where training tasks or pictures are drawn from.
            random: the only randomness of this step.
            progress: the share of the training steps that this one completes, in (0, 1].
        """

    def training_tasks(self, source: TaskSource, random: torch.Generator) -> Episodes:
        """This process's share of the meta-batch of a step, augmented where the config asks."""
        n_tasks = self.config.meta_batch
        tasks = source.draw("train", n_tasks, self.config.training_shape, random)
        tasks = self.problem.augment(tasks, self.config, random)
        return tasks.part(distributed.share(n_tasks))

    def adapt(
        self, tasks: Episodes, steps: int, statistics: Statistics, scale: float
    ) -> Adaptation:
        """Learns tasks in `steps` inner steps; see `FewShot.adapt`."""
        learner = self.learner
        support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
        theta, losses, outputs = learner.initial_parameters(tasks.n_way), [], []
        for step in range(steps + 1):
            answer = learner.answer_queries(theta, support, query, statistics)
            outputs.append(answer.expand(len(support), -1, -1))
            if step == steps:
                losses.append(learner.losses(learner.answer(theta, support), tasks.support_y))
                break
            theta, loss = learner.inner_step(theta, support, tasks.support_y, step, "first", scale)
            losses.append(loss)
        return Adaptation(torch.stack(losses, 1), torch.stack(outputs, 1))
