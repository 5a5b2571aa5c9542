"""A drawing beside the class that is nearest to it, and the question what it is, for one click."""

from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple

import streamlit as st
from pydantic import Field, TypeAdapter

from pages.parts.components.frontend import frontend
from pages.parts.components.messages import Message, checked, message_of

NEW = -1  # the answer "a new character"
MOST_OPTIONS = 5


class _Answer(Message):
    """What the browser sends when an answer is clicked."""

    place: Annotated[int, Field(ge=0)]  # the drawing that was on screen
    option: Annotated[int, Field(ge=NEW, lt=MOST_OPTIONS)]


class Compared(NamedTuple):
    """A drawing and its nearest class, pictures as data URLs; without a class there is no distance.

    `longest` is the distance at the end of the scale on which the threshold is marked.
    """

    drawing: str
    nearest: str
    distance: float | None
    threshold: float
    longest: float


_ANSWER = TypeAdapter(_Answer)
_mount = st.components.v2.component("ask_class", **frontend("ask_class/ask_class"))


def ask_class(
    place: int,
    compared: Compared,
    *,
    key: str,
    words: str,
    options: Sequence[str] | None,
    on_answer: Callable[[int], None],
) -> None:
    """Shows how far a drawing is from its nearest class; and asks what it is.

    Args:
        place: number of the drawing.
        words: stand above the answers.
        options: pictures of the classes to choose from, at most MOST_OPTIONS, beside "a new
            character"; None where nothing is asked.
        on_answer: called with the option, or NEW, once for each drawing.
    """

    def answered() -> None:
        option = parse_answer(message_of(key, "answered"), place, options)
        if option is not None:
            on_answer(option)

    _mount(
        key=key,
        data={
            "place": place, **compared._asdict(), "words": words,
            "options": None if options is None else list(options),
        },
        on_answered_change=answered,
    )  # fmt: skip


def parse_answer(message: object, place: int, options: Sequence[str] | None) -> int | None:
    """The option in a message; None for one about another drawing, or that nobody would send."""
    answer = checked(_ANSWER, message)
    if answer is None or options is None or answer.place != place:
        return None
    return answer.option if answer.option < len(options) else None
