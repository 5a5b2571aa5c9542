"""The race: the same task, network and steps from several starting points."""

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.few_shot import TaskFilm, task_panel_alt
from core.figures.race import LOOKS, Lane, Look, answer_picture, counted, race_curves, race_sentence
from pages.parts.live_figure import live_figure
from pages.parts.picture_cards import Card, picture_cards
from pages.parts.task_choice import TaskChoice
from pages.parts.task_learning import MANY, learn_from_all_starts, mean_lanes, measured

if TYPE_CHECKING:
    from core.starts import Start

HEIGHT = 300  # px of the curves
THIS, MEAN = "This task", f"{MANY} such tasks"
INTRO, TOLD = "race-intro", "race-told"  # where the texts are

ALL_ELSE_EQUAL = (
    "Seven starting points, all else equal: the same network, examples and steps, each with the "
    "inner rates that it was trained with. Their budgets of training were equal, and smaller than "
    "that of the film's network."
)


def race(choice: TaskChoice, step: int) -> None:
    """Curves and pictures of all starting points, at the step that the film is at."""
    from core.starts import RACE

    st.subheader("The race: only the start differs", anchor=False)
    films = learn_from_all_starts(choice)
    lanes = [Lane(start.title, film.accuracy) for start, film in zip(RACE, films, strict=True)]
    means = _means_if_wanted(choice)
    shown, chance = means or lanes, 1 / choice.n_way
    live_figure(
        race_curves(shown, step, chance),
        key="race-curves",
        height=HEIGHT,
        alt=f"Query accuracy against inner step, a line a starting point. After {counted(step)}: "
        + ", ".join(f"{lane.title} {lane.accuracy[step]:.0%}" for lane in shown),
    )
    with st.container(key=TOLD):
        tasks = f"Over {MANY} tasks. " if means else ""
        st.markdown(f":material/visibility: {tasks}{race_sentence(shown, step, chance)}")
    notes = [_note(start, choice, means, step) for start in RACE]
    picture_cards(
        [_card(*each, step) for each in zip(RACE, films, LOOKS, notes, strict=True)],
        key="race-cards",
    )


def _means_if_wanted(choice: TaskChoice) -> list[Lane]:
    """The mean over many tasks where that is to be seen, else nothing."""
    told, picker = st.columns([3, 1], vertical_alignment="center")
    with told.container(key=INTRO):
        place = st.empty()
    with picker:
        shown = st.segmented_control(
            "Curves of", [THIS, MEAN], default=THIS, required=True, key="race_of",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
    means = _means(choice, place) if shown == MEAN else []
    place.markdown(ALL_ELSE_EQUAL)
    return means


def _means(choice: TaskChoice, place: DeltaGenerator) -> list[Lane]:
    """The mean over many tasks; `place` says how far it is."""

    def report(done: int, in_all: int) -> None:
        place.progress(done / in_all, text=f"{done} of {in_all} tasks learnt")

    return mean_lanes(choice, report)


def _note(start: "Start", choice: TaskChoice, means: list[Lane], step: int) -> str:
    """How well a starting point does on many such tasks, as far as that is known."""
    for lane in means:
        if lane.title == start.title and lane.interval is not None:
            mean, interval = 100 * lane.accuracy[step], 100 * lane.interval[step]
            return f"{MANY} tasks {mean:.1f} ± {interval:.1f} %"
    return measured(start.weights, choice) if start.weights else ""


def _card(start: "Start", film: TaskFilm, look: Look, note: str, step: int) -> Card:
    probability = film.probability[step]
    picture = answer_picture(film.query, probability)
    return Card(
        title=start.title,
        idea=start.idea,
        number=f"{film.accuracy[step]:.0%}",
        note=note,
        colour=look.colour,
        source=picture.source,
        shape=picture.shape,
        alt=f"{start.title} after {counted(step)}: {task_panel_alt(probability)}",
    )
