"""It asks: drawings come without labels, and a learner asks for the labels of some of them.

A drawing that fits no class so far is asked about (`novelty`): its label opens a class, or adds an
example to one that was known after all. Any other drawing is taken for one of the nearest class,
and costs no label.
"""

from collections.abc import Callable
from copy import copy
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from core.methods.lifelong.features import Embed
from core.methods.lifelong.novelty import NO_CLASS, Nearest, OpenMeans
from core.methods.lifelong.snapshot import ASKED
from core.methods.lifelong.stream import MOST_SHOTS, arrivals
from core.seeding import generator

# The highest threshold that keeps 90 % of the accuracy of asking about everything, for the features
# `alphabet` on the validation alphabets: see `core.studies.asking`.
THRESHOLD = 0.64
NEW = NO_CLASS  # the answer that a drawing is of none of the classes
CHECKS = 30  # times that the accuracy is measured along a stream
Flags = npt.NDArray[np.bool_]


class Drawings(NamedTuple):
    """E drawings of C characters in the order in which they come, and others to be judged by.

    Features are float32 and of length 1.
    """

    pictures: np.ndarray  # uint8 (E, 28, 28)
    features: np.ndarray  # (E, D)
    truth: np.ndarray  # int64 (E,): their characters
    queries: np.ndarray  # (C, Q, D)


class Seen(NamedTuple):
    """What became of one drawing."""

    distance: float  # to the nearest mean, infinite before there is one
    is_known: bool  # whether its character had a class when it came
    is_asked: bool
    is_right: bool  # whether the class that it was given, or taken for, is its own


def arriving(pictures: Tensor, embed: Embed, seed: int) -> Drawings:
    """15 drawings of each character of pictures uint8 (C, 20, 28, 28), in a random order.

    The last five of each are never learnt from.
    """
    features = embed(pictures.flatten(0, 1)).view(*pictures.shape[:2], -1)
    truth, numbers = arrivals(len(pictures), MOST_SHOTS, 0.0, generator(seed, "asking"))
    return Drawings(
        pictures[truth, numbers].numpy(),
        features[truth, numbers].numpy(),
        truth.numpy(),
        features[:, -ASKED:].numpy(),
    )


class Asker:
    """Takes drawings in, one after the other; whoever calls decides which ones it asks about.

    Args:
        self_labelled: whether a drawing that is not asked about moves the mean of the class that it
            is taken for. On the validation alphabets this does harm: see `core.studies.asking`.
    """

    def __init__(self, drawings: Drawings, self_labelled: bool = False) -> None:
        self.drawings, self.self_labelled = drawings, self_labelled
        n_drawings, n_features = drawings.features.shape
        self.means = OpenMeans(n_features, n_drawings)
        self.opened: list[int] = []  # the drawing by which each class was opened
        self.seen: list[Seen] = []
        self._class_of: dict[int, int] = {}  # the first class of each character

    def copy(self) -> Self:
        """One that goes on from here on its own."""
        other = copy(self)
        other.means = self.means.copy()
        other.opened, other.seen = list(self.opened), list(self.seen)
        other._class_of = dict(self._class_of)
        return other

    @property
    def place(self) -> int:
        """The number of the drawing that is there now."""
        return len(self.seen)

    @property
    def is_over(self) -> bool:
        return self.place == len(self.drawings.truth)

    @property
    def labels(self) -> int:
        """The labels spent so far."""
        return sum(each.is_asked for each in self.seen)

    def nearest(self) -> Nearest:
        """The class that is nearest to the drawing that is there now."""
        return self.means.nearest(self.drawings.features[self.place])

    def true_answer(self) -> int:
        """The class of the drawing that is there now, or NEW."""
        return self._class_of.get(self._character(), NEW)

    def answer(self, class_: int, nearest: Nearest) -> None:
        """Takes the drawing in with an answer, right or wrong: its class, or NEW."""
        drawing, character = self.drawings.features[self.place], self._character()
        is_known = character in self._class_of
        is_right = not is_known if class_ == NEW else self.character_of(class_) == character
        if class_ == NEW:
            self._class_of.setdefault(character, self.means.open(drawing))
            self.opened.append(self.place)
        else:
            self.means.join(drawing, class_)
        self.seen.append(Seen(nearest.distance, is_known, True, is_right))

    def pass_by(self, nearest: Nearest) -> None:
        """Takes the drawing for one of the nearest class, if there is one, without a label."""
        class_, character = nearest.class_, self._character()
        if self.self_labelled and class_ != NO_CLASS:
            self.means.join(self.drawings.features[self.place], class_)
        is_right = class_ != NO_CLASS and self.character_of(class_) == character
        self.seen.append(Seen(nearest.distance, character in self._class_of, False, is_right))

    def character_of(self, class_: int) -> int:
        """That of the drawing by which a class was opened, which the class is called by."""
        return int(self.drawings.truth[self.opened[class_]])

    def right(self) -> float:
        """The share of the held-out drawings of all C characters that it names rightly.

        Characters that have not come, or have no class, count as wrong: with as many labels, ways
        that are at different places of the stream can be compared.
        """
        if not self.opened:
            return 0.0
        answers = self.means.distances(self.drawings.queries).argmin(-1)  # (C, Q)
        named = self.drawings.truth[self.opened][answers]
        return float((named == np.arange(len(named))[:, None]).mean())

    def come(self) -> int:
        """How many characters have come so far."""
        return len(np.unique(self.drawings.truth[: self.place]))

    def _character(self) -> int:
        return int(self.drawings.truth[self.place])


class Course(NamedTuple):
    """A stream from its beginning to its end, with true answers."""

    labels: np.ndarray  # int64 (P,): spent when its accuracy was measured
    right: np.ndarray  # (P,): see `Asker.right`
    come: np.ndarray  # int64 (P,): characters that had come
    seen: list[Seen]  # of all drawings

    @property
    def distances(self) -> npt.NDArray[np.float64]:
        """Of all drawings (E,) when they came."""
        return np.array([each.distance for each in self.seen])

    @property
    def is_known(self) -> Flags:
        """Whether their characters had a class when they came (E,)."""
        return np.array([each.is_known for each in self.seen])


Rule = Callable[[int, float], bool]  # whether to ask, by a drawing's number and its distance


def above(threshold: float) -> Rule:
    """Asks about what is farther from all classes than the threshold."""
    return lambda _, distance: distance > threshold


def everything(_place: int, _distance: float) -> bool:
    """Asks about every drawing."""
    return True


def at_random(n_drawings: int, labels: int, seed: int) -> Rule:
    """Asks about so many drawings of all, whatever they are."""
    order = torch.randperm(n_drawings, generator=generator(seed, "random asking"))
    chosen = set(order[:labels].tolist())
    return lambda place, _: place in chosen


def run_on(asker: Asker, should_ask: Rule, until: int) -> None:
    """Takes drawings in up to the number `until`, with true answers."""
    while asker.place < until:
        nearest = asker.nearest()
        if should_ask(asker.place, nearest.distance):
            asker.answer(asker.true_answer(), nearest)
        else:
            asker.pass_by(nearest)


def run_course(
    drawings: Drawings, should_ask: Rule, self_labelled: bool = False, checks: int = CHECKS
) -> Course:
    """The whole stream; its accuracy is measured `checks` times, the last time at the end."""
    asker = Asker(drawings, self_labelled)
    measured = []
    for place in np.linspace(0, len(drawings.truth), checks + 1).round().astype(int)[1:]:
        run_on(asker, should_ask, int(place))
        measured.append((asker.labels, asker.right(), asker.come()))
    labels, right, come = map(np.array, zip(*measured, strict=True))
    return Course(labels, right, come, asker.seen)
