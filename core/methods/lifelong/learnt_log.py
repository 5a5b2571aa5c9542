"""Learners that have learnt a log: characters of a stream, and drawings between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
import torch
from torch import Tensor

from core.methods.lifelong.characters import BLOCK, Characters
from core.methods.lifelong.learners import make_learners
from core.methods.lifelong.learners.base import Drawings

CAPACITY = 1000  # classes


@dataclass(frozen=True, eq=False)
class Passed:
    """So many characters of the stream came, or as many as were left."""

    count: int


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawing uint8 (28, 28) of an own symbol was taught."""

    symbol: int
    picture: np.ndarray


@dataclass(frozen=True)
class Met:
    """A class that the learners have met: an own symbol, or the character at a place from 0."""

    is_own: bool
    number: int


class LearntLog:
    """What the learners know is a function of the log, to the last bit.

    `replay` and `seed` are of `make_learners`.
    """

    def __init__(self, characters: Characters, replay: int, seed: int) -> None:
        self.characters, self.replay, self.seed = characters, replay, seed
        self.capacity = CAPACITY
        self._still_known: dict[str, np.ndarray] | None = None  # see `TaughtStream.still_known`
        self._begin_anew()

    def learn_log(self, log: Sequence[Passed | Drawn]) -> None:
        """Learns what the log has more than what is learnt, or all of it where that does not do."""
        pairs = zip(self._learnt, log, strict=False)
        n_same = len(list(takewhile(lambda pair: pair[0] is pair[1], pairs)))
        if n_same < len(self._learnt):
            self._begin_anew()
        for event in log[len(self._learnt) :]:
            self._learn(event)
            self._learnt.append(event)

    def _begin_anew(self) -> None:
        first = self._drawing(self.characters.pictures[0, 0].numpy())
        self.learners = make_learners(
            self.characters.choice.features,
            first.features.shape[1],
            self.capacity,
            self.replay,
            self.seed,
        )
        self.met: list[Met] = []  # the classes by number
        self.n_met = 0  # characters among them
        self.last_met = Met(False, 0)  # what the last example was of
        self._met_before: dict[int, int] = {}  # by symbol: `n_met` when it was last taught
        self._learnt: list[Passed | Drawn] = []
        self._still_known = None

    def _learn(self, event: Passed | Drawn) -> None:
        self._still_known = None
        if isinstance(event, Drawn):
            self._learn_drawing(event)
            return
        last = min(self.n_met + event.count, len(self.characters), self.n_met + self._room())
        while self.n_met < last:
            self._learn_characters(min(self.n_met + BLOCK, last))

    def _learn_characters(self, last: int) -> None:
        examples = self.characters.examples(self.n_met, last)  # (n, k_shot)
        n_new, k_shot = examples.pictures.shape[:2]
        classes = torch.arange(len(self.met), len(self.met) + n_new)
        self.met += [Met(False, place) for place in range(self.n_met, last)]
        in_turn = Drawings(*(each.flatten(0, 1) for each in examples))
        self._teach_all(in_turn, classes.repeat_interleave(k_shot))
        self.n_met, self.last_met = last, self.met[-1]

    def _learn_drawing(self, drawn: Drawn) -> None:
        met = Met(True, drawn.symbol)
        if met not in self.met:
            self.met.append(met)
        self._teach_all(self._drawing(drawn.picture), torch.tensor([self.met.index(met)]))
        self._met_before[drawn.symbol], self.last_met = self.n_met, met

    def _teach_all(self, examples: Drawings, classes: Tensor) -> None:
        for learner in self.learners.values():
            learner.learn(learner.sees(examples), classes)

    def _drawing(self, picture: np.ndarray) -> Drawings:
        pictures = torch.tensor(picture)[None]
        return Drawings(pictures, self.characters.embed(pictures))

    def _room(self) -> int:
        return self.capacity - len(self.met)
