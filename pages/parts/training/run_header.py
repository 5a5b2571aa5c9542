"""The top of the live view: a run's state, its buttons and its progress."""

from collections.abc import Callable

import streamlit as st

from core.training import launcher
from core.training.run_folder import ACTIVE, RESUMABLE, RunFolder, State, Status
from pages.parts.training.action_button import action_button
from pages.parts.words import badge, progress_line, share_done


def run_header(run: RunFolder, status: Status, name: str = "") -> None:
    """Draws a run's state, buttons and progress; its `name` too, where two runs are compared."""
    head = st.container(horizontal=True, vertical_alignment="center")
    with head:
        if name:
            st.markdown(f"**{name}**", width="content")
        badge(status.state)
    with st.container(horizontal=True) if name else head:  # two runs have half the width each
        _buttons(run, status.state)
    st.progress(share_done(status), text=progress_line(status))
    command = run.requested() if status.state in ACTIVE else None
    note = f"It will {command} after the current step." if command else status.message
    if note:
        st.caption(note)


def _buttons(run: RunFolder, state: State) -> None:
    if state in ACTIVE:
        _button(run, "Pause", "pause", lambda: run.request("pause"))
        _button(run, "Stop", "stop", lambda: run.request("stop"))
    if state in RESUMABLE:
        _button(run, "Resume", "play_arrow", lambda: launcher.resume(run))


def _button(run: RunFolder, label: str, icon: str, act: Callable[[], None]) -> None:
    action_button(label, icon, act, key=f"{run.id}-{label}")
