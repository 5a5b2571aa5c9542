"""Unlabelled drawings help: soft k-means step by step, with and without other characters."""

from itertools import product

import numpy as np
import streamlit as st

from core.figures.pictures import class_name
from core.figures.unlabelled import class_pictures, soft_k_means_plane
from core.figures.words import counted, spelled
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.components.thumbnails.thumbnails import thumbnails
from pages.parts.lifelong.unlabelled_tasks import LAST_TASK, Learnt, learnt, study
from pages.parts.url_state import Number, Switch, restore

MOST_STEPS, SHOWN_STEPS = 4, (1, 4)  # of the slider, and of the table
TASK = Number("soft_task", "Task", 31, 0, LAST_TASK)
STEP = Number("soft_step", "Steps", 2, 0, MOST_STEPS)
DISTRACTORS = Switch("soft_others", "Distractors", False)
CLUSTER = Switch("soft_cluster", "A cluster for them", False)
HEIGHT = 440
ABOUT = (
    "**One labelled drawing of each of five characters**, and others without a label. Each of "
    "these counts for the classes whose means are near, the more the nearer; then each mean moves "
    "to the mean of all that counts for it, and so on: soft k-means (Ren et al. 2018). "
    "**Distractors** are unlabelled drawings of five other characters. They pull the means away; "
    "a cluster of their own, for what is far from every mean, takes most of them."
)
LEGEND = (
    "The labelled drawings, A to E, are squares; crosses are the class means, with a line from "
    "where they were. Points are drawings without a label: filled with the colours of the classes "
    "that they are taken for (grey: the cluster for other characters), with an edge in the colour "
    "of what they are; diamonds are other characters. The plane holds the two principal components "
    "of the five characters' drawings, so that most distances are longer than they look."
)
ROWS = {
    (False, False): "of the five characters",
    (True, False): "and as many of others",
    (True, True): "the same, with a cluster for others",
    (False, True): "of the five characters, with a cluster for others",
}


def show_unlabelled() -> None:
    """The section: a task in the plane, step by step, and what is right on average."""
    st.subheader("Unlabelled drawings help", anchor=False)
    st.markdown(ABOUT)
    restore(TASK, STEP, DISTRACTORS, CLUSTER)
    _section()


@st.fragment
def _section() -> None:
    """All that changes with the task, the step and the switches."""
    _controls()
    distractors, cluster = DISTRACTORS.current(), CLUSTER.current()
    step = int(STEP.current())
    task = learnt(int(TASK.current()), distractors, cluster)
    picture_side, numbers_side = st.columns([3, 2], gap="large")
    with picture_side:
        live_figure(
            soft_k_means_plane(task.steps[step]), key="unlabelled-plane", height=HEIGHT,
            alt=f"Class means after {counted(step)} with {task.unlabelled} unlabelled drawings; "
            f"{task.right[step]} of {task.queries} queries are right",
        )  # fmt: skip
        names = [f"Class {class_name(label)}" for label in range(len(task.pictures))]
        thumbnails(class_pictures(task.pictures), names, key="unlabelled-labelled")
        st.caption(LEGEND)
    with numbers_side:
        st.markdown(_this_task(task, step, distractors))
        _show_means(distractors, cluster)


def _controls() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.slider(STEP.label, 0, MOST_STEPS, key=STEP.key, bind="query-params", width=220)
        st.toggle(
            DISTRACTORS.label, key=DISTRACTORS.key, bind="query-params",
            help="Adds as many unlabelled drawings of five other characters.",
        )  # fmt: skip
        st.toggle(
            CLUSTER.label, key=CLUSTER.key, bind="query-params",
            help="A sixth cluster, at the origin of the features, for drawings that are far from "
            "every class mean.",
        )  # fmt: skip
        st.number_input(
            TASK.label, 0, LAST_TASK, key=TASK.key, bind="query-params", width=130,
            help="The same number draws the same characters again.",
        )  # fmt: skip
        st.button(
            "Another task", icon=":material/casino:", on_click=_another_task, key="soft-another"
        )


def _another_task() -> None:
    st.session_state[TASK.key] = int(np.random.default_rng().integers(LAST_TASK + 1))


def _this_task(task: Learnt, step: int, distractors: bool) -> str:
    """One labelled drawing each: 90 % of 50 queries right. After two steps with 25 ...: 98 %."""
    before, now = (f"{100 * task.right[place] / task.queries:.0f} %" for place in (0, step))
    said = f"One labelled drawing each: **{before}** of {task.queries} queries right."
    if step == 0:
        return f"{said} The means have not moved yet."
    others = f", {task.unlabelled // 2} of them of other characters" if distractors else ""
    steps = f"{spelled(step)} step{'' if step == 1 else 's'}"
    return f"{said} After {steps} with {task.unlabelled} unlabelled drawings{others}: **{now}**."


def _show_means(distractors: bool, cluster: bool) -> None:
    """The study's means over tasks; the row of what is shown is bold."""
    measured = study()
    rows = {
        (row["unlabelled"], row["distractors"], row["cluster"]): row for row in measured["rows"]
    }
    few, more = sorted({row["unlabelled"] for row in measured["rows"]})
    st.table(
        [
            _table_row(ROWS[kind], rows[few, *kind], is_shown=kind == (distractors, cluster))
            for kind in ROWS
        ]
    )
    of_more = {
        kind: _percent(rows[more, *kind]["accuracy"][-1])
        for kind in product((False, True), repeat=2)
    }
    first = rows[few, False, False]
    st.caption(
        f"Means over {measured['tasks']:,} tasks of the evaluation alphabets, with 95 % intervals; "
        f"one labelled drawing each brings {_with_interval(first, 0)}. Better and worse: the "
        f"share of tasks after {counted(MOST_STEPS)}. With {spelled(more)} unlabelled drawings of "
        f"each character in place of {spelled(few)}, the first three rows end at "
        f"{of_more[False, False]}, {of_more[True, False]} and {of_more[True, True]}. Where "
        "there are no others, the cluster costs accuracy. Both scales were chosen on validation "
        "alphabets. Task 31 stands here first because one drawing "
        "does worse than usual on it. Measured by"
    )
    st.code(measured["command"], language="bash", wrap_lines=True)


def _table_row(name: str, row: dict[str, list[float]], is_shown: bool) -> dict[str, str]:
    cells = {
        "Unlabelled drawings": name,
        **{counted(step): _with_interval(row, step) for step in SHOWN_STEPS},
        "Better / worse": f"{100 * row['better']:.0f}\u00a0/\u00a0{100 * row['worse']:.0f}\u00a0%",
    }
    return {head: f"**{cell}**" if is_shown else cell for head, cell in cells.items()}


def _with_interval(row: dict[str, list[float]], step: int) -> str:
    return f"{100 * row['accuracy'][step]:.1f}\u00a0±\u00a0{100 * row['interval'][step]:.1f}\u00a0%"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%"
