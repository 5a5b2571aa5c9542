"""It asks: drawings without labels, and a learner that asks a person about those it does not know.

The page knows the true characters, and says how many are named rightly; the learner does not.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import streamlit as st

from core.figures.asking import Operating, label_costs, roc_curve
from core.figures.naming import digit_png
from core.figures.words import counted
from core.methods.lifelong.asking import NEW, THRESHOLD, Asker, above, run_on
from core.methods.lifelong.novelty import NO_CLASS, roc
from pages.parts.components.ask_class.ask_class import MOST_OPTIONS, Compared, ask_class
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.components.thumbnails.thumbnails import thumbnails
from pages.parts.lifelong.asked_drawings import (
    AT_RANDOM,
    CLASSES,
    EVERYTHING,
    HIGHEST,
    LOWEST,
    THIS_WAY,
    courses,
    drawings_to_ask_about,
    ends,
    study,
)
from pages.parts.url_state import Number, Switch, restore

AT = Number("asks_above", "Threshold", THRESHOLD, LOWEST, HIGHEST, digits=2)
BY_TRUTH = Switch("asks_truth", "Let the true labels answer", False)
SITTING = "it-asks-sitting"  # in session state
YOURS = "your answers"
ROC_HEIGHT, COSTS_HEIGHT = 300, 360
ABOUT = (
    "Drawings come one at a time, **without labels**. What is farther from the mean of every class "
    "than the threshold fits none: **the learner asks, and you name it with one click**. All "
    "others it takes for one more of the nearest class, and spends no label."
)


@dataclass
class _Sitting:
    """What one visitor has answered so far."""

    asker: Asker
    labels: list[int] = field(default_factory=list)  # after each answer
    right: list[float] = field(default_factory=list)  # what was known then


def show_it_asks() -> None:
    """The section: the drawing that has come, the question, and what labels cost and bring."""
    st.subheader("It asks", anchor=False)
    st.markdown(ABOUT)
    restore(AT, BY_TRUTH)
    if SITTING not in st.session_state:
        st.session_state[SITTING] = _Sitting(Asker(drawings_to_ask_about()))
    _section()


@st.fragment
def _section() -> None:
    """All that changes with an answer."""
    sitting: _Sitting = st.session_state[SITTING]
    threshold = AT.current()
    asker = _run_to_its_end(sitting.asker, threshold) if BY_TRUTH.current() else sitting.asker
    _controls(asker, threshold)
    st.markdown(_so_far(asker))
    ask_side, threshold_side, costs_side = st.columns([5, 5, 6], gap="medium")
    with ask_side:
        if asker.is_over:
            st.markdown("**All drawings have come.** The classes that it opened are below.")
        else:
            _ask(asker, threshold)
    with threshold_side:
        st.slider(
            AT.label, LOWEST, HIGHEST, step=0.01, key=AT.key, bind="query-params",
            help="The distance to the nearest class mean from which on a drawing is asked about.",
        )  # fmt: skip
        _show_roc(threshold)
    with costs_side:
        _show_costs(threshold, sitting)
    st.markdown(_compared(threshold))
    if asker.is_over:
        names = [f"Class {number}" for number in range(1, len(asker.opened) + 1)]
        thumbnails(_class_pictures(asker, range(len(names))), names, key="it-asks-opened")
    st.caption(_chosen())


def _run_to_its_end(asker: Asker, threshold: float) -> Asker:
    """As it would be with true answers from here on."""
    ended = asker.copy()
    run_on(ended, above(threshold), len(ended.drawings.truth))
    return ended


# ---- the drawing that has come -------------------------------------------------------------------


def _ask(asker: Asker, threshold: float) -> None:
    """The drawing that is there now beside its nearest class, and the question if there is one."""
    drawing = asker.drawings.features[asker.place]
    class_, distance = asker.nearest()
    is_asked = distance > threshold
    options = np.argsort(asker.means.distances(drawing))[:MOST_OPTIONS].tolist()
    is_first = class_ == NO_CLASS
    ask_class(
        asker.place,
        Compared(
            digit_png(asker.drawings.pictures[asker.place]),
            "" if is_first else _class_pictures(asker, [class_])[0],
            None if is_first else distance,
            threshold,
            HIGHEST,
        ),
        key="it-asks-drawing",
        words=_question(is_first) if is_asked else "It fits this class: no label is spent.",
        options=_class_pictures(asker, options) if is_asked else None,
        on_answer=partial(_answer, options),
    )


def _question(is_first: bool) -> str:
    why = "There is no class yet" if is_first else "It fits no class"
    return f"{why}. Which character is it?"


def _class_pictures(asker: Asker, classes: "list[int] | range") -> list[str]:
    """The first drawing of each class."""
    return [digit_png(asker.drawings.pictures[asker.opened[class_]]) for class_ in classes]


def _controls(asker: Asker, threshold: float) -> None:
    is_asked = not asker.is_over and asker.nearest().distance > threshold
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Next drawing", icon=":material/skip_next:", key="it-asks-next", on_click=_go_on,
            args=(threshold, 1), disabled=asker.is_over or is_asked,
        )  # fmt: skip
        st.button(
            "Next question", icon=":material/fast_forward:", key="it-asks-question",
            on_click=_go_on, args=(threshold, len(asker.drawings.truth)),
            disabled=asker.is_over or is_asked, help="Runs on until the learner asks.",
        )  # fmt: skip
        st.button(
            "Start again", icon=":material/restart_alt:", key="it-asks-again",
            on_click=_start_again, disabled=not asker.place,
        )  # fmt: skip
        st.toggle(
            BY_TRUTH.label, key=BY_TRUTH.key, bind="query-params",
            help="Runs the rest of the stream with the answers that Omniglot gives.",
        )  # fmt: skip


def _start_again() -> None:
    st.session_state[SITTING] = _Sitting(Asker(drawings_to_ask_about()))
    st.session_state[BY_TRUTH.key] = False


def _go_on(threshold: float, most: int) -> None:
    """Takes in up to so many drawings, none that is to be asked about."""
    asker: Asker = st.session_state[SITTING].asker
    for _ in range(most):
        if asker.is_over:
            return
        nearest = asker.nearest()
        if nearest.distance > threshold:
            return
        asker.pass_by(nearest)


def _answer(options: list[int], option: int) -> None:
    """A new character, or one of the classes that there were to choose from."""
    sitting: _Sitting = st.session_state[SITTING]
    asker = sitting.asker
    asker.answer(NEW if option == NEW else options[option], asker.nearest())
    sitting.labels.append(asker.labels)
    sitting.right.append(asker.right())


# ---- what labels cost and bring ------------------------------------------------------------------


def _so_far(asker: Asker) -> str:
    """38 of 1,500 drawings: 24 questions, 14 taken without a label, 1 of them wrongly. ..."""
    asked = [each.is_right for each in asker.seen if each.is_asked]
    taken = [each.is_right for each in asker.seen if not each.is_asked]
    wrong = asked.count(False)
    total = len(asker.drawings.truth)
    answers = "1 answer is" if wrong == 1 else f"{wrong} answers are"
    return (
        f"**{asker.place:,} of {total:,} drawings**: {counted(len(asked), 'question')}, "
        f"{len(taken):,} taken without a label, {taken.count(False):,} of them wrongly. "
        f"{counted(asker.come(), 'character')} of {CLASSES} came; "
        f"{_percent(asker.right())} of all held-out drawings are named rightly."
        + (f" {answers} not what Omniglot says; they stay as given." if wrong else "")
    )


def _show_roc(threshold: float) -> None:
    course = courses(threshold)[THIS_WAY]
    curve = roc(course.distances[1:], course.is_known[1:])  # before the first there is no class
    point = Operating(threshold, *curve.at(threshold))
    st.markdown("**Known against unknown**")
    live_figure(
        roc_curve(curve.false_alarms, curve.found, point), key="it-asks-roc", height=ROC_HEIGHT,
        alt=f"ROC of the distance; at the threshold {_percent(point.found)} of the unknown "
        f"drawings are found and {_percent(point.false_alarms)} of the known are asked about",
    )  # fmt: skip
    st.caption(
        f"Area {curve.area:.3f}. This threshold finds {_percent(point.found)} of the drawings "
        f"whose character has no class yet, and asks about {_percent(point.false_alarms)} of the "
        "others."
    )


def _show_costs(threshold: float, sitting: _Sitting) -> None:
    curves = {name: (course.labels, course.right) for name, course in courses(threshold).items()}
    if sitting.labels:
        curves[YOURS] = np.array(sitting.labels), np.array(sitting.right)
    last = ", ".join(f"{name} {_percent(right[-1])}" for name, (_, right) in curves.items())
    st.markdown(f"**Right on all {CLASSES} characters**")
    live_figure(
        label_costs(curves, ends()), key="it-asks-costs", height=COSTS_HEIGHT,
        alt=f"Held-out drawings named rightly over the labels spent; at the end: {last}",
    )  # fmt: skip


def _compared(threshold: float) -> str:
    """At this threshold it asks 214 times for 1,500 drawings and ..."""
    ways = courses(threshold)
    labels = {name: int(course.labels[-1]) for name, course in ways.items()}
    right = {name: _percent(course.right[-1]) for name, course in ways.items()}
    return (
        f"With true answers, the learner asks **{labels[THIS_WAY]:,} times** for "
        f"{labels[EVERYTHING]:,} drawings at this threshold, and names **{right[THIS_WAY]}** of "
        f"the held-out drawings of {CLASSES} characters rightly. Asking about everything costs "
        f"{labels[EVERYTHING]:,} labels for {right[EVERYTHING]}; {labels[AT_RANDOM]:,} labels at "
        f"random places bring {right[AT_RANDOM]}."
    )


def _chosen() -> str:
    """What was chosen on other alphabets, with what was measured there."""
    measured = study()
    place = measured["labels"].index(200)
    skipped, moved = (
        _percent(measured["at_labels"][way][place]) for way in ("skipped", "self_labelled")
    )
    return (
        f"The threshold that the page begins with, {measured['threshold']}, was chosen on "
        "validation alphabets, which have none of these characters: the highest that keeps 90 % of "
        "the accuracy of asking about everything. Drawings that it does not ask about leave the "
        f"means as they are, which was better there: {skipped} for 200 labels, against {moved} "
        "where they move the means. "
        "Open-set nearest class mean, as in Bendale and Boult 2015 but without a learned metric. "
        f"Measured by `{measured['command']}`."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
