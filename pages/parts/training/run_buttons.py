"""The buttons that pause, stop, resume or delete a run."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.errors import GlimpseError
from core.registry import load_method
from core.training import launcher
from core.training.ending import end_worker
from core.training.resumable import why_never
from core.training.run_folder import RunFolder
from core.training.status import ACTIVE, RESUMABLE, State
from pages.parts.plain_text import plain

END = "End it"
HELPS = {  # by the button's label
    "Pause": "Finish this step, save a checkpoint and wait. After Resume, the run ends as if it "
    "had never been paused.",
    "Stop": "Finish this step, save a checkpoint and end the run. It is listed as *stopped*, and "
    "can still be resumed.",
    "Resume": "Go on from the last checkpoint.",
    END: "Its process gives no sign of life. End it at once, without a checkpoint: the run can be "
    "resumed from the last one.",
}


def run_buttons(run: RunFolder, state: State, *, can_go_on: bool, is_silent: bool) -> None:
    """Draws Pause and Stop for a run that trains, Resume for one at rest that can go on.

    A worker that is silent can be ended.
    """
    if is_silent:
        _button(run, END, "cancel", lambda: end_worker(run))
    elif state in ACTIVE:
        _button(run, "Pause", "pause", lambda: run.request("pause"))
        _button(run, "Stop", "stop", lambda: run.request("stop"))
    if state in RESUMABLE and can_go_on:
        _button(run, "Resume", "play_arrow", lambda: resume(run))


def resume(run: RunFolder) -> None:
    """Resumes a run. Raises GlimpseError where it cannot go on: its method knows, once it is there.

    That may take seconds, where the server has just been started.
    """
    load_method(run.method)
    if why := why_never(run):
        raise GlimpseError(why)
    launcher.resume(run)


def _button(run: RunFolder, label: str, icon: str, act: Callable[[], None]) -> None:
    action_button(label, icon, act, key=f"{run.key}-{label}")


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
        st.error(plain(refusal), icon=":material/error:")
    else:
        st.rerun()
