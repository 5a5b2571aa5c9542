"""Settings of few-shot learning, for all of its algorithms."""

from typing import TYPE_CHECKING, Literal

from pydantic import field_validator, model_validator

from core.config import RunConfig, setting
from core.data.omniglot import Protocol
from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.objectives import OBJECTIVES
from core.methods.few_shot.objectives.base import Objective
from core.methods.few_shot.problems import Problem, problem_of
from core.methods.few_shot.task_sources import N_DIGITS, Origin, Shape, Source
from core.methods.few_shot.unlabelled_tasks import HELD_OUT, ViewsOf
from core.methods.picture_sources import PICTURE_LABELS, absolute_place
from core.models.conv4 import Layout

if TYPE_CHECKING:
    Algorithm = str
else:
    Algorithm = Literal[tuple(OBJECTIVES)]

_PICTURES = {"source": ("strokes", "omniglot", "unlabelled")}
_LABELLED = {"source": ("strokes", "omniglot")}
_FOUND = {"source": ("omniglot", "unlabelled")}  # pictures that are not drawn for the task
LARGEST_SINUSOID_RATE = 0.1  # above it the regression diverges in its first steps


def _algorithms_with(setting_name: str) -> dict[str, tuple[str, ...]]:
    """The algorithms on which a setting has an effect."""
    return {
        "algorithm": tuple(
            name for name, kind in OBJECTIVES.items() if setting_name not in kind.unused
        )
    }


class FewShotConfig(RunConfig):
    """The defaults learn Omniglot and strokes fastest on one core."""

    steps: int = setting(1500, ge=1, le=1_000_000, description="Training steps in all.")
    algorithm: Algorithm = setting(
        "maml",
        description="; ".join(f"{kind.label} {kind.idea}" for kind in OBJECTIVES.values()) + ".",
        labels={name: kind.label for name, kind in OBJECTIVES.items()},
    )
    source: Source = setting(
        "strokes", labels={"omniglot": "Omniglot"},
        description="What the tasks are made of. Unlabelled reads no label: each picture is a "
        "class of its own, and its examples are views of it, as if other hands had drawn it "
        "(UMTRA).",
    )  # fmt: skip
    views_of: ViewsOf = setting(
        "omniglot", labels=PICTURE_LABELS,
        description="The pictures without labels. A run on Omniglot's training characters or on "
        "your own pictures is evaluated on Omniglot's held-out characters, a run on digits on "
        "held-out digits.",
        only_with={"source": "unlabelled"},
    )  # fmt: skip
    pictures: str = setting(
        "", max_length=1000, upload=True,
        description="Folder or zip of your own pictures, at least as many as training ways. They "
        "are converted to grey and to 28x28 pixels; what folder a picture is in does not matter.",
        only_with={"source": "unlabelled", "views_of": "own"},
    )  # fmt: skip
    n_way: int = setting(
        5,
        ge=2,
        le=20,
        title="Ways",
        description="Classes in a validation or test task.",
        only_with=_PICTURES,
    )
    k_shot: int = setting(
        1, ge=1, le=10, title="Shots",
        description="Support examples of each class (of each curve, for sinusoids).",
    )  # fmt: skip
    n_query: int = setting(
        5, ge=1, le=10, title="Queries",
        description="Queries of each class (of each curve, for sinusoids).",
    )  # fmt: skip
    train_way: int = setting(
        20, ge=2, le=60, title="Training ways",
        description="Classes in a training task. More classes than in the test tasks give better "
        "features (Snell et al. 2017).",
        only_with=_PICTURES,
    )  # fmt: skip
    inner_steps: int = setting(
        1, ge=1, le=10, description="Gradient steps on the support set.",
        only_with=_algorithms_with("inner_steps"),
    )  # fmt: skip
    inner_lr: float = setting(
        0.4, gt=0, le=100, title="Inner learning rate",
        description="Learning rate of the inner steps; for sinusoids use about 0.01.",
        only_with=_algorithms_with("inner_lr"),
    )  # fmt: skip
    learn_inner_lr: bool = setting(
        True, title="Learn the inner rate",
        description="Learn an inner learning rate for each weight tensor and step, beginning with "
        "the one above (MAML++).",
        only_with=_algorithms_with("learn_inner_lr"),
    )  # fmt: skip
    multi_step_loss: bool = setting(
        False, description="In the first third of training, count the query loss after every inner "
        "step, not only after the last (MAML++).",
        only_with=_algorithms_with("multi_step_loss"),
    )  # fmt: skip
    batch_norm: Statistics = setting(
        "transductive", rare=True,
        description="Mean and variance that normalise the queries in training: transductive takes "
        "those of all queries of the task, inductive those of its support set.",
        only_with=_PICTURES | _algorithms_with("batch_norm"),
    )  # fmt: skip
    meta_batch: int = setting(2, ge=1, le=64, description="Tasks in a training step.")
    lr: float = setting(
        3e-3, gt=0, le=1, title="Meta learning rate",
        description="Learning rate of Adam in the first step; for Reptile, the share of the way "
        "that a step goes. It falls to zero along a cosine.",
    )  # fmt: skip
    layout: Layout = setting(
        "folded", title="Network", labels={"conv4": "Conv4"},
        description="Conv4 is the network of the paper; folded replaces its first layer by "
        "putting each 2x2 block of pixels into the channels, and is several times faster.",
        only_with=_PICTURES,
    )  # fmt: skip
    filters: Literal[32, 64, 128] = setting(
        64, description="Channels of each layer.", only_with=_PICTURES
    )
    rotations: bool = setting(
        False, rare=True,
        description="Add Omniglot's training characters, or unlabelled pictures, turned by 90, 180 "
        "and 270 degrees as new classes.",
        only_with=_FOUND,
    )  # fmt: skip
    augment: bool = setting(
        False, rare=True,
        description="Turn, shear and crop training pictures a little. Use it in long runs, against "
        "overfitting.",
        only_with=_LABELLED | _algorithms_with("augment"),
    )  # fmt: skip
    pens: bool = setting(
        False, rare=True, title="Other pens",
        description="Draw training pictures with wider and narrower pens, for tasks whose pens are "
        "not those of Omniglot, such as digits.",
        only_with=_LABELLED | _algorithms_with("augment"),
    )  # fmt: skip
    protocol: Protocol = setting(
        "random", rare=True,
        description="How Omniglot is split: with random, training and test characters may share an "
        "alphabet; with alphabet, the test is on the evaluation alphabets alone.",
        only_with=_FOUND | {"views_of": ("omniglot", "own")},
    )  # fmt: skip
    eval_tasks: int = setting(
        100, ge=2, le=10_000, rare=True,
        description="Validation tasks in an evaluation.",
    )  # fmt: skip

    @property
    def problem(self) -> Problem:
        """Classification of pictures, or regression of sinusoids."""
        return problem_of(self.source)

    @property
    def tested_on(self) -> Origin:
        """What its held-out tasks are made of: they have labels."""
        return HELD_OUT[self.views_of] if self.source == "unlabelled" else self.source

    @property
    def objective(self) -> type[Objective]:
        """The class of the algorithm, for this problem."""
        kind = OBJECTIVES[self.algorithm]
        return kind if self.problem.has_classes else kind.for_regression()

    @property
    def shardable_items(self) -> int:
        """Tasks of a step that processes can share; 0 where they cannot."""
        return self.meta_batch if self.objective.shardable else 0

    @property
    def training_shape(self) -> Shape:
        """The tasks that training sees."""
        return Shape(self.train_way, self.k_shot, self.n_query)

    @model_validator(mode="after")
    def _algorithm_suits_the_source(self) -> "FewShotConfig":
        _ = self.objective  # raises ValueError where there is none
        return self

    @model_validator(mode="after")
    def _algorithm_needs_no_labels(self) -> "FewShotConfig":
        if self.source == "unlabelled" and self.objective.needs_labels:
            raise ValueError(
                f"{self.algorithm} needs labels, and unlabelled pictures have none: choose maml"
            )
        return self

    _pictures_absolute = field_validator("pictures")(absolute_place)

    @model_validator(mode="after")
    def _pictures_are_views_of_own(self) -> "FewShotConfig":
        source = self.views_of if self.source == "unlabelled" else self.source
        if source == "own" and not self.pictures.strip():
            raise ValueError("views of own pictures need pictures: give a folder or a zip of them")
        if source != "own" and self.pictures:
            raise ValueError(f"pictures are for views of own pictures, not for {source}")
        return self

    @model_validator(mode="after")
    def _there_are_ten_digits(self) -> "FewShotConfig":
        if self.tested_on == "digits" and self.n_way > N_DIGITS:
            raise ValueError(
                f"a run on digits is evaluated on the {N_DIGITS} digits: choose at most "
                f"{N_DIGITS} ways"
            )
        return self

    @model_validator(mode="after")
    def _rate_suits_the_source(self) -> "FewShotConfig":
        if self.source == "sinusoids" and self.inner_lr > LARGEST_SINUSOID_RATE:
            raise ValueError(
                f"sinusoids need an inner rate of at most {LARGEST_SINUSOID_RATE}, 0.01 suits them"
            )
        return self
