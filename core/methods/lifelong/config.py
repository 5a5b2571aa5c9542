"""The settings of a stream and its learners."""

from typing import Literal, Self

from pydantic import model_validator

from core.config import RunConfig, setting
from core.methods.lifelong.stream import MOST_CLASSES, MOST_SHOTS, StreamSource

FeatureName = Literal["alphabet", "strokes", "simclr", "untrained", "pixels"]
_WHERE = {
    "omniglot": "Omniglot's evaluation alphabets have {most} characters",
    "strokes": "{most} classes of strokes are set apart for this",
    "digits": "there are {most} digits",
}


class LifelongConfig(RunConfig):
    """Settings of Lifelong: what comes, in which order, and what the learners see of it."""

    steps: int = setting(
        100,
        ge=2,
        le=max(MOST_CLASSES.values()),
        title="Classes",
        description="Classes of the stream. Each step brings as many examples as one has.",
        step=50,
    )
    eval_every: int = setting(
        10,
        ge=1,
        description="Steps between two evaluations, on all classes met so far.",
        rare=True,
    )
    snapshot_every: int = setting(
        10, ge=1, description="Steps between two pictures of the live view.", rare=True
    )
    source: StreamSource = setting(
        "omniglot",
        labels={"omniglot": "Omniglot"},
        description="Where the classes come from: the characters of Omniglot's evaluation "
        "alphabets, generated strokes, or the ten digits. None of these drawings was trained on.",
    )
    features: FeatureName = setting(
        "alphabet",
        labels={"alphabet": "Background alphabets", "simclr": "SimCLR"},
        description="What the network that looks at the drawings was trained on: labelled "
        "characters of other alphabets, generated strokes (no human label and no real drawing), "
        "digits without labels (SimCLR), or nothing. Pixels: no network at all. MAML, continued, "
        "takes part where MAML has trained the network, or nothing has; OML beside background "
        "alphabets, on which it was trained too.",
    )
    views: bool = setting(
        False,
        description="Average the features of five views of a drawing, shifted by a pixel. It takes "
        "five times as long.",
        rare=True,
    )
    k_shot: int = setting(
        5, ge=1, le=MOST_SHOTS, description="Examples of each class; each is seen once."
    )
    sortedness: float = setting(
        1.0,
        ge=0,
        le=1,
        step=0.1,
        title="Sorted by class",
        description="At 1 one class comes after the other, at 0 the same examples come in random "
        "order.",
    )
    replay: int = setting(
        2,
        ge=0,
        le=MOST_SHOTS,
        description="Examples of each class that fine-tuning with replay keeps and rehearses.",
    )

    @property
    def most_steps(self) -> int:
        return MOST_CLASSES[self.source]

    @model_validator(mode="after")
    def _classes_are_there(self) -> Self:
        if self.steps > self.most_steps:
            where = _WHERE[self.source].format(most=self.most_steps)
            raise ValueError(f"{where}, not {self.steps:,}: ask for fewer classes")
        return self
