"""The caption and the answers of a few-shot film, for every format that it is exported to."""

from typing import NamedTuple

import numpy as np

from core.errors import GlimpseError
from core.figures.few_shot import TaskFrames
from core.figures.pictures import UNDECIDED, class_name, credit
from core.figures.pictures import answers as likeliest


class Caption(NamedTuple):
    """The texts of a film, so that it explains itself without the page."""

    title: str
    task: str  # what is learned: source, number of the task, batch statistics
    model: str  # what learns: method, data, seed
    command: str  # that trains the model again


class Answers(NamedTuple):
    """The answers to Q queries, before the first of S steps and after each."""

    truth: np.ndarray  # (Q,) class of each query
    predicted: np.ndarray  # (S + 1, Q) predicted class, or UNDECIDED
    confidence: np.ndarray  # (S + 1, Q) probability of that class
    credit: np.ndarray  # (S + 1, Q) 1 for a right answer, 0 for a wrong one, else that of guessing

    @property
    def right(self) -> np.ndarray:
        """Whether each answer is right, (S + 1, Q)."""
        right: np.ndarray = self.predicted == self.truth
        return right

    @property
    def wrong(self) -> np.ndarray:
        """Whether each answer is wrong, (S + 1, Q); an undecided one is neither right nor wrong."""
        wrong: np.ndarray = ~self.right & (self.predicted != UNDECIDED)
        return wrong

    def tally(self, moment: int) -> str:
        """How many answers are right after a step, in words."""
        if (self.predicted[moment] == UNDECIDED).all():
            return "by guessing"
        return f"{self.right[moment].sum()} of {len(self.truth)} right"


def answers(film: TaskFrames) -> Answers:
    """The film's answers. Raises GlimpseError where its values are not finite."""
    lost = ~(np.isfinite(film.probability).all((1, 2)) & np.isfinite(film.support_loss))
    if lost.any():
        raise GlimpseError(
            f"This film cannot be saved, because after step {lost.argmax()} some values are not "
            "finite numbers: choose a smaller inner learning rate."
        )
    n_queries, n_way = film.probability.shape[1:]
    truth = np.repeat(np.arange(n_way), n_queries // n_way)
    given = likeliest(film.probability)
    return Answers(truth, given, film.probability.max(-1), credit(given, truth, n_way))


def answer_name(answer: int) -> str:
    """A, B, C, ... for a class, and a question mark for no class yet."""
    return "?" if answer == UNDECIDED else class_name(answer)


def loss_text(loss: float) -> str:
    """A loss with three decimals; `< 0.001` for what would round to 0."""
    return "< 0.001" if 0 < loss < 0.0005 else f"{loss:.3f}"
