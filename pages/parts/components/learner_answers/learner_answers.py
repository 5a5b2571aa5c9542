"""What each learner says of a drawing, side by side, and how much it still knows of a stream."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import streamlit as st

from pages.parts.components.frontend import frontend

State = Literal["none", "own", "other", "right", "wrong"]
_mount = st.components.v2.component(
    "learner_answers", **frontend("learner_answers/learner_answers")
)


class LearnerAnswer(NamedTuple):
    """The card of one learner.

    `picture` is a data URL of the class that it answers with, empty for no answer yet; `known` is a
    share from 0 to 1, said in words in `knows`.
    """

    learner: str
    idea: str
    state: State
    picture: str
    answer: str
    detail: str
    verdict: str
    known: float
    knows: str


def learner_answers(sentence: str, cards: Sequence[LearnerAnswer], *, key: str) -> None:
    """Shows a sentence and cards in place of those shown before under `key`."""
    _mount(key=key, data={"sentence": sentence, "cards": [card._asdict() for card in cards]})
