"""A button that asks something of a run."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.errors import GlimpseError


def ask_button(
    label: str,
    icon: str,
    act: Callable[[], None],
    *,
    key: str,
    type: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Acts when pressed and draws the page anew; a refusal is said under the button instead."""
    if not st.button(label, icon=f":material/{icon}:", key=key, type=type):
        return
    try:
        act()
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
    else:
        st.rerun()
