"""A button that pauses, stops, resumes or deletes a run."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.errors import GlimpseError

HELPS = {  # by the button's label
    "Pause": "Finish this step, save a checkpoint and wait. After Resume, the run ends as if it "
    "had never been paused.",
    "Stop": "Finish this step, save a checkpoint and end the run. It is listed as *stopped*, and "
    "can still be resumed.",
    "Resume": "Go on from the last checkpoint.",
}


def action_button(
    label: str,
    icon: str,
    act: Callable[[], None],
    *,
    key: str,
    type: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Acts when pressed and reruns the page; where that is refused, the reason stands below it."""
    if not st.button(label, icon=f":material/{icon}:", key=key, type=type, help=HELPS.get(label)):
        return
    try:
        act()
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
    else:
        st.rerun()
