"""Training tasks without labels: each picture is a class of its own, and its views the examples.

Khodadadeh, Bölöni and Shah, "Unsupervised Meta-Learning for Few-Shot Image Classification" (2019),
for MAML (UMTRA); Medina, Devos and Grossglauser, "Self-Supervised Prototypical Transfer Learning
for Few-Shot Classification" (2020), for ProtoNet. Two pictures of a task may show one character:
nobody knows. With many pictures that is rare.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import torch
from torch import Tensor

from core.data.digits import LabelledImages
from core.data.episodes import N_ROTATIONS, Episodes, redrawn, sample_episodes, with_rotations
from core.data.hands import USUAL, Hand, by_another_hand
from core.data.omniglot import Split
from core.errors import GlimpseError
from core.methods.few_shot.task_sources import Origin, Shape, TaskSource, held_pool
from core.methods.picture_sources import training_pictures

ViewsOf = Literal["omniglot", "sample", "mnist", "own"]
# The labelled tasks on which a run is evaluated; one's own pictures need not have labels.
HELD_OUT: dict[ViewsOf, Origin] = {
    "omniglot": "omniglot", "sample": "digits", "mnist": "digits", "own": "omniglot",
}  # fmt: skip


@dataclass(frozen=True)
class UnlabelledSource(TaskSource):
    """Draws training tasks from pictures without labels, and held-out tasks of `origin`.

    With `rotations` a picture turned by 90, 180 or 270 degrees is a further class. `place` is where
    one's own pictures are; they are read once, when they are first asked for. `hand` is how far
    views differ.
    """

    views_of: ViewsOf = "omniglot"
    place: str = ""
    hand: Hand = USUAL

    def draw(
        self, split: Split, n_tasks: int, shape: Shape, generator: torch.Generator
    ) -> Episodes:
        """As in `TaskSource`. All pictures of a class of a training task are views of one picture.

        Every picture of a task, support and query, is a view.
        """
        if split != "train":
            return super().draw(split, n_tasks, shape, generator)
        n_views = shape.k_shot + shape.n_query
        repeated = self.classes[:, None].expand(-1, n_views, -1, -1)  # not copied
        tasks = sample_episodes(repeated, n_tasks, *shape, generator)
        return redrawn(tasks, lambda pictures: by_another_hand(pictures, generator, self.hand))

    def prepare(self, n_way: int) -> None:
        """Reads the pictures. Raises GlimpseError where they are missing, or fewer than n_way."""
        check_enough(len(self.classes), n_way)

    @cached_property
    def pictures(self) -> LabelledImages:
        """The training pictures other than Omniglot's. Their labels are not used.

        Raises GlimpseError where they are missing, damaged, or cannot be used.
        """
        return training_pictures(self.views_of, self.place)

    @cached_property
    def classes(self) -> Tensor:
        """Pictures uint8 (C, 28, 28), each a class. Raises GlimpseError as `pictures` does."""
        if self.views_of == "omniglot":
            of_characters = held_pool(
                "omniglot", "train", self.protocol, self.rotations, self.device
            )
            return of_characters.flatten(0, 1)
        images = self.pictures.images
        return (with_rotations(images) if self.rotations else images).to(self.device)


def check_enough(n_classes: int, n_way: int) -> None:
    """Raises GlimpseError where there are fewer classes than a training task has."""
    if n_way > n_classes:
        raise GlimpseError(
            f"A training task of {n_way} ways needs {n_way} pictures, and there are {n_classes}: "
            f"choose at most {n_classes} training ways, or give more pictures."
        )


def check_own_pictures(place: str, rotations: bool, n_way: int) -> None:
    """Raises GlimpseError where one's own pictures cannot be used, or are too few for a task."""
    n_pictures = len(training_pictures("own", place))
    check_enough(n_pictures * (N_ROTATIONS if rotations else 1), n_way)
