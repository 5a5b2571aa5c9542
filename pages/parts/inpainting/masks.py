"""The buttons that hide a part of the digit, and the mask in the address."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.parts.components.canvas.canvas import Mask, mask_from_text, mask_to_text
from pages.parts.inpainting.words import EVALUATED_KINDS
from pages.parts.url_state import Choice, Number, restore, write

BUTTON_LABELS = {  # by the name of the mask in the address
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
DEFAULT_MASK = "bottom"
SHAPE = (28, 28)
MASK = "mask"  # a name, or a painting as the address writes it; in session state and the address
REVISION = "mask-revision"  # grows whenever a button replaces what is painted
SHARE = "hidden"  # per cent that a random mask hides; in session state and the address
SHARES = (5, 95)
DEFAULT_SHARE = 75


@dataclass(frozen=True)
class _MaskInAddress(Choice):
    """The name of a mask, or a painting."""

    def nearest(self, given: str) -> str | None:
        return given if mask_from_text(given, SHAPE) is not None else super().nearest(given)

    def label_of(self, value: str) -> str:
        return BUTTON_LABELS[value]


def chosen_mask() -> tuple[Mask, int]:
    """A row of buttons, each of which hides something; the mask chosen last, and its revision."""
    restore(
        Number(SHARE, "Hidden share", DEFAULT_SHARE, *SHARES),
        _MaskInAddress(MASK, "Mask", DEFAULT_MASK, tuple(BUTTON_LABELS)),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("Hide", width="content")
        for name, label in BUTTON_LABELS.items():
            st.button(label, key=f"mask-{name}", on_click=_choose, args=(name,))
        st.slider(
            "Share of the pixels that Random hides", *SHARES, DEFAULT_SHARE, 5, key=SHARE,
            format="random %d %%", bind="query-params", label_visibility="collapsed",
            on_change=_choose, args=("random",), width=150,
        )  # fmt: skip
    state = st.session_state
    revision = state.setdefault(REVISION, 0)
    return preset_visible_mask(state[MASK], revision, state[SHARE]), revision


def hidden_pixels(visible: Mask) -> str:
    """392 of 784 pixels are hidden."""
    n_hidden = visible.size - np.count_nonzero(visible)
    return f"{n_hidden} of {visible.size} pixels {'is' if n_hidden == 1 else 'are'} hidden"


def write_mask(visible: Mask) -> None:
    """Puts the mask on screen into the address: its name if a link with it shows the same mask."""
    name = st.session_state[MASK]
    is_named = name in BUTTON_LABELS and np.array_equal(
        visible, preset_visible_mask(name, 0, st.session_state[SHARE])
    )
    write(MASK, name if is_named else mask_to_text(visible))


def measured_kind(visible: Mask, revision: int) -> str | None:
    """The kind of mask on the networks' cards that is on screen; None for any other, and paintings.

    The cards' random masks hide 75 %.
    """
    name, share = st.session_state[MASK], st.session_state[SHARE]
    if name not in BUTTON_LABELS:
        return None
    if not np.array_equal(visible, preset_visible_mask(name, revision, share)):
        return None
    kind = "half" if name in ("left", "right", "top", "bottom") else name
    if kind not in EVALUATED_KINDS or (kind == "random" and share != DEFAULT_SHARE):
        return None
    return kind


@st.cache_data(max_entries=64, show_spinner=False)
def preset_visible_mask(name: str, revision: int, share: int) -> Mask:
    """The mask uint8 (28, 28), 1 = visible, of a button or a painting in the address.

    Kinds that are drawn at random depend on `revision`; "random" hides `share` per cent.
    """
    painting = mask_from_text(name, SHAPE)
    if painting is not None:
        return painting
    if name in ("everything", "nothing"):
        return np.full(SHAPE, name == "nothing", np.uint8)
    return _drawn_mask(name, revision, share)


def _drawn_mask(name: str, revision: int, share: int) -> Mask:
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
    mask: Mask = masks[0, 0].byte().numpy()
    return mask


def _choose(name: str) -> None:
    """Replaces what is painted; the same random kind again gives another mask."""
    st.session_state[MASK] = name
    st.session_state[REVISION] += 1
