"""The two kinds of few-shot problem: classifying pictures, and regressing sinusoids.

A problem says what belongs to its tasks whatever the algorithm: the network, the score, and what a
snapshot shows. `problem_of` finds it for a source of training tasks.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from core.data.episodes import Episodes, redrawn
from core.data.images import to_bytes
from core.data.pens import with_other_pens
from core.data.sinusoids import INPUT
from core.data.views import Augmentation, augment
from core.evaluation.few_shot import Adaptation, accuracy, squared_error
from core.methods.base import Scalars
from core.methods.few_shot.task_sources import INSTANCES, Shape, Source, TaskSource, curve_task
from core.models.conv4 import Conv4
from core.models.encoder import GREY
from core.models.exported import about_pictures
from core.models.mlp import Mlp

if TYPE_CHECKING:
    from core.methods.few_shot.config import FewShotConfig

TEST_QUERIES = 15  # a class, as is usual: Omniglot's 20 drawings less 5 shots
SNAPSHOT_QUERIES = 5  # a class
# How one hand may differ from another in drawing a character.
DRAWING_JITTER = Augmentation(
    crop=0.2, rotation=10, shear=10, brightness=0, contrast=0, blur=0, erase=0
)


class Problem(ABC):
    """What tasks of one kind need, whatever the algorithm."""

    has_classes: ClassVar[bool]
    has_batch_norm: ClassVar[bool]  # whether inductive and transductive answers differ
    score_name: ClassVar[str]
    about_input: ClassVar[str]  # what the network takes, in a sentence

    @property
    def key_figure(self) -> str:
        return f"{self.score_name}_after"

    @abstractmethod
    def network(self, config: "FewShotConfig") -> Conv4 | Mlp:
        """A network with random weights."""

    @abstractmethod
    def score(self, adaptation: Adaptation, tasks: Episodes) -> Tensor:
        """The score of each task after each inner step (T, S + 1)."""

    @abstractmethod
    def training_scores(self, outputs: Tensor, targets: Tensor) -> Scalars:
        """Scalars to log beside the loss of a step, from outputs (..., n) and targets."""

    @abstractmethod
    def test_queries(self, config: "FewShotConfig") -> int:
        """Queries of a class, or of a curve, where a run is scored."""

    @abstractmethod
    def augment(
        self, tasks: Episodes, config: "FewShotConfig", random: torch.Generator
    ) -> Episodes:
        """Training tasks with more variety, where the config asks for it."""

    @abstractmethod
    def snapshot_task(
        self, source: TaskSource, config: "FewShotConfig", random: torch.Generator
    ) -> Episodes:
        """The held-out task (T = 1) that snapshots show."""

    @abstractmethod
    def snapshot_arrays(self, task: Episodes, adaptation: Adaptation) -> dict[str, Tensor]:
        """The task and the answers after each inner step; see `FewShot.snapshot`."""


class Classification(Problem):
    """Pictures of a few classes; the answers are logits."""

    has_classes = True
    has_batch_norm = True
    score_name = "accuracy"
    about_input = about_pictures(GREY)

    def network(self, config: "FewShotConfig") -> Conv4:
        return Conv4(config.filters, config.layout)

    def score(self, adaptation: Adaptation, tasks: Episodes) -> Tensor:
        return accuracy(adaptation, tasks)

    def training_scores(self, outputs: Tensor, targets: Tensor) -> Scalars:
        right = outputs.argmax(-1) == targets
        return {"train_accuracy": right.float().mean().item()}

    def test_queries(self, config: "FewShotConfig") -> int:
        return min(TEST_QUERIES, INSTANCES - config.k_shot)

    def augment(
        self, tasks: Episodes, config: "FewShotConfig", random: torch.Generator
    ) -> Episodes:
        if config.source == "unlabelled":
            return tasks  # of views already
        if config.augment:
            tasks = redrawn(tasks, lambda pictures: augment(pictures, DRAWING_JITTER, random))
        if config.pens:
            tasks = redrawn(tasks, lambda pictures: with_other_pens(pictures, random))
        return tasks

    def snapshot_task(
        self, source: TaskSource, config: "FewShotConfig", random: torch.Generator
    ) -> Episodes:
        shape = Shape(config.n_way, config.k_shot, SNAPSHOT_QUERIES)
        return source.draw("validation", 1, shape, random)

    def snapshot_arrays(self, task: Episodes, adaptation: Adaptation) -> dict[str, Tensor]:
        return {
            "support": to_bytes(task.support_x[0]),
            "query": to_bytes(task.query_x[0]),
            "query_class": task.query_y[0],
            "probability": adaptation.outputs[0].softmax(-1),
        }


class Regression(Problem):
    """Points on a sinusoid; the answers are heights."""

    has_classes = False
    has_batch_norm = False
    score_name = "error"
    about_input = f"Places x are float32 (B, 1) from {INPUT[0]:g} to {INPUT[1]:g}."

    def network(self, config: "FewShotConfig") -> Mlp:
        return Mlp()

    def score(self, adaptation: Adaptation, tasks: Episodes) -> Tensor:
        return squared_error(adaptation, tasks)

    def training_scores(self, outputs: Tensor, targets: Tensor) -> Scalars:
        """None: the loss is the error."""
        return {}

    def test_queries(self, config: "FewShotConfig") -> int:
        return config.n_query

    def augment(
        self, tasks: Episodes, config: "FewShotConfig", random: torch.Generator
    ) -> Episodes:
        """The same tasks: curves are drawn anew in every step."""
        return tasks

    def snapshot_task(
        self, source: TaskSource, config: "FewShotConfig", random: torch.Generator
    ) -> Episodes:
        return curve_task(config.k_shot, random, source.device)

    def snapshot_arrays(self, task: Episodes, adaptation: Adaptation) -> dict[str, Tensor]:
        return {
            "support_x": task.support_x.flatten(),
            "support_y": task.support_y.flatten(),
            "curve_x": task.query_x.flatten(),
            "curve_y": task.query_y.flatten(),
            "prediction": adaptation.outputs[0, :, :, 0],
        }


CLASSIFICATION, REGRESSION = Classification(), Regression()


def problem_of(source: Source) -> Problem:
    """The problem that tasks of a source pose."""
    return REGRESSION if source == "sinusoids" else CLASSIFICATION
