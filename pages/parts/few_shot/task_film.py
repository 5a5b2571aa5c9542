"""A task being learnt: the film of it, scrubbed or played, and the race over the same task."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.figures.few_shot import (
    TaskFrames,
    deepest_fall,
    learning_curves,
    task_panel,
    task_panel_alt,
)
from core.figures.panel_layout import CAPTION, PanelLayout, panel_layout
from core.figures.words import counted
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.few_shot.race import FAR, MEAN, STORY, TOLD, race
from pages.parts.few_shot.task_choice import ABOUT, N_QUERY, NUMBERS, STEP, TaskChoice
from pages.parts.few_shot.task_learning import NAME, learn, measured, shipped

PLAYING = "few-shot-playing"  # in session state: a `_Playing`, None while it rests
PLAY_S = 0.8  # between two steps, while the film is played

UNIT = 1.65  # px of a panel's unit: film and controls then fit a laptop's screen
LEAST_UNIT = 1.5  # px of it, below which the answers would overlap
PAGE_WIDTH = 1110  # px that a page has there
WIDE = 740  # px from which a panel has the whole width
CURVES_HEIGHT = 280  # px at least

NO_AVERAGE = (
    f"Its card has no average over tasks like this one: choose *{MEAN}* below for those of the "
    "race's starting points."
)
BAR = "few-shot-step"
PAPERS = ", ".join(st.get_option(f"theme.{kind}.backgroundColor") for kind in ("light", "dark"))
BELOW_BAR = "11.5rem"  # from the top of the window
# The bar stays in sight over film and race, below the navigation, and texts that change have room
# for two lines; on a phone its figures take one. No theme option does that.
STICKY = f"""<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-{BAR}) {{
  position: sticky; top: 3.5rem; z-index: 9; padding: 0.5rem 0; background: light-dark({PAPERS});
}}
.st-key-{TOLD}, .st-key-{STORY} {{ min-height: 3.5rem; }}
.st-key-{FAR} {{ min-height: 2.75rem; }}
/* What a jump or the keyboard brings into sight comes to lie below the bar, not beneath it. */
[data-testid="stMain"] :is(h2, h3, button, input, a, [tabindex], [role="radio"]) {{
  scroll-margin-top: {BELOW_BAR};
}}
.st-key-{BAR} * {{ scroll-margin-top: 0 !important; }}
@media (max-width: 640px) {{
  .st-key-{BAR} {{ row-gap: 0; }}
  .st-key-{BAR} [data-testid="stMetric"] > div {{
    display: flex; align-items: baseline; gap: 0.4rem;
  }}
  .st-key-{BAR} [data-testid="stMetricValue"] {{ font-size: 1.125rem; }}
}}
</style>"""


SIDEWAYS, WORDS = "few-shot-sideways", "few-shot-swipe"
# Where there is more to the right, the edge fades, and a small screen says it in words.
MORE_ASIDE = f"""<style>
@keyframes few-shot-fade {{ from, 80% {{ mask-size: 100% 100%; }} }}
.st-key-{SIDEWAYS} [data-testid="stGrid"] {{
  mask: linear-gradient(to right, black calc(100% - 4rem), transparent) no-repeat;
  mask-size: calc(100% + 4rem) 100%;
  animation: few-shot-fade linear; animation-timeline: scroll(self inline);
}}
@media (min-width: 641px) {{ .st-key-{WORDS} {{ display: none; }} }}
</style>"""


class _Playing(NamedTuple):
    """A task that is being played, and the step that the playing is at.

    The slider's own value will not do: the browser may send an older one after the next step.
    """

    choice: TaskChoice
    step: int


def see_task(choice: TaskChoice) -> None:
    """The film and the race of a task. One step is looked at in both."""
    playing = _playing()
    if playing is not None and playing.choice != choice:
        st.session_state[PLAYING] = None
        st.rerun()  # the page anew, which alone ends a timer
    st.fragment(run_every=PLAY_S if playing else None)(_watch)(choice, playing is not None)


def _watch(choice: TaskChoice, timed: bool) -> None:
    """A fragment: a step to and fro draws nothing else anew. `timed` by a timer while it plays."""
    film = learn(choice)
    playing = _playing()
    if timed and playing is not None:
        _advance(playing)
    if timed != (_playing() is not None):
        st.rerun()
    step = _step_bar(choice, film)
    _film(choice, film, step)
    race(choice, step)


def _playing() -> _Playing | None:
    playing: _Playing | None = st.session_state.get(PLAYING)
    return playing


def _advance(playing: _Playing) -> None:
    step = min(playing.step + 1, playing.choice.steps)
    st.session_state[STEP] = step
    is_over = step == playing.choice.steps
    st.session_state[PLAYING] = None if is_over else _Playing(playing.choice, step)


def _step_bar(choice: TaskChoice, film: TaskFrames) -> int:
    """The slider over the steps, and what the step reaches."""
    st.html(STICKY)
    label, default, low, _ = NUMBERS[STEP]
    st.session_state[STEP] = min(st.session_state.get(STEP, default), choice.steps)
    with st.container(key=BAR, horizontal=True, vertical_alignment="center"):
        if choice.steps:
            _play_button(choice)
            st.slider(
                label, low, choice.steps, min(default, choice.steps), key=STEP,
                bind="query-params", help="0 is before the first gradient step. Click the slider "
                "once, then the arrow keys move it.",
            )  # fmt: skip
        step: int = st.session_state[STEP]
        st.metric("Queries right", f"{film.accuracy[step]:.0%}", width="content")
        st.metric("Support loss", f"{film.support_loss[step]:.3f}", width="content")
    return step


def _play_button(choice: TaskChoice) -> None:
    is_playing = _playing() is not None
    label, icon = ("Hold", "pause") if is_playing else ("Play", "play_arrow")
    if st.button(label, icon=f":material/{icon}:", key="few-shot-play", width=110):
        at = st.session_state[STEP]
        before_next = at if at < choice.steps else -1  # from its end a film begins again
        st.session_state[PLAYING] = None if is_playing else _Playing(choice, before_next)
        st.rerun()


def _film(choice: TaskChoice, film: TaskFrames, step: int) -> None:
    layout = panel_layout(choice.n_way, choice.k_shot, N_QUERY)
    width = UNIT * layout.width
    height = round(min(UNIT, PAGE_WIDTH / layout.width) * (layout.height + CAPTION))
    if width > WIDE:  # on a phone it is moved sideways
        with st.container(key=SIDEWAYS, gap="xxsmall"):
            st.html(MORE_ASIDE)
            st.container(key=WORDS).caption(
                f":material/swipe: {choice.n_way} classes: swipe sideways to see them all."
            )
            with st.grid(1, min_column_width=round(LEAST_UNIT * layout.width), wrap=False):
                _panel(film, step, height)
        _curves(film, step, CURVES_HEIGHT)
    else:
        pictures, curves = st.columns([width, PAGE_WIDTH - width], gap="medium")
        with pictures:
            _panel(film, step, height)
        with curves:
            _curves(film, step, max(CURVES_HEIGHT, height))
    st.caption(" ".join(_remarks(choice, film, layout)))


def _panel(film: TaskFrames, step: int, height: int) -> None:
    probability = film.probability[step]
    live_figure(
        task_panel(film.support, film.query, probability),
        key="few-shot-film",
        height=height,
        alt=f"After {counted(step)}: {task_panel_alt(probability)}",
    )


def _curves(film: TaskFrames, step: int, height: int) -> None:
    live_figure(
        learning_curves(film.support_loss, film.accuracy, step, "Query accuracy"),
        key="few-shot-curves",
        height=height,
        alt=f"Query accuracy and support loss over the inner steps; {film.accuracy[step]:.0%} of "
        f"the queries are right after {counted(step)}",
    )


def _remarks(choice: TaskChoice, film: TaskFrames, layout: PanelLayout) -> list[str]:
    """What the pictures are, what is left out, and how good the model is on many such tasks."""
    sentences = [ABOUT[choice.origin]]
    if layout.n_query < N_QUERY:
        sentences.append(
            f"{layout.n_query} of the {N_QUERY} queries of each class are shown, all are counted."
        )
    rates = [rate.item() for rate in shipped().learner.rates(0, choice.n_way).values()]
    sentences.append(
        f"The inner rates that it has learned are {min(rates):.2g} to {max(rates):.2g}, one a layer"
        + (f", here times {choice.scale:g}." if choice.scale != 1 else ".")
    )
    overflows = np.flatnonzero(~np.isfinite(film.support_loss))
    if len(overflows):
        sentences.append(
            f"**After {counted(int(overflows[0]))} its numbers are too large for the machine: "
            "choose a smaller inner rate.**"
        )
    fall = deepest_fall(film.accuracy, shipped().config.inner_steps)
    if fall:
        sentences.append(fall)
    many = measured(NAME, choice, digits=2)
    sentences.append(f"Over {many} ({choice.statistics})." if many else NO_AVERAGE)
    return sentences
