"""The stream as a film: two cabinets of classes, and the accuracy of every learner beside them."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.figures.lifelong import Mark, forgetting, grouped, stream_curves
from core.methods.lifelong.published import CLASSES, PUBLISHED
from core.methods.lifelong.snapshot import ASKED, LEARNER_NAMES, NOT_MET
from pages.parts.components.cabinet.cabinet import cabinet
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.lifelong.frames import LEARNERS, SHOWN, StreamFrames, recorded_stream
from pages.parts.lifelong.summary import show_summary
from pages.parts.url_state import Choice, restore

FILM = "lifelong-film"
GROUPS = 10  # of classes, by when they came
MARKS = [Mark(each.name, CLASSES, each.percent / 100) for each in PUBLISHED]
MATRIX_OF = "matrix"  # in session state and in the address
CHART_HEIGHT = 300
NBSP = "\u00a0"
ABOUT_CHART = (
    "Five drawings of each class are held out for this. Diamonds: published results on 600 "
    "characters, with networks that were trained on labelled background characters too: "
    f"{', '.join(f'{each.name} {each.percent}{NBSP}%' for each in PUBLISHED)}."
)
MATRIX_LEARNER = LEARNER_NAMES.index("replay")  # at first, since it forgets slowly


def show_film() -> None:
    """The recorded run: its film, and below it what it shows."""
    frames = recorded_stream()
    n_classes = frames.right.shape[2]
    about = f"{n_classes:,} characters, lit up where a learner knows them, while they arrive"
    film(frames, FILM, about, autoplay=True)
    chart_side, matrix_side = st.columns([3, 2], gap="large")
    with chart_side:
        st.markdown("**Right on all classes so far**")
        curves(frames, FILM, MARKS)
        st.caption(ABOUT_CHART)
    with matrix_side:
        _matrix(frames, FILM)
    show_summary(frames)


def film(
    frames: StreamFrames, key: str, alt: str, *, live: bool = False, autoplay: bool = False
) -> None:
    """Two cabinets, one of fine-tuning and one of class means until others are chosen.

    `alt` says to a screen reader what they show.
    """
    left, right = (frames.names.index(name) for name in SHOWN)
    cabinet(
        frames.cabinet(),
        key=key,
        alt=alt,
        left=left,
        right=right,
        slider="Classes met",
        live=live,
        autoplay=autoplay,
    )


def curves(frames: StreamFrames, key: str, marks: Sequence[Mark] = ()) -> None:
    """The accuracy of every learner over the film `key`."""
    accuracy = frames.accuracy
    met = np.isfinite(accuracy[:, 0])
    steps = np.array(frames.steps)[met]
    live_figure(
        stream_curves(
            {name: (steps, accuracy[met, place]) for place, name in enumerate(LEARNERS)}, marks
        ),
        key=f"{key}-curves",
        height=CHART_HEIGHT,
        alt="Accuracy of each learner on all classes so far over the classes met",
        follows=key,
    )


def _matrix(frames: StreamFrames, key: str) -> None:
    """What the chosen learner knew, when, of classes by when they came."""
    restore(Choice(MATRIX_OF, "Learner", LEARNERS[MATRIX_LEARNER], LEARNERS))
    chosen = st.selectbox("Forgotten when, by", LEARNERS, key=MATRIX_OF, bind="query-params")
    place = LEARNERS.index(chosen)
    known = grouped(frames.right[:, place], NOT_MET, ASKED, GROUPS)
    n_classes = frames.right.shape[2]
    ends = [part[[0, -1]] + 1 for part in np.array_split(np.arange(n_classes), GROUPS)]
    live_figure(
        forgetting([f"{a}–{b}" for a, b in ends], np.array(frames.steps), known),
        key=f"{key}-matrix",
        height=CHART_HEIGHT,
        alt=f"Which classes {chosen} knew, by when they came, over the classes met",
        follows=key,
    )
    st.caption(
        f"A row is {n_classes // GROUPS} characters, from the moment they came. Faint: not known, "
        "forgotten or not learned."
    )
