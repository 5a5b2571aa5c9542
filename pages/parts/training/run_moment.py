"""The moments of a run that have a snapshot: the newest, or the one scrubbed or played to."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.training.run_folder import RunFolder
from core.training.series import Series
from pages.parts.plain_text import plain
from pages.parts.training.followed_run import FollowedRun


@dataclass(frozen=True)
class Moment:
    """A snapshot of a run, from which a page draws its picture.

    Where two runs are compared, each has its `name`, and `rival` is the other run at the same step,
    or at its last snapshot before it.
    """

    run: RunFolder
    step: int
    arrays: dict[str, np.ndarray]
    series: Series
    name: str = ""
    rival: "Moment | None" = None


def is_playing(run: RunFolder) -> bool:
    """Whether a person plays the history of a run."""
    return bool(st.session_state.get(f"{run.key}-playing"))


def moment_in_view(followed: FollowedRun, series: Series, scrubber: bool) -> Moment | None:
    """The moment to draw: the newest, until a person scrubs back or plays the history.

    None where the run has no snapshot yet. Draws the scrubber where it is wanted.
    """
    run = followed.run
    steps = run.snapshot_steps()
    if not steps:
        return None
    step = _step_in_view(run, steps) if scrubber else steps[-1]
    return Moment(run, step, run.snapshot(step), series, followed.name)


def moment_of_rival(rival: FollowedRun, series: Series, step: int) -> Moment | None:
    """The rival's last snapshot up to a step; None, and a warning, where it is damaged."""
    steps = [at for at in rival.run.snapshot_steps() if at <= step]
    if not steps:
        return None
    try:
        arrays = rival.run.snapshot(steps[-1])
    except GlimpseError as refusal:
        st.warning(plain(f"{rival.name}: {refusal}"), icon=":material/broken_image:")
        return None
    return Moment(rival.run, steps[-1], arrays, series, rival.name)


def _step_in_view(run: RunFolder, steps: list[int]) -> int:
    key = f"{run.key}-step"
    _advance(run, key, steps)
    if len(steps) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _play_button(run, key, steps)
            st.select_slider("Moment (step)", steps, key=key, on_change=_scrub, args=(run,))
    return int(st.session_state[key])


def _advance(run: RunFolder, key: str, steps: list[int]) -> None:
    """Moves to the next moment while playing, to the newest while following."""
    at = st.session_state.get(key)
    if is_playing(run) and at in steps:
        place = min(steps.index(at) + 1, len(steps) - 1)
        st.session_state[key] = steps[place]
        st.session_state[f"{run.key}-playing"] = place < len(steps) - 1
        if not is_playing(run):
            st.session_state[f"{run.key}-scrubbed"] = False
            st.rerun()
    elif at not in steps or not st.session_state.get(f"{run.key}-scrubbed"):
        st.session_state[key] = steps[-1]


def _play_button(run: RunFolder, key: str, steps: list[int]) -> None:
    playing = is_playing(run)
    label, icon = ("Hold", "pause") if playing else ("Play", "play_arrow")
    if not st.button(label, icon=f":material/{icon}:", key=f"{run.key}-play"):
        return
    if not playing and st.session_state[key] == steps[-1]:
        st.session_state[key] = steps[0]
    st.session_state[f"{run.key}-playing"] = not playing
    st.session_state[f"{run.key}-scrubbed"] = True
    st.rerun()


def _scrub(run: RunFolder) -> None:
    """Scrubbing ends playing. Scrubbing to the newest moment follows the run again."""
    st.session_state[f"{run.key}-playing"] = False
    st.session_state[f"{run.key}-scrubbed"] = (
        st.session_state[f"{run.key}-step"] != run.snapshot_steps()[-1]
    )
