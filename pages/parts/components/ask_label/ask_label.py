"""One picture, large, and the question which digit it is: answered by a key or by a button."""

from collections.abc import Callable, Sequence
from typing import Annotated

import streamlit as st
from pydantic import Field, TypeAdapter

from pages.parts.components.frontend import frontend
from pages.parts.components.messages import Message, checked, message_of

N_DIGITS = 10


class _Answer(Message):
    """What the browser sends when a digit is pressed."""

    point: Annotated[int, Field(ge=0)]  # the picture that was on screen
    digit: Annotated[int, Field(ge=0, lt=N_DIGITS)]


_ANSWER = TypeAdapter(_Answer)
_mount = st.components.v2.component("ask_label", **frontend("ask_label/ask_label"))


def ask_label(
    point: int | None,
    picture: str,
    *,
    key: str,
    question: str,
    palette: Sequence[str],
    on_answer: Callable[[int], None],
    on_undo: Callable[[], None],
) -> None:
    """Asks which digit a picture is.

    While it is in sight, the keys 0 to 9 answer, and Backspace takes the last answer back.

    Args:
        point: number of the picture; None while there is nothing to ask.
        picture: a data URL, empty where `point` is None.
        question: stands above the picture, or in its place.
        palette: CSS colours of the ten digits.
        on_answer: called with the digit, once for each picture.
    """

    def answered() -> None:
        answer = parse_answer(message_of(key, "answered"), point)
        if answer is not None:
            on_answer(answer)

    _mount(
        key=key,
        data={
            "point": point, "picture": picture, "question": question, "palette": list(palette),
        },
        on_answered_change=answered,
        on_undone_change=on_undo,
    )  # fmt: skip


def parse_answer(message: object, point: int | None) -> int | None:
    """The digit in a message; None for one about another picture, or that nobody would send."""
    answer = checked(_ANSWER, message)
    return answer.digit if answer is not None and answer.point == point else None
