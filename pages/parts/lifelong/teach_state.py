"""What a visitor has taught: it lives in the session, so that no page switch loses it.

A change is asked for by a button, and made before anything is drawn: what is on the page is always
of what is learnt. A refusal is shown where the change was asked for.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from pages.parts.components.canvas.canvas import ink_on
from pages.parts.plain_text import plain

if TYPE_CHECKING:
    from core.methods.lifelong.characters import Characters, Choice
    from core.methods.lifelong.config import LifelongConfig
    from core.methods.lifelong.taught import TaughtStream

PAPER = (105, 105)  # pixels, as of Omniglot's
CANVAS = "teach-canvas"
NAME, MINE = "teach-name", "teach-mine"  # keys of widgets
_TAUGHT, _SHEET, _REQUEST, _REFUSAL = (
    f"teach-{part}" for part in ("taught", "sheet", "request", "refusal")
)


class Request(NamedTuple):
    """A change that was asked for at a place of the page, and what it is called meanwhile."""

    place: str
    words: str
    change: "Callable[[TaughtStream], object]"
    uses_drawing: bool = False  # and then there is blank paper


def ask_for(request: Request) -> None:
    """What a button does: `make_change` makes it."""
    st.session_state[_REQUEST] = request


def make_change(taught: "TaughtStream") -> None:
    """Makes the change that was asked for, if any, and keeps the refusal of one for its place."""
    st.session_state.pop(_REFUSAL, None)
    request: Request | None = st.session_state.pop(_REQUEST, None)
    if request is None:
        return
    try:
        with st.spinner(request.words):
            request.change(taught)
    except GlimpseError as refusal:
        st.session_state[_REFUSAL] = (request.place, refusal)
        return
    if request.uses_drawing:
        st.session_state[_SHEET] = sheet() + 1
        st.session_state[NAME] = ""
        st.session_state[MINE] = None


def show_refusal(place: str) -> GlimpseError | None:
    """The sentence that refused a change asked for at this place, if any; it is returned too."""
    at, refusal = st.session_state.get(_REFUSAL, ("", None))
    if refusal is None or at != place:
        return None
    st.error(plain(refusal), icon=":material/error:")
    found: GlimpseError = refusal
    return found


def current(config: "LifelongConfig") -> "TaughtStream":
    """What is taught in this session; with other settings the same is learnt anew with them."""
    from core.methods.lifelong.characters import Choice
    from core.methods.lifelong.taught import TaughtStream

    choice = Choice(config.source, config.features, config.views, config.k_shot, config.seed)
    settings = (choice, config.replay)
    before, taught = st.session_state.get(_TAUGHT, (None, None))
    if before != settings:
        learners = (_characters(choice), config.replay, config.seed)
        taught = TaughtStream(*learners) if taught is None else taught.on(*learners)
        st.session_state[_TAUGHT] = (settings, taught)
    found: TaughtStream = taught
    return found


def sheet() -> int:
    """The number of the sheet of paper that is drawn on."""
    return int(st.session_state.get(_SHEET, 0))


def drawing() -> np.ndarray | None:
    """What is drawn, as the learners see it, uint8 (28, 28); None without ink."""
    ink = ink_on(CANVAS, PAPER, sheet())
    if not ink.any():
        return None
    try:
        return _like_omniglot(ink)
    except GlimpseError:  # only crumbs left by the eraser
        return None


@st.cache_data(max_entries=64, show_spinner=False)
def _like_omniglot(ink: np.ndarray) -> np.ndarray:
    from core.data.drawings import like_omniglot

    return like_omniglot(ink)


@st.cache_resource(max_entries=2, show_spinner=False)
def _characters(choice: "Choice") -> "Characters":
    from core.methods.lifelong.characters import Characters

    return Characters(choice)
