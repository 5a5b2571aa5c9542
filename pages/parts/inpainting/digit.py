"""The digit to paint over: one of the test digits, or one's own."""

from typing import NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import GlimpseError
from core.figures.words import with_article
from pages.parts.components.digit_input.class_picker import class_pills, next_and_random
from pages.parts.components.digit_input.digit_input import INK, chosen_digit, drawn_digit
from pages.parts.plain_text import plain
from pages.parts.url_state import Number, restore, write

DEFAULT_DIGIT = 28  # an eight whose lower half could be that of a three
DIGIT = "digit"  # the index of the test digit, in session state and the address
OWN_DIGIT = "inpainting-own"  # the picture of one's own while it is shown, in session state
TEST_DIGITS, DRAWING, PICTURE_FILE = "Test digits", "Draw one", "Choose a picture"
KEPT_SOURCE = "digit-way-kept"  # the widget's own state is gone after a visit to another page
SHEET_WIDTH, CAPTION_WIDTH = 200, 130  # px: side by side on a phone too


class Digit(NamedTuple):
    """The digit to paint over."""

    picture: np.ndarray  # uint8 (28, 28), ink = 255
    label: int | None  # None for one's own

    @property
    def description(self) -> str:
        return "your digit" if self.label is None else with_article(str(self.label))


@st.cache_data(max_entries=1, show_spinner=False)
def test_digits() -> tuple[np.ndarray, np.ndarray]:
    """1,000 digits uint8 (N, 28, 28) that no shipped model was trained on, and their labels."""
    from core.data.digits import load_digits

    digits = load_digits("sample", "held_out")
    return digits.images.numpy(), digits.labels.numpy()


def choose_digit(above: DeltaGenerator, below: DeltaGenerator) -> Digit:
    """Widgets that choose the digit, above and below the canvas, and their choice.

    Drawing and the file chooser are above, so that the answers stay in view. If a file is refused,
    the digit stays as it was.
    """
    images, labels = test_digits()
    restore(Number(DIGIT, "Digit", DEFAULT_DIGIT, 0, len(images) - 1))
    index: int = st.session_state[DIGIT]
    write(DIGIT, str(index))
    at_first = DRAWING if INK in st.query_params else TEST_DIGITS
    source = above.segmented_control(
        "Digit", (TEST_DIGITS, DRAWING, PICTURE_FILE), key="digit-way",
        default=st.session_state.get(KEPT_SOURCE, at_first),
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    st.session_state[KEPT_SOURCE] = source
    if source != DRAWING:
        write(INK, "")
    if source == TEST_DIGITS:
        st.session_state.pop(OWN_DIGIT, None)
        with below:
            _test_digit_picker(labels, index)
    else:
        with above:
            _own_digit_input(source)
    own = st.session_state.get(OWN_DIGIT)
    return Digit(images[index], int(labels[index])) if own is None else Digit(own, None)


def _own_digit_input(source: str) -> None:
    """A sheet or a file chooser; the digit goes into the session."""
    caption = "The digit is centred and scaled like MNIST's. Your mask stays."
    try:
        if source == DRAWING:
            with st.container(horizontal=True, gap="small"):
                with st.container(width=SHEET_WIDTH):
                    picture = drawn_digit("inpaint-own")
                st.caption(caption, width=CAPTION_WIDTH)
        else:
            picture = chosen_digit("inpaint-own-file")
            st.caption(caption)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/broken_image:")
        return
    if picture is not None:
        st.session_state[OWN_DIGIT] = picture


def _test_digit_picker(labels: np.ndarray, index: int) -> None:
    """Another test digit: of a class, the next of its class, a random one, or by its number."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        class_pills(labels, slot=DIGIT, key="digit-class", show_label=True)
        next_and_random(labels, slot=DIGIT)
        st.session_state["digit-number"] = index
        st.number_input(
            "Number",
            0,
            len(labels) - 1,
            key="digit-number",
            width=130,
            on_change=_go_to_number,
            help=f"Which of the test digits: 0 to {len(labels) - 1}.",
        )


def _go_to_number() -> None:
    st.session_state[DIGIT] = st.session_state["digit-number"]
