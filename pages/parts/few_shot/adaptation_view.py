"""A task being learnt: its adaptation, scrubbed or played, and the race over the same task."""

import numpy as np
import streamlit as st

from core.export.film import loss_text
from core.figures.few_shot import TaskFrames, learning_curves, task_panel, task_panel_alt
from core.figures.panel_layout import CAPTION, panel_layout
from core.figures.words import counted
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.few_shot.adaptation import adapt
from pages.parts.few_shot.adaptation_sentences import (
    about_decline,
    about_network,
    about_pictures,
    about_rates,
)
from pages.parts.few_shot.networks import Networks
from pages.parts.few_shot.none_of_these import about_queries, notes_on_queries, task_distances
from pages.parts.few_shot.race import OVERVIEW_KEY, PROGRESS_KEY, STEP_SENTENCE_KEY, show_race
from pages.parts.few_shot.race_clock import show_clock
from pages.parts.few_shot.step_bar import Player, sticky
from pages.parts.few_shot.task_choice import N_QUERY, STEP, TaskChoice, step_value

UNIT = 1.65  # px of a panel's unit: panel and controls then fit a laptop's screen
LEAST_UNIT = 1.5  # px, below which the answers would overlap
PAGE_WIDTH = 1110  # px of a page on a laptop
WIDE_PANEL = 740  # px, above which a panel takes the whole width
CURVES_HEIGHT = 280  # px at least

BAR_KEY = "few-shot-step"
# The bar stays in sight over pictures and race. Texts that change have room for two lines, so
# nothing jumps; on a phone the figures of the bar take one line. No theme option does that.
STICKY = f"""<style>{sticky(BAR_KEY, "11.5rem")}
.st-key-{STEP_SENTENCE_KEY}, .st-key-{OVERVIEW_KEY} {{ min-height: 3.5rem; }}
.st-key-{PROGRESS_KEY} {{ min-height: 2.75rem; }}
@media (max-width: 640px) {{
  .st-key-{BAR_KEY} {{ row-gap: 0; }}
  .st-key-{BAR_KEY} [data-testid="stMetric"] > div {{
    display: flex; align-items: baseline; gap: 0.4rem;
  }}
  .st-key-{BAR_KEY} [data-testid="stMetricValue"] {{ font-size: 1.125rem; }}
}}
</style>"""

WHAT_TO_LOOK_AT = (
    ":material/visibility: **Press Play**: each grey query takes the colour of the class that the "
    "network gives it. A dashed frame marks a wrong answer."
)
MORE_OF_NETWORK = "How far the queries are from the classes, and the inner rates"
SIDEWAYS_KEY, SWIPE_KEY = "few-shot-sideways", "few-shot-swipe"
# Where there is more to the right, the edge fades, and a small screen also says so.
FADING_EDGE = f"""<style>
@keyframes few-shot-fade {{ from, 80% {{ mask-size: 100% 100%; }} }}
.st-key-{SIDEWAYS_KEY} [data-testid="stGrid"] {{
  mask: linear-gradient(to right, black calc(100% - 4rem), transparent) no-repeat;
  mask-size: calc(100% + 4rem) 100%;
  animation: few-shot-fade linear; animation-timeline: scroll(self inline);
}}
@media (min-width: 641px) {{ .st-key-{SWIPE_KEY} {{ display: none; }} }}
</style>"""


def show_task(choice: TaskChoice, networks: Networks) -> None:
    """The adaptation of a network and the race on one task, both at one inner step."""
    player = Player("few-shot", STEP, choice.steps, film=choice)
    player.show(lambda: _adaptation_and_race(choice, networks, player))
    show_clock()
    network = networks.answering
    with st.expander(MORE_OF_NETWORK, icon=":material/straighten:"):
        st.caption(about_queries(task_distances(choice, network)))
        st.caption(about_rates(choice, network))


def _adaptation_and_race(choice: TaskChoice, networks: Networks, player: Player) -> None:
    """A fragment; a timer runs it while the inner steps are played."""
    frames = adapt(choice, networks.answering)
    step = _step_bar(choice, frames, player)
    _adaptation(choice, networks, frames, step)
    show_race(choice, step, networks)


def _step_bar(choice: TaskChoice, frames: TaskFrames, player: Player) -> int:
    """The slider over the steps with accuracy and loss; returns the chosen step."""
    st.html(STICKY)
    value = step_value(choice.steps)
    st.session_state[STEP] = min(st.session_state[STEP], choice.steps)
    with st.container(key=BAR_KEY, horizontal=True, vertical_alignment="center"):
        if choice.steps:
            player.button()
            st.slider(
                value.label, 0, choice.steps, value.default, key=STEP, bind="query-params",
                help="0 is before the first gradient step. Click the slider once, then the arrow "
                "keys move it.",
            )  # fmt: skip
        step: int = st.session_state[STEP]
        st.metric("Queries right", f"{frames.accuracy[step]:.0%}", width="content")
        st.metric("Support loss", loss_text(frames.support_loss[step]), width="content")
    return step


def _adaptation(choice: TaskChoice, networks: Networks, frames: TaskFrames, step: int) -> None:
    """The task's pictures with the answers after `step`, the curves, and what they are."""
    network = networks.answering
    distances = task_distances(choice, network)
    layout = panel_layout(choice.n_way, choice.k_shot, N_QUERY)
    width = UNIT * layout.width
    height = round(min(UNIT, PAGE_WIDTH / layout.width) * (layout.height + CAPTION))
    if width > WIDE_PANEL:  # on a phone it scrolls sideways
        with st.container(key=SIDEWAYS_KEY, gap="xxsmall"):
            st.html(FADING_EDGE)
            st.container(key=SWIPE_KEY).caption(
                f":material/swipe: {choice.n_way} classes: swipe sideways to see them all."
            )
            with st.grid(1, min_column_width=round(LEAST_UNIT * layout.width), wrap=False):
                _panel(distances, frames, step, height)
        _curves(frames, step, CURVES_HEIGHT)
    else:
        pictures, curves = st.columns([width, PAGE_WIDTH - width], gap="medium")
        with pictures:
            _panel(distances, frames, step, height)
        with curves:
            _curves(frames, step, max(CURVES_HEIGHT, height))
    st.markdown(WHAT_TO_LOOK_AT)
    st.caption(f"{about_pictures(choice, layout, networks.own)} {about_network(choice, network)}")
    decline = about_decline(frames, network)
    if decline:
        st.caption(f":material/trending_down: {decline}")


def _panel(distances: np.ndarray, frames: TaskFrames, step: int, height: int) -> None:
    probability = frames.probability[step]
    live_figure(
        task_panel(frames.support, frames.query, probability, notes_on_queries(distances)),
        key="few-shot-task",
        height=height,
        alt=f"After {counted(step)}: {task_panel_alt(probability)}",
    )


def _curves(frames: TaskFrames, step: int, height: int) -> None:
    live_figure(
        learning_curves(frames.support_loss, frames.accuracy, step, "Query accuracy"),
        key="few-shot-curves",
        height=height,
        alt=f"Query accuracy and support loss over the inner steps; {frames.accuracy[step]:.0%} of "
        f"the queries are right after {counted(step)}",
    )
