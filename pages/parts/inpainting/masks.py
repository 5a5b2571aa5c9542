"""What hides the digit at first: a row of buttons, and the address, which keeps what is painted."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.components.canvas.canvas import Painted, decode_painted, encode_painted
from pages.parts.url_state import begin_number, is_readable, say_changed

BUTTON_LABELS = {  # what a button says, by the mask's name in the address
    "random": "Random",
    "box": "Box",
    "left": "Left",
    "right": "Right",
    "top": "Top",
    "bottom": "Bottom",
    "quadrants": "Quadrants",
    "strokes": "Brush",
    "stripes": "Stripes",
    "everything": "All",
    "nothing": "None",
}
FIRST = "bottom"
SHAPE = (28, 28)
# A widget's own state is gone after a visit to another page: what was chosen is kept beside it.
MASK = "inpainting-mask"
SHARE = "hidden"  # per cent of random masks; its widget's key and its name in the address
SHARES = (5, 95)
FIRST_SHARE = 75
_TO_ADDRESS, _FROM_ADDRESS = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")


class ChosenMask(NamedTuple):
    """What a painting begins with: a mask's name, or a painting as the address writes it."""

    name: str
    revision: int  # another one begins anew; a kind that is drawn gives another mask


def chosen_start() -> tuple[Painted, int]:
    """A row of buttons that hide something; what the one pressed last hides, and its revision."""
    begin_number(SHARE, "Hidden share", FIRST_SHARE, *SHARES)
    if MASK not in st.session_state:
        st.session_state[MASK] = ChosenMask(_name_in_address(), 0)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("Hide", width="content")
        for name, label in BUTTON_LABELS.items():
            st.button(label, key=f"mask-{name}", on_click=_choose, args=(name,))
        st.slider(
            "Share that Random hides",
            *SHARES,
            FIRST_SHARE,
            5,
            key=SHARE,
            format="random %d %%",
            bind="query-params" if is_readable(SHARE) else None,
            label_visibility="collapsed",
            on_change=_choose,
            args=("random",),
            width=150,
        )
    start: ChosenMask = st.session_state[MASK]
    return preset_mask(*start, st.session_state[SHARE]), start.revision


def keep_in_address(hidden: Painted) -> None:
    """The name of what is hidden where the same name would hide it again, else the painting."""
    name = st.session_state[MASK].name
    if name not in BUTTON_LABELS or (hidden != preset_mask(name, 0, st.session_state[SHARE])).any():
        name = encode_painted(hidden).translate(_TO_ADDRESS)
    if st.query_params.get("mask") != name:  # each write is a message to the browser
        st.query_params["mask"] = name


@st.cache_data(max_entries=64, show_spinner=False)
def preset_mask(name: str, revision: int, share: int) -> Painted:
    """What is hidden at first (28, 28); `share` per cent of it where pixels are random."""
    painted = _painting(name)
    if painted is not None:
        return painted
    if name in ("everything", "nothing"):
        return np.full(SHAPE, name == "everything")
    return np.asarray(_drawn_mask(name, revision, share) == 0)


def _drawn_mask(name: str, revision: int, share: int) -> np.ndarray:
    """A mask (28, 28), 1 = visible."""
    from core.data.masks import (
        SIDES,
        centre_box,
        half,
        quadrants,
        random_pixels,
        stripes,
        strokes,
    )
    from core.seeding import generator

    draws = generator("page", name, revision)
    sides = [side for side in SIDES if side == name]
    if sides:
        masks = half(1, draws, sides)
    elif name == "random":
        masks = random_pixels(1, draws, (share / 100, share / 100))
    else:
        kinds = {"quadrants": quadrants, "strokes": strokes, "stripes": stripes}
        masks = centre_box(1) if name == "box" else kinds[name](1, draws)
    mask: np.ndarray = masks[0, 0].numpy()
    return mask


def _choose(name: str) -> None:
    """The same button again gives another mask of its kind."""
    st.session_state[MASK] = ChosenMask(name, st.session_state[MASK].revision + 1)


def _name_in_address() -> str:
    given = st.query_params.get("mask", FIRST)
    if given in BUTTON_LABELS or _painting(given) is not None:
        return given
    say_changed("Mask", given, BUTTON_LABELS[FIRST])
    return FIRST


def _painting(name: str) -> Painted | None:
    """A painting that the address writes, or None where it is none."""
    return decode_painted(name.translate(_FROM_ADDRESS), SHAPE)
