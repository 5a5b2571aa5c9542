"""Settings of MAML and of those that it is compared with."""

from typing import Literal

from pydantic import model_validator

from core.config import RunConfig, setting
from core.data.omniglot import Protocol
from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.task_sources import Shape, Source
from core.models.conv4 import Layout

Algorithm = Literal["maml", "first-order", "anil", "reptile", "protonet", "supervised"]

LARGEST_SINUSOID_RATE = 0.1  # above it the regression diverges in its first steps


class FewShotConfig(RunConfig):
    """The defaults learn Omniglot and strokes fastest on one core."""

    steps: int = setting(1500, ge=1, le=1_000_000, description="Meta-updates in all.")
    algorithm: Algorithm = setting(
        "maml",
        description="maml is of second order; first-order leaves out the gradient of the gradient; "
        "anil adapts the head alone; reptile moves the start towards where tasks end; protonet "
        "compares with class means; supervised knows of no tasks and learns to name all training "
        "classes.",
    )
    source: Source = setting("strokes", description="What the tasks are made of.")
    n_way: int = setting(
        5, ge=2, le=20, description="Classes in a task of the evaluation.", title="Ways"
    )
    k_shot: int = setting(1, ge=1, le=10, description="Examples of each class.", title="Shots")
    n_query: int = setting(
        5, ge=1, le=10, description="Queries of each class (of each curve, for sinusoids).",
        title="Queries",
    )  # fmt: skip
    train_way: int = setting(
        20, ge=2, le=60, title="Training ways",
        description="Classes in a training task. More than are judged on make better features "
        "(Snell et al. 2017), and a learner takes any number.",
    )  # fmt: skip
    inner_steps: int = setting(1, ge=1, le=10, description="Gradient steps on the support set.")
    inner_lr: float = setting(
        0.4, gt=0, le=100, description="Rate of the inner steps: about 0.01 suits sinusoids.",
        title="Inner learning rate",
    )  # fmt: skip
    learn_inner_lr: bool = setting(
        True, description="Learn an inner rate for each layer and step, from the one given "
        "(MAML++).", title="Learn the inner rate",
    )  # fmt: skip
    multi_step_loss: bool = setting(
        False, description="Ask for good answers after every inner step, not the last alone, in "
        "the first third of training (MAML++).",
    )  # fmt: skip
    batch_norm: Statistics = setting(
        "transductive", description="Whose statistics normalise the queries in training: all "
        "queries' together, or the support set's.", rare=True,
    )  # fmt: skip
    meta_batch: int = setting(2, ge=1, le=64, description="Tasks in a meta-update.")
    lr: float = setting(
        3e-3, gt=0, le=1, title="Meta learning rate",
        description="Adam's rate at the start, for reptile the share of the way to go; it falls to "
        "zero as a cosine.",
    )  # fmt: skip
    layout: Layout = setting(
        "folded",
        description="conv4 is the paper's network; folded puts 2x2 pixels into the channels in "
        "place of its first layer, and is several times faster.",
        title="Network",
    )
    filters: Literal[32, 64, 128] = setting(64, description="Channels of each layer.")
    rotations: bool = setting(
        False, description="Omniglot's training characters turned by 90, 180 and 270 degrees are "
        "new ones.", rare=True,
    )  # fmt: skip
    augment: bool = setting(
        False, description="Turn, shear and crop training pictures a little: for long runs, which "
        "would learn them by heart.", rare=True,
    )  # fmt: skip
    protocol: Protocol = setting(
        "random", description="How Omniglot is divided: random shares alphabets between training "
        "and test; alphabet keeps the evaluation alphabets for the test.", rare=True,
    )  # fmt: skip
    eval_tasks: int = setting(
        100, ge=2, le=10_000, description="Validation tasks in an evaluation.",
        rare=True,
    )  # fmt: skip

    @property
    def regression(self) -> bool:
        return self.source == "sinusoids"

    @property
    def shardable_items(self) -> int:
        """None where classes are named: that normalises all pictures of a step together."""
        names_classes = self.algorithm == "supervised" and not self.regression
        return 0 if names_classes else self.meta_batch

    @property
    def training_shape(self) -> Shape:
        """The tasks that training sees."""
        return Shape(self.train_way, self.k_shot, self.n_query)

    @model_validator(mode="after")
    def _rate_suits_the_source(self) -> "FewShotConfig":
        if self.regression and self.inner_lr > LARGEST_SINUSOID_RATE:
            raise ValueError(
                f"sinusoids need an inner rate of at most {LARGEST_SINUSOID_RATE}, 0.01 suits them"
            )
        return self

    @model_validator(mode="after")
    def _sinusoids_have_no_classes(self) -> "FewShotConfig":
        if self.regression and self.algorithm == "protonet":
            raise ValueError("protonet needs classes, and sinusoids have none: choose maml")
        return self
