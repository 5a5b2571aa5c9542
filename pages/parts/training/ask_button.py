"""A button that asks something of a run."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.errors import GlimpseError

# What a run is asked, by the button's label. Pause and Stop differ in what the list says of it.
HELPS = {
    "Pause": "Saves where it is after this step and rests. Resume goes on from there, and the run "
    "becomes the one that was never interrupted.",
    "Stop": "Saves where it is after this step too, and counts as ended: *stopped*, with what it "
    "has learned. It can still be resumed.",
    "Resume": "Goes on from the last checkpoint.",
}


def ask_button(
    label: str,
    icon: str,
    act: Callable[[], None],
    *,
    key: str,
    type: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Acts when pressed and draws the page anew; a refusal is said under the button instead."""
    if not st.button(label, icon=f":material/{icon}:", key=key, type=type, help=HELPS.get(label)):
        return
    try:
        act()
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
    else:
        st.rerun()
