"""Sources of few-shot tasks: Omniglot, generated strokes, digits, and sinusoids.

Training tasks without labels are in `unlabelled_tasks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from core.data.digits import load_digits
from core.data.episodes import N_ROTATIONS, Episodes, sample_episodes, with_rotations
from core.data.omniglot import Protocol, Split, characters, load_omniglot
from core.data.sinusoids import INPUT, sample_sinusoids, sinusoid
from core.data.strokes import render_strokes, stroke_classes
from core.errors import GlimpseError

Source = Literal["strokes", "omniglot", "unlabelled", "sinusoids"]  # of training tasks
Origin = Literal["strokes", "omniglot", "alphabet", "digits", "sinusoids"]  # of evaluation tasks

INSTANCES = 20  # drawings of a character, as many as Omniglot has
CURVE_POINTS = 101
N_DIGITS = 10
# Validation and test classes are as many as those of Omniglot.
STROKE_CLASSES = {"train": 100_000, "validation": 100, "test": 423}
NAMED_STROKES = 1100  # training classes for those that name them, as many as Omniglot has
CPU = torch.device("cpu")


class Shape(NamedTuple):
    """A task: n_way classes with k_shot support and n_query query pictures each.

    A sinusoid has k_shot support points and n_query query points, whatever n_way.
    """

    n_way: int
    k_shot: int
    n_query: int


@dataclass(frozen=True)
class TaskSource:
    """Draws tasks of one origin.

    Tasks of `omniglot` mix characters of all alphabets of a split (see
    `core.data.omniglot.characters`); a task of `alphabet` takes its classes from one alphabet,
    which is harder. `rotations` makes four classes of each training character. Validation and test
    classes are not rotated: that would make the test easier than the published one. With
    `same_drawers` one person draws a support picture of every class of a task of `alphabet`, and
    others the queries.
    """

    origin: Origin
    protocol: Protocol = "random"
    rotations: bool = False
    device: torch.device = CPU
    same_drawers: bool = False

    def draw(
        self, split: Split, n_tasks: int, shape: Shape, generator: torch.Generator
    ) -> Episodes:
        """Draws tasks. Raises GlimpseError where there are too few classes or pictures."""
        if self.origin == "sinusoids":
            return _sinusoids(n_tasks, shape, generator, self.device)
        if self.origin == "alphabet":
            return self._from_one_alphabet(split, n_tasks, shape, generator)
        if self.origin == "strokes" and split == "train":
            pool = _fresh_strokes(n_tasks, shape, generator, self.device)
        else:
            turned = self.rotations and split == "train"
            pool = held_pool(self.origin, split, self.protocol, turned, self.device)
        return sample_episodes(pool, n_tasks, *shape, generator)

    def most_ways(self, split: Split) -> int:
        """The most classes that a task of a held-out split can have; no picture is read."""
        if self.origin == "alphabet":
            return max(len(members) for members in _alphabets(split, self.protocol))
        if self.origin == "strokes":
            return STROKE_CLASSES[split]
        return N_DIGITS if self.origin == "digits" else len(characters(split, self.protocol))

    def n_training_classes(self) -> int:
        """How many classes `training_pool` has; no data is read."""
        if self.origin == "strokes":
            return NAMED_STROKES
        n = len(characters("train", self.protocol))
        return N_ROTATIONS * n if self.rotations else n

    def training_pool(self) -> Tensor:
        """Pictures uint8 (C, M, 28, 28) of all training classes, for supervised training.

        Strokes have any number of classes, of which these are the first 1,100.
        """
        if self.origin == "strokes":
            seeds = stroke_classes("train", NAMED_STROKES)
            return render_strokes(seeds, torch.arange(INSTANCES)).to(self.device)
        return held_pool(self.origin, "train", self.protocol, self.rotations, self.device)

    def _from_one_alphabet(
        self, split: Split, n_tasks: int, shape: Shape, generator: torch.Generator
    ) -> Episodes:
        pools = [
            held_pool("omniglot", split, self.protocol, False, self.device)[members]
            for members in _alphabets(split, self.protocol)
            if len(members) >= shape.n_way
        ]
        if not pools:
            raise GlimpseError(
                f"No alphabet has {shape.n_way} held-out characters: choose fewer ways, "
                "or mix the alphabets."
            )
        chosen = torch.randint(len(pools), (n_tasks,), generator=generator).tolist()
        tasks = [
            sample_episodes(pools[index], 1, *shape, generator, self.same_drawers)
            for index in chosen
        ]
        return concatenated(tasks)


def concatenated(tasks: Sequence[Episodes]) -> Episodes:
    """Tasks of one shape as one set."""
    fields = zip(*((e.support_x, e.support_y, e.query_x, e.query_y) for e in tasks), strict=True)
    return Episodes(*(torch.cat(field) for field in fields))


def curve_task(k_shot: int, generator: torch.Generator, device: torch.device) -> Episodes:
    """One sinusoid with k_shot support points; the queries are evenly spaced over the range."""
    task = sample_sinusoids(1, k_shot, generator)
    x = torch.linspace(*INPUT, CURVE_POINTS)[None, :, None]
    y = sinusoid(task.amplitude, task.phase, x)
    return Episodes(task.x.to(device), task.y.to(device), x.to(device), y.to(device))


def _sinusoids(
    n_tasks: int, shape: Shape, generator: torch.Generator, device: torch.device
) -> Episodes:
    k_shot = shape.k_shot
    tasks = sample_sinusoids(n_tasks, k_shot + shape.n_query, generator)
    x, y = tasks.x.to(device), tasks.y.to(device)
    return Episodes(x[:, :k_shot], y[:, :k_shot], x[:, k_shot:], y[:, k_shot:])


def _fresh_strokes(
    n_tasks: int, shape: Shape, generator: torch.Generator, device: torch.device
) -> Tensor:
    """Pictures uint8 (C, M, 28, 28) of newly drawn training classes."""
    seeds = stroke_classes("train", STROKE_CLASSES["train"])
    chosen = torch.randint(len(seeds), (n_tasks * shape.n_way,), generator=generator)
    instances = torch.randint(2**31, (shape.k_shot + shape.n_query,), generator=generator)
    return render_strokes(seeds[chosen], instances).to(device)


@lru_cache(maxsize=8)
def held_pool(
    origin: Origin, split: Split, protocol: Protocol, rotations: bool, device: torch.device
) -> Tensor:
    """Pictures uint8 (C, M, 28, 28) of a split, kept in memory: treat them as read-only."""
    if origin == "strokes":
        pool = render_strokes(stroke_classes(split, STROKE_CLASSES[split]), torch.arange(INSTANCES))
    elif origin == "digits":
        pool = _digits_by_class()
    else:
        pool = load_omniglot().images[characters(split, protocol)]
    return (with_rotations(pool) if rotations else pool).to(device)


def _digits_by_class() -> Tensor:
    """The sample's held-out digits uint8 (10, 100, 28, 28)."""
    digits = load_digits("sample", "held_out")
    return torch.stack([digits.images[digits.labels == digit] for digit in range(N_DIGITS)])


@lru_cache(maxsize=8)
def _alphabets(split: Split, protocol: Protocol) -> list[list[int]]:
    """For each alphabet of a split, the positions of its characters within the split."""
    members: dict[str, list[int]] = {}
    names = load_omniglot().alphabets
    for place, character in enumerate(characters(split, protocol).tolist()):
        members.setdefault(names[character], []).append(place)
    return list(members.values())
