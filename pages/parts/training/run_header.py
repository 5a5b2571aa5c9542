"""The top of the live view: a run's state, its buttons and its progress."""

import streamlit as st

from core.training.ending import silent_for
from core.training.resumable import why_never
from core.training.run_folder import RunFolder
from core.training.status import ACTIVE, RESUMABLE, Status
from pages.parts.plain_text import plain
from pages.parts.training.run_buttons import run_buttons
from pages.parts.words import badge, progress_line, share_done


def run_header(run: RunFolder, status: Status, name: str = "") -> None:
    """Draws a run's state, buttons and progress; its `name` too, where two runs are compared."""
    silent_s = silent_for(run) if status.state in ACTIVE else None
    never = why_never(run) if status.state in RESUMABLE else ""
    head = st.container(horizontal=True, vertical_alignment="center")
    with head:
        if name:
            st.markdown(f"**{plain(name)}**", width="content")
        badge(status.state)
    with st.container(horizontal=True) if name else head:  # two runs have half the width each
        run_buttons(run, status.state, can_go_on=not never, is_silent=silent_s is not None)
    st.progress(share_done(status), text=progress_line(status, silent_s))
    command = run.requested() if status.state in ACTIVE else None
    note = f"It will {command} after the current step." if command else status.message
    for each in filter(None, (note, never)):
        st.caption(plain(each))
