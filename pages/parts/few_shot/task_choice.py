"""Which few-shot task a person looks at: its source, its size, and how it is learnt.

Every setting is in the address, so that a link opens the same task again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.data.catalog import SOURCES
from pages.parts.datasets import offer_download
from pages.parts.url_state import correct, restore_from_session

if TYPE_CHECKING:
    from core.data.episodes import Episodes
    from core.methods.few_shot.inner_loop import Statistics
    from core.methods.few_shot.task_sources import Origin, TaskSource

N_QUERY = 5  # queries of a class
FIRST_TASK, LAST_TASK = 9, 9999  # the first is a typical one: right but for one query

ORIGINS: dict[str, "Origin"] = {
    "Omniglot": "omniglot", "One alphabet": "alphabet", "Strokes": "strokes", "Digits": "digits",
}  # fmt: skip
ABOUT = {  # what the pictures of a task are
    "omniglot": "Characters of Omniglot that no model here has trained on, from many alphabets.",
    "alphabet": "Characters of one alphabet, which no model here has trained on: they are more "
    "alike, and so harder to tell apart.",
    "strokes": "Made-up characters that no model here has seen.",
    "digits": "MNIST's digits, a domain that no model here was trained on.",
}
SOURCES_NAMED = {origin: name for name, origin in ORIGINS.items()}
NEED_OMNIGLOT = {"Omniglot", "One alphabet"}
STATISTICS: dict[str, "Statistics"] = {"Together": "transductive", "Alone": "inductive"}
SCALES = {"1/8": 1 / 8, "1/4": 1 / 4, "1/2": 1 / 2, "1": 1.0, "2": 2.0, "4": 4.0, "8": 8.0}

# Names in session state and in the address; numbers with their default and bounds.
SOURCE, NUMBER, SCALE, KIND = "tasks_from", "task", "rate", "statistics"
WAYS, SHOTS, STEPS, STEP = "ways", "shots", "inner_steps", "inner_step"
RACE_OF = "race_of"  # of one task or of many
NUMBERS = {
    NUMBER: ("Task", FIRST_TASK, 0, LAST_TASK), WAYS: ("Ways", 5, 2, 20),
    SHOTS: ("Shots", 1, 1, 10), STEPS: ("Inner steps", 5, 0, 20), STEP: ("Inner step", 1, 0, 20),
}  # fmt: skip
OF_PICTURES = {*NUMBERS, SCALE, KIND, RACE_OF}
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


@dataclass(frozen=True)
class TaskChoice:
    """One task of pictures and how it is learnt. `scale` multiplies the inner rates."""

    origin: "Origin"
    n_way: int
    k_shot: int
    steps: int
    scale: float
    statistics: "Statistics"
    number: int

    @property
    def words(self) -> str:
        """Which task this is, for a film of it."""
        rate = f" · inner rates × {self.scale:g}" if self.scale != 1 else ""
        return f"{SOURCES_NAMED[self.origin]} · task {self.number} · {self.statistics}{rate}"

    @property
    def slug(self) -> str:
        """Which task this is, in the name of a file."""
        return f"{self.origin}-{self.n_way}way-{self.k_shot}shot-{self.number}"

    def source(self) -> "TaskSource":
        from core.methods.few_shot.task_sources import TaskSource

        return TaskSource(self.origin)

    def tasks(self, n_tasks: int, *which: int | str) -> "Episodes":
        """Test tasks of this kind, the same for the same `which`."""
        from core.methods.few_shot.task_sources import Shape
        from core.seeding import generator

        shape = Shape(self.n_way, self.k_shot, N_QUERY)
        return self.source().draw("test", n_tasks, shape, generator("page", self.origin, *which))

    def task(self) -> "Episodes":
        """The task itself, alone in its set."""
        return self.tasks(1, self.number)


def choose_task(elsewhere: Mapping[str, str]) -> TaskChoice | str:
    """Draws the controls, and returns the task; or which of the sources that are shown elsewhere,
    with controls of their own, is chosen. These come with what their names in the address begin by.
    """
    has_omniglot = SOURCES["omniglot"].present()
    sources = [name for name in ORIGINS if has_omniglot or name not in NEED_OMNIGLOT]
    sources += elsewhere  # their names
    _warn([*_leave_out_others(sources, elsewhere), *_take_from_address(sources)])
    st.html(SOURCES_ON_A_PHONE)
    with st.container(horizontal=True):
        source = _one_of("Tasks of", sources, SOURCE)
        if source in elsewhere:
            return source
        label, default, low, high = NUMBERS[NUMBER]
        number = st.number_input(
            label, low, high, default, key=NUMBER, width=130, bind="query-params"
        )
        with st.container(width="content", gap="small"):
            st.space("small")  # as high as the labels of the others
            st.button("Another task", icon=":material/casino:", on_click=_another_task)
    choice = _how_it_is_learnt(ORIGINS[source], number)
    if not has_omniglot:
        _offer_omniglot()
    return choice


def _how_it_is_learnt(origin: "Origin", number: int) -> TaskChoice:
    with st.grid(5, min_column_width=160, gap="small"):
        ways = _slider(WAYS, "How many classes the task has: 5-way means five new characters.")
        shots = _slider(SHOTS, "How many examples of each class the network may learn from.")
        steps = _slider(STEPS, "Steps of gradient descent on the examples.")
        scale = st.select_slider(
            "Inner rate, × learned", SCALES, "1", key=SCALE, bind="query-params",
            help="How far an inner step goes, as a multiple of what training found best: each "
            "starting point has learned a rate for every layer and step.",
        )  # fmt: skip
        kind = _one_of(
            "Batch norm of queries", list(STATISTICS), KIND,
            help="Together (transductive): all queries of the task are normalised together, as in "
            "the published figures, so that each answer has seen the other queries. Alone "
            "(inductive): each query by the statistics of the examples.",
        )  # fmt: skip
    most = most_ways(origin)
    if ways > most:
        st.warning(
            f"{ways} ways need {ways} classes, and there are {most} here: the task has {most}.",
            icon=":material/straighten:",
        )
    return TaskChoice(
        origin, min(ways, most), shots, steps, SCALES[scale], STATISTICS[kind], number
    )  # fmt: skip


def most_ways(origin: "Origin") -> int:
    """The most classes that a test task of an origin can have."""
    from core.methods.few_shot.task_sources import TaskSource

    return TaskSource(origin).most_ways("test")


def _offer_omniglot() -> None:
    """Says what is shown in its place, and fetches it right here."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Omniglot, handwritten characters of 50 alphabets, is not on this machine: made-up "
            "strokes stand for them.",
            width="content",
        )
        offer_download(SOURCES["omniglot"])


def _one_of(label: str, options: list[str], key: str, help: str | None = None) -> str:
    chosen = st.segmented_control(
        label, options, default=options[0], required=True, key=key, help=help, bind="query-params"
    )
    return chosen or options[0]


def _slider(key: str, help: str) -> int:
    label, default, low, high = NUMBERS[key]
    return st.slider(label, low, high, default, key=key, help=help, bind="query-params")


def _another_task() -> None:
    st.session_state[NUMBER] = int(np.random.default_rng().integers(LAST_TASK + 1))


def _warn(sentences: list[str]) -> None:
    if sentences:
        st.warning(" ".join(sentences), icon=":material/straighten:")


def _leave_out_others(sources: list[str], elsewhere: Mapping[str, str]) -> list[str]:
    """Takes out of the address what another source of tasks would read.

    A sentence if it was opened so; none if the source has just been changed here, where Streamlit
    itself takes out what belongs to a widget that goes.
    """
    is_opened = SOURCE not in st.session_state
    source = st.query_params.get(SOURCE) if is_opened else st.session_state[SOURCE]
    if source not in sources:
        source = sources[0]
    prefixes = tuple(prefix for name, prefix in elsewhere.items() if name != source)
    others = [
        name
        for name in st.query_params
        if name not in st.session_state
        and (name.startswith(prefixes) or (source in elsewhere and name in OF_PICTURES))
    ]
    for name in others:
        del st.query_params[name]
    if not others or not is_opened:
        return []
    return [
        f"Left out of the address, since tasks of {source} know nothing of it: {', '.join(others)}."
    ]


def _take_from_address(sources: list[str]) -> list[str]:
    """Clamps what the address gives before the widgets read it; a sentence for what was changed."""
    labels = {SOURCE: "Tasks of", SCALE: "Inner rate", KIND: "Batch norm"}
    options = {SOURCE: sources, SCALE: list(SCALES), KIND: list(STATISTICS)}
    sentences = []
    for key in [*NUMBERS, *options]:
        given = st.query_params.get(key)
        if restore_from_session(key) or given is None:
            continue
        if key in NUMBERS:
            label, default, low, high = NUMBERS[key]
            value: int | str = clamped(given, default, low, high)
        else:
            label = labels[key]
            value = given if given in options[key] else _default(key, options[key])
        st.session_state[key] = value
        if str(value) != given:
            correct(key)
        if key == SOURCE and given in NEED_OMNIGLOT and value != given:
            sentences.append("Omniglot is not on this machine, so that the tasks are of strokes.")
        elif str(value) != given:
            sentences.append(f"{label} {given[:40]!r} in the address became {value}.")
    return sentences


def clamped(given: str, default: int, low: int, high: int) -> int:
    """The whole number nearest to what an address gives, `default` where that is no number."""
    try:
        return min(max(int(float(given)), low), high)
    except (ValueError, OverflowError):
        return default


def _default(key: str, options: list[str]) -> str:
    return "1" if key == SCALE else options[0]
