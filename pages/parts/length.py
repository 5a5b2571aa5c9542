"""How long to train: as many steps as are set, or as many as fit into some minutes."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar, cast

import streamlit as st
from pydantic import BaseModel, Field

from core.config import RunConfig
from core.errors import GlimpseError
from core.training import launcher
from core.training.pacing import MOST_MINUTES, Pace
from pages.parts.form import one_of
from pages.parts.form_field import setting

ConfigT = TypeVar("ConfigT", bound=RunConfig)

AS_SET, OTHER = "Steps", "Other"
MINUTES = {"1 min": 1.0, "3 min": 3.0, "10 min": 10.0}
MINUTES_WIDTH = 140  # px
HELP = (
    "*Steps* trains as many as are set above. Minutes become steps before the run starts, by "
    "timing a few on this machine, so that the run can be repeated. It is an estimate: the pages, "
    "and whatever trains meanwhile, want the same cores."
)
POLL_S = 0.3  # while a few steps are timed
GRACE_S = 0.1  # an answer within it needs no second look
FREE = set(RunConfig.model_fields) - {"device"}  # what a step, a picture, ... takes is the same
_TIMER = ThreadPoolExecutor(1, "timer")


class _Other(BaseModel):
    minutes: float = Field(
        5.0, ge=0.1, le=MOST_MINUTES, description="About how long the run trains."
    )


def is_timed(method: str) -> bool:
    """Whether minutes are chosen for a method, so that its steps follow from them."""
    key = _key(method)
    chosen = st.session_state.get(key) or st.query_params.get(key)
    return chosen in MINUTES or chosen == OTHER


def _key(method: str) -> str:
    return f"{method}-length"


def chosen_minutes(method: str) -> float | None:
    """Draws the control; returns the minutes chosen, None for as many steps as are set."""
    chosen = one_of("Length", [AS_SET, *MINUTES, OTHER], _key(method), AS_SET, help=HELP)
    if chosen == OTHER:
        with st.container(width=MINUTES_WIDTH):
            return float(setting("minutes", f"{method}-minutes", _Other.model_fields["minutes"]))
    return MINUTES.get(chosen or AS_SET)


def with_steps_for(minutes: float, method: str, config: ConfigT) -> ConfigT | None:
    """The config with as many steps as fit into so many minutes; says how many.

    None while a few steps are still being timed, or where they cannot be.
    """
    timing = _timing(method, config)
    wait([timing], GRACE_S)
    if not timing.done():
        st.fragment(run_every=POLL_S)(_await)(timing)
        return None
    try:
        steps = timing.result().steps_in(config, 60 * minutes)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        del st.session_state[_timing_key(method)]  # another look tries again
        return None
    st.caption(f"**{steps:,} steps** take about that long here: an estimate, from timing a few.")
    return config.model_copy(update={"steps": steps})


def _timing_key(method: str) -> str:
    return f"{method}-timing"


def _timing(method: str, config: RunConfig) -> "Future[Pace]":
    """The timing of this config, begun where there is none. The one before is called off."""
    key, costs = _timing_key(method), config.model_dump_json(exclude=FREE)
    timed, timing = st.session_state.get(key, (None, None))
    if timed == costs:
        return cast("Future[Pace]", timing)
    if timing is not None:
        timing.cancel()  # unless it has begun
    timing = _TIMER.submit(launcher.pace, method, config)
    st.session_state[key] = costs, timing
    return timing


def _await(timing: "Future[Pace]") -> None:
    if timing.done():
        st.rerun()
    st.caption("Timing a few steps with these settings …")
