"""The order slider: the same examples, from shuffled to one class after the other."""

import json
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.export.cabinet import CabinetFrames
from core.figures.lifelong import order_curves
from core.figures.words import counted, listed
from core.methods.lifelong.config import LifelongConfig
from core.methods.lifelong.learners.replay import REPLAYED
from core.methods.lifelong.snapshot import ASKED
from core.methods.lifelong.stream import stream_pictures
from core.paths import ASSETS
from pages.parts.components.cabinet.cabinet import cabinet
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.lifelong.frames import LEARNERS, LEFT, RIGHT, accuracies

FILM = "lifelong-order"
CHART_HEIGHT = 280
SHUFFLED, SORTED = "shuffled", "class after class"


class _Orders(NamedTuple):
    """What every learner knows at the end of a stream, for each order. Treat it as read-only."""

    right: np.ndarray  # uint8 (S, L, C)
    sortedness: np.ndarray  # (S,)
    pictures: np.ndarray  # uint8 (C, 28, 28)
    config: LifelongConfig
    command: str


@st.cache_resource(max_entries=1, show_spinner=False)
def _orders() -> _Orders:
    study = json.loads((ASSETS / "orders.json").read_text())
    config = LifelongConfig(**study["config"])
    pictures = stream_pictures(config.source, config.steps, config.seed)[:, 0].numpy()
    right = np.array(study["right"], np.uint8)
    return _Orders(right, np.array(study["sortedness"]), pictures, config, study["command"])


def show_order() -> None:
    """The cabinets at the end of the stream, with the order to be moved, and a chart beside it."""
    orders = _orders()
    accuracy = accuracies(orders.right)
    n_classes, k_shot = orders.config.steps, orders.config.k_shot
    st.markdown(
        f"{n_classes:,} characters, {counted(k_shot, 'example')} of each, always the same ones. "
        "**Move the slider**: only the order changes in which they come. Who still knows them at "
        "the end?"
    )
    cabinet(
        CabinetFrames(
            right=orders.right,
            asked=ASKED,
            pictures=orders.pictures,
            learners=LEARNERS,
            steps=orders.sortedness.tolist(),
            notes=[_note(each) for each in orders.sortedness],
            accuracy=accuracy,
        ),
        key=FILM,
        alt=f"{n_classes} characters, lit up where a learner knows them at the end of the stream, "
        "for each order of the examples",
        left=LEFT,
        right=RIGHT,
        slider="How sorted the examples are",
        ends=(SHUFFLED, SORTED),
        start=0,
    )
    chart_side, words_side = st.columns([3, 2], gap="large")
    with chart_side:
        st.markdown(f"**Right on all {n_classes} at the end**")
        live_figure(
            order_curves(
                orders.sortedness,
                {name: accuracy[:, place] for place, name in enumerate(LEARNERS)},
            ),
            key=f"{FILM}-curves",
            height=CHART_HEIGHT,
            alt="Accuracy of each learner at the end of the stream, from shuffled to sorted",
            follows=FILM,
        )
    with words_side:
        _explain(accuracy, orders)


def _explain(accuracy: np.ndarray, orders: _Orders) -> None:
    """What the chart shows, in its own figures, and the command that measures them."""
    first, last = (
        {name: f"{100 * share:.1f} %" for name, share in zip(LEARNERS, row, strict=True)}
        for row in (accuracy[0], accuracy[-1])
    )
    tuning, replay, maml, oml, *summed = LEARNERS
    st.markdown(
        f"- **{tuning}** falls from {first[tuning]} to {last[tuning]}. A step makes the class at "
        "hand likelier and all others less likely; once a class is over, nothing speaks for it.\n"
        f"- **{replay}** keeps {counted(orders.config.replay, 'example')} of each class and falls "
        f"from {first[replay]} to {last[replay]}. It rehearses up to {REPLAYED} old drawings with "
        "each new one: it keeps the old classes, and has hardly learned the newest when they are "
        "over. Choose it above a grid to see both.\n"
        f"- **{maml}** falls from {first[maml]} to {last[maml]}. It keeps no drawing, and each "
        "step moves the network that all older classes were learned with.\n"
        f"- **{oml}** goes from {first[oml]} to {last[oml]} with the steps of fine-tuning, one an "
        "example. Its features were trained so that a step on one class spares the others.\n"
        f"- **{listed(summed)}** keep sums over all examples. A sum has no order, so they stay at "
        f"{listed([last[name] for name in summed])}."
    )
    st.caption("Measured by")
    st.code(orders.command, language="bash", wrap_lines=True)


def _note(sortedness: float) -> str:
    if sortedness in (0, 1):
        return f"Examples come {SHUFFLED if sortedness == 0 else SORTED}"
    return f"Examples come {100 * sortedness:.0f} % sorted"
