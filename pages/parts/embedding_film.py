"""The recorded run of the Embeddings page, and beside it how good its frames are."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.figures.curves import training_curves
from core.figures.embeddings import (
    DIGIT_COLOURS,
    geometry_curve,
    neighbour_curve,
    without_step,
)
from pages.parts.address import begin_choice
from pages.parts.card import load_card
from pages.parts.embedding_recording import NAME as NAME  # for the page's other parts
from pages.parts.embedding_recording import PROJECTION, recorded_run, recorded_series
from pages.parts.live_figure import live_figure
from pages.parts.neighbours import neighbours
from pages.parts.own_digit import own_digit
from pages.parts.scatter_film import PointFilm, scatter_film
from pages.parts.watched_digits import watched_digits

FILM = "embeddings-film"
ADDRESS = "film"  # the parameter that keeps what it shows
FILM_HEIGHT = 420
KEEPS = {  # what each keeps, and what it distorts
    "t-SNE": "t-SNE keeps neighbours together. How far apart two groups lie, and how large or how "
    "dense they are, means little. Each frame starts from the one before, so that points move "
    "no further than they must.",
    "PCA": "PCA keeps the two directions in which the features vary most. Distances along them are "
    "true, but what differs in the other directions is laid on top of each other, so that groups "
    "overlap which are apart. Each frame is turned to fit the one before.",
    "PCA in 3-D": "The third direction separates some of the groups that two lay on top of each "
    "other; what differs in the remaining ones still overlaps. Drag to turn, or use the keys "
    "A, D, W and S. With a finger: tap it first, to tilt it too.",
}
COMPONENTS = (  # what they are worth is measured in tests/core/evaluation/test_nearest.py
    "Neighbours in the features are looked for in their 16 principal components, which is what the "
    "recording keeps: at the last step about three in four of them are those of all 1,024 "
    "features, at the first three in five, and as many of them are of the digit's class. In raw "
    "pixels they are found by cosine."
)
BASELINES = {"raw pixels": "_pixels", "before training": "_untrained"}


def see_it() -> None:
    """A recorded run as a film, and beside it how good its frames are."""
    series = recorded_series()
    film_side, curve_side = st.columns([3, 2], gap="large")
    with film_side:
        _recorded_film()
    with curve_side:
        baselines = {
            name: float(series.curve(f"knn_accuracy{suffix}")[1][0])
            for name, suffix in BASELINES.items()
        }
        _curve(neighbour_curve(series.curve("knn_accuracy"), baselines), height=240)
        left, right = st.columns(2)
        with left:
            loss = {"NT-Xent": series.curve("loss")}
            _curve(without_step(training_curves(loss, "NT-Xent loss")), height=200)
        with right:
            geometry = series.curve("alignment"), series.curve("uniformity")
            _curve(geometry_curve(*geometry), height=200)
        _scores()
        own_digit(FILM)


@st.fragment
def _recorded_film() -> None:
    """1,000 digits as points, from random weights to the last step."""
    recording = recorded_run()
    with st.container():  # a place that is always there, so that the film keeps its own
        begin_choice(PROJECTION, "Projection", list(KEEPS), next(iter(KEEPS)))
    projection = st.session_state[PROJECTION]
    film = PointFilm(
        recording.layouts[projection],
        recording.labels,
        steps=recording.steps,
        pictures=watched_digits(),
        palette=DIGIT_COLOURS,
        nearest=recording.nearest,
    )
    picks = scatter_film(
        film,
        key=FILM,
        alt="1,000 digits as points, coloured by what they are, while the network learns",
        picked=recording.picked,
        address=ADDRESS,
        layout=projection,
        autoplay=True,
        height=FILM_HEIGHT,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Projection",
            list(KEEPS),
            key=PROJECTION,
            bind="query-params",
            required=True,
            label_visibility="collapsed",
            width="content",
        )
        st.caption(KEEPS[projection])
    neighbours(
        picks.chosen,
        recording.embedding,
        recording.pixels,
        recording.labels,
        film=FILM,
        steps=recording.steps,
    )
    st.caption(COMPONENTS)


def _curve(figure: Any, height: int) -> None:
    title = figure.layout.title.text
    live_figure(
        figure,
        key=f"embeddings-{title}",
        height=height,
        alt=f"{title} over the steps of the recorded run",
        follows=FILM,
    )


def _scores() -> None:
    """The shipped encoder beside two that learned nothing."""
    figures = load_card(NAME)["figures"]
    rows = BASELINES | {"SimCLR": ""}
    st.table(
        {
            "Features": list(rows),
            "20-NN": [_share(figures, f"knn_accuracy{s}") for s in rows.values()],
            "Linear probe": [_share(figures, f"probe_accuracy{s}") for s in rows.values()],
        }
    )


def _share(figures: Mapping[str, float], name: str) -> str:
    return f"{100 * figures[name]:.1f} %"
