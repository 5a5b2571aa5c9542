"""The learners' answers to a drawing as cards, and how much of the stream each still knows."""

from typing import TYPE_CHECKING

import numpy as np

from core.figures.alphabet import symbol_png
from core.figures.pictures import UNDECIDED
from core.methods.lifelong.snapshot import ASKED
from pages.parts.components.learner_answers.learner_answers import LearnerAnswer, State
from pages.parts.lifelong.teach_sentences import Answers, title

if TYPE_CHECKING:
    from core.methods.lifelong.taught import Answer, TaughtStream

OWN_COLOUR = 0  # of the classes' colours


def answer_cards(answers: Answers, mine: int | None, taught: "TaughtStream") -> list[LearnerAnswer]:
    """A card for each learner; without `answers` those of blank paper."""
    known = taught.still_known()
    return [_card(name, answers.get(name), mine, known[name], taught) for name in taught.learners]


def _card(
    name: str, answer: "Answer | None", mine: int | None, known: np.ndarray, taught: "TaughtStream"
) -> LearnerAnswer:
    learner = taught.learners[name]
    share = known.sum() / (ASKED * len(known))
    knows = f"{100 * share:.0f} % of {ASKED * len(known):,} drawings of the stream"
    if answer is None:
        return LearnerAnswer(learner.label, learner.idea, "none", "", "", "", "", share, knows)
    state, verdict = _judged(answer, mine, taught)
    return LearnerAnswer(
        learner.label, learner.idea, state, own_or_grey(answer.picture, answer.met.is_own),
        title(answer.met, taught), _detail(answer, taught), verdict, share, knows,
    )  # fmt: skip


def own_or_grey(picture: np.ndarray, is_own: bool) -> str:
    """A picture uint8 (28, 28) as a data URL, coloured where it is a person's own."""
    return symbol_png(picture, OWN_COLOUR if is_own else UNDECIDED)


def _judged(answer: "Answer", mine: int | None, taught: "TaughtStream") -> tuple[State, str]:
    """The state of a card, and what it says of the answer."""
    if mine is None:
        return ("own" if answer.met.is_own else "other"), ""
    rank = answer.ranks[mine]
    if rank == 1:
        return "right", "✓ right"
    return "wrong", f"✗ wrong: {taught.symbols[mine].name} is number {rank} on its list"


def _detail(answer: "Answer", taught: "TaughtStream") -> str:
    """Where the class is from, and whether it is the newest."""
    met = answer.met
    where = "yours" if met.is_own else taught.characters.alphabets[met.number]
    newest = "the last it met" if met == taught.last_met else ""
    return ", ".join(filter(None, (where, newest)))
