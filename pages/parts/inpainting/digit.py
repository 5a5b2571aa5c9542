"""The digit that is painted over: one of the test digits, or one's own."""

from typing import NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import GlimpseError
from pages.parts.components.digit_input.digit_input import chosen_digit, drawn_digit
from pages.parts.url_state import say_changed

FIRST = 28  # an eight whose lower half is not easily told from that of a three
# Kept in the session, since a widget's own state is gone after a visit to another page.
DIGIT = "inpainting-digit"
OWN = "inpainting-own"  # one's own, while that is the one shown
SHEET, WORDS = 200, 130  # px, so that they stand side by side on a phone too
WAYS = ("Test digits", "Draw one", "Choose a picture")


class Digit(NamedTuple):
    """What is painted over, ink = 255. `label` is what it is, None for one's own."""

    picture: np.ndarray  # uint8 (28, 28)
    label: int | None

    @property
    def spoken(self) -> str:
        return "your digit" if self.label is None else f"a {self.label}"


@st.cache_data(max_entries=1, show_spinner=False)
def test_digits() -> tuple[np.ndarray, np.ndarray]:
    """1,000 digits uint8 (N, 28, 28) that no shipped model trained on, and their labels."""
    from core.data.digits import load_digits

    digits = load_digits("sample", "held_out")
    return digits.images.numpy(), digits.labels.numpy()


def chosen_digit_of_page(above: DeltaGenerator, below: DeltaGenerator) -> Digit:
    """The digit, and the widgets that choose it: a digit of one's own above the canvas, where the
    answers are seen while one draws, another test digit below.

    Where one's own is refused, it stays as it was.
    """
    images, labels = test_digits()
    index = _index(len(images))
    way = above.segmented_control(
        "Digit", WAYS, key="digit-way", default=st.session_state.get("digit-way-kept", WAYS[0]),
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    st.session_state["digit-way-kept"] = way
    if way == WAYS[0]:
        st.session_state.pop(OWN, None)
        with below:
            _picker(labels, index)
    else:
        with above:
            _own(way)
    own = st.session_state.get(OWN)
    return Digit(images[index], int(labels[index])) if own is None else Digit(own, None)


def _own(way: str) -> None:
    """Takes one's own digit into the session once there is one."""
    drawing = way == WAYS[1]
    words = "It is centred and scaled as MNIST's digits are. What you hide stays hidden."
    try:
        if drawing:
            with st.container(horizontal=True, gap="small"):
                with st.container(width=SHEET):
                    picture = drawn_digit("inpaint-own")
                st.caption(words, width=WORDS)
        else:
            picture = chosen_digit("inpaint-own-file")
            st.caption(words)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/broken_image:")
        return
    if picture is not None:
        st.session_state[OWN] = picture


def _index(count: int) -> int:
    """The index in the session, which the address may begin with."""
    if DIGIT not in st.session_state:
        st.session_state[DIGIT] = _index_in_address(count)
    index: int = st.session_state[DIGIT]
    if st.query_params.get("digit") != str(index):  # each write is a message to the browser
        st.query_params["digit"] = str(index)
    return index


def _index_in_address(count: int) -> int:
    given = st.query_params.get("digit", str(FIRST))
    is_number = given.isdecimal() and given.isascii() and len(given) < 10
    index = min(int(given), count - 1) if is_number else FIRST
    if str(index) != given:
        say_changed("Digit", given, str(index))
    return index


def _picker(labels: np.ndarray, index: int) -> None:
    """Another digit: of a class, the next of the same class, any, or one by its number."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.session_state["digit-class"] = int(labels[index])
        st.pills(
            "Class",
            range(10),
            required=True,
            wrap=True,
            key="digit-class",
            on_change=lambda: _go_to_class(labels, st.session_state["digit-class"]),
        )
        st.button(
            "Next", icon=":material/skip_next:", on_click=_go_to_class, args=(labels, labels[index])
        )
        st.button("Any", icon=":material/casino:", on_click=_go_anywhere, args=(len(labels),))
        st.session_state["digit-number"] = index
        st.number_input(
            "Number",
            0,
            len(labels) - 1,
            key="digit-number",
            width=130,
            on_change=_go_to_number,
            help=f"Of the test digits, 0 to {len(labels) - 1}.",
        )


def _go_to_class(labels: np.ndarray, label: int) -> None:
    """The next digit of a class after the one shown, from the first again after the last."""
    members = np.flatnonzero(labels == label)
    later = members[members > st.session_state[DIGIT]]
    st.session_state[DIGIT] = int((later if len(later) else members)[0])


def _go_to_number() -> None:
    st.session_state[DIGIT] = st.session_state["digit-number"]


def _go_anywhere(count: int) -> None:
    st.session_state[DIGIT] = int(np.random.default_rng().integers(count))
