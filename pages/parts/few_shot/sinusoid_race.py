"""The race on a curve: the errors of every initialisation, on it or as means over many like it."""

import streamlit as st

from core.figures.sinusoid import Fit, Task, fit_alt, half_name
from core.figures.sinusoid_race import (
    LEFT,
    RIGHT,
    ErrorLane,
    blind_place,
    error_curves,
    half_bars,
    lane_of,
)
from core.figures.words import counted
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.few_shot.sinusoid_averages import about_average, basis, blind_place_of, mean_lanes
from pages.parts.few_shot.sinusoid_controls import COUNT, HALF, RATE, SCALES, choose_race
from pages.parts.few_shot.sinusoid_networks import OwnRun
from pages.parts.few_shot.sinusoid_sentences import race_sentence

CHART_HEIGHT = 320  # px
SENTENCE_KEY = "sine-race-sentence"


def show_curve_race(task: Task, fits: list[Fit], step: int, own: OwnRun | None) -> None:
    """Errors against inner step, and by half after `step`, of this curve or of many."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("The race: one curve, the same points", anchor=False, width="stretch")
        is_many = choose_race()
    state = st.session_state
    half, count, scale = state[HALF] or "right", state[COUNT], SCALES[state[RATE]]
    if is_many:
        lanes, place = mean_lanes(half, count, scale, own), blind_place_of(half)
        seen = f"{counted(count, 'point')}" if place in (LEFT, RIGHT) else ""
        names = [_name(side, place, seen) for side in (LEFT, RIGHT)]
    else:
        lanes, place = [lane_of(task, fit) for fit in fits], blind_place(task)
        names = [half_name(task, side) for side in (LEFT, RIGHT)]
    sentence = race_sentence(lanes, place, basis(half, count) if is_many else "")
    st.container(key=SENTENCE_KEY).markdown(f":material/visibility: {sentence}")
    alt = _alt(lanes, step) if is_many else "; ".join(fit_alt(task, fit, step) for fit in fits)
    _charts(lanes, names, place, step, alt)
    st.caption(about_average(half, count, scale, step, own))


def _name(side: int, blind: int, seen: str) -> str:
    """Left half, no points."""
    name = f"{('left', 'right')[side]} half"
    if not seen:
        return name
    return f"{name}, {'no points' if side == blind else seen}"


def _alt(lanes: list[ErrorLane], step: int) -> str:
    return "; ".join(
        f"{lane.title} after {counted(step)}: mean squared error {lane.label(LEFT, step)} on the "
        f"left half and {lane.label(RIGHT, step)} on the right half"
        for lane in lanes
    )


def _charts(lanes: list[ErrorLane], names: list[str], place: int, step: int, alt: str) -> None:
    over_steps, by_half = st.columns(2, gap="large")
    errors = ", ".join(f"{lane.title} {lane.label(place, step)}" for lane in lanes)
    with over_steps:
        live_figure(
            error_curves(lanes, place, step), key="sine-errors", height=CHART_HEIGHT,
            alt=f"Mean squared error against inner step; after {counted(step)}: {errors}",
        )  # fmt: skip
    with by_half:
        live_figure(
            half_bars(lanes, names, place, step), key="sine-halves", height=CHART_HEIGHT, alt=alt
        )
