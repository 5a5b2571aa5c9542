"""The controls that choose a few-shot task. Each is in the address: a link opens the same task."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from pages.parts.few_shot.next_task import show_next
from pages.parts.few_shot.task_choice import (
    KIND,
    ORIGINS,
    RACE_OF,
    SCALE,
    SCALES,
    SHOTS,
    SOURCE,
    SOURCE_VALUE,
    STATISTICS,
    STEP,
    STEPS,
    TASK,
    WAYS,
    TaskChoice,
    about_size,
    step_value,
    ways_of,
)
from pages.parts.url_state import Choice, Number, UrlValue, keep_warning, restore

if TYPE_CHECKING:
    from core.methods.few_shot.task_sources import Origin

# On a phone the sources stand three to a row, all in sight: a row alone would hide half of them.
SOURCES_ON_A_PHONE = f"""<style>
@media (max-width: 640px) {{
  div.st-key-{SOURCE} {{ flex: 1 0 100%; }}
  .st-key-{SOURCE} [role="radiogroup"] {{
    display: grid; grid-template-columns: repeat(3, 1fr); gap: 0.375rem;
  }}
  .st-key-{SOURCE} button {{ margin: 0; padding-inline: 0; border-radius: 0.5rem; }}
  .st-key-{SOURCE} [aria-checked="false"] {{
    border-color: color-mix(in srgb, currentcolor 18%, transparent) !important;
  }}
}}
</style>"""
SETTINGS = "few-shot-settings"
PARAMETERS = {value.key for value in (TASK, WAYS, SHOTS, STEPS, SCALE, KIND, RACE_OF)} | {STEP}


def choose_task(elsewhere: Mapping[str, str]) -> TaskChoice | str:
    """Draws the controls; returns the task, or the name of the chosen source shown `elsewhere`.

    Those sources have controls of their own, whose names in the address begin with the prefix that
    `elsewhere` maps their name to. All but the source stand in a popover, so that the picture comes
    first.
    """
    chosen = SOURCE_VALUE.current()
    _remove_foreign_settings(chosen, elsewhere)
    restore(SOURCE_VALUE, *([] if chosen in elsewhere else _values()))
    st.html(SOURCES_ON_A_PHONE)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = _one_of(SOURCE_VALUE)
        if source in elsewhere:
            return source
        st.button("Another task", icon=":material/casino:", on_click=show_next)
        origin = ORIGINS[source]
        ways, shots = ways_of(origin, int(WAYS.current())), int(SHOTS.current())
        with st.popover(f"{ways}-way {shots}-shot", icon=":material/tune:", key=SETTINGS):
            return _settings(origin)


def _values() -> list[UrlValue]:
    """The settings of a task of pictures, and what is shown of it."""
    step = step_value(int(STEPS.current()))
    return [TASK, WAYS, SHOTS, STEPS, step, SCALE, KIND, RACE_OF]


def _settings(origin: "Origin") -> TaskChoice:
    """Which task it is, its size, and how it is learnt."""
    number = st.number_input(
        TASK.label, int(TASK.low), int(TASK.high), int(TASK.default), key=TASK.key,
        bind="query-params", help="The same number draws the same task again.",
    )  # fmt: skip
    asked = _slider(WAYS, "How many classes the task has: 20-way means twenty new characters.")
    ways = ways_of(origin, asked)
    if ways < asked:
        st.caption(about_size(origin, ways))
    shots = _slider(SHOTS, "How many examples of each class the network may learn from.")
    steps = _slider(STEPS, "How many steps of gradient descent it takes on the examples.")
    scale = st.select_slider(
        "Inner rate multiplier", SCALES, SCALE.default, key=SCALE.key, bind="query-params",
        help="Multiplies the learning rate of the inner steps. 1 is the rate after training.",
    )  # fmt: skip
    kind = _one_of(
        KIND, "Batch norm of queries",
        "Together (transductive): all queries of the task share their batch-norm statistics, "
        "as in most published figures, so each answer depends on the other queries. Alone "
        "(inductive): each query uses the statistics of the examples.",
    )  # fmt: skip
    return TaskChoice(origin, ways, shots, steps, SCALES[scale], STATISTICS[kind], number)


def _one_of(value: Choice, label: str = "", help: str | None = None) -> str:
    chosen = st.segmented_control(
        label or value.label, value.options, default=value.default, required=True, key=value.key,
        help=help, bind="query-params",
    )  # fmt: skip
    return chosen or value.options[0]


def _slider(value: Number, help: str) -> int:
    low, high, default = int(value.low), int(value.high), int(value.default)
    return st.slider(value.label, low, high, default, key=value.key, help=help, bind="query-params")


def _remove_foreign_settings(source: str, elsewhere: Mapping[str, str]) -> None:
    """Takes out of the address what another source of tasks would read.

    The page says so if it was opened with them; not where the source has just been changed here,
    which leaves behind what no widget is bound to.
    """
    prefixes = tuple(prefix for name, prefix in elsewhere.items() if name != source)
    foreign = [
        name
        for name in st.query_params
        if (name.startswith(prefixes) or (source in elsewhere and name in PARAMETERS))
        and name not in st.session_state  # asked last: not every name can be a key
    ]
    for name in foreign:
        del st.query_params[name]
    if foreign and SOURCE not in st.session_state:
        keep_warning(
            SOURCE,
            f"Settings that tasks of {source} do not have were removed from the address: "
            f"{', '.join(foreign)}.",
        )
