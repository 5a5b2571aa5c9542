"""The recorded run of the Embeddings page as a film, and the quality of its frames."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.figures.curves import training_curves
from core.figures.embeddings import (
    DIGIT_COLOURS,
    geometry_curve,
    neighbour_curve,
    without_step,
)
from core.training.recording import open_recording
from pages.parts.card import load_card
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.components.neighbours.neighbours import neighbours
from pages.parts.components.scatter_film.scatter_film import ScatterFrames, scatter_film
from pages.parts.embeddings.own_digit import own_digit
from pages.parts.embeddings.projection import choose_projection, restore_projection
from pages.parts.embeddings.recording import NAME as NAME  # for the page's other parts
from pages.parts.embeddings.recording import PROJECTION, Recording, recorded_run, recorded_series
from pages.parts.embeddings.tracked_digits import tracked_digits
from pages.parts.embeddings.umap_at_step import UMAP, choose_umap_step, umap_layout_at_step

FILM = "embeddings-film"
ADDRESS = "film"  # the parameter that keeps its view
UMAP_STEP = "umap_step"  # in session state and in the address
FILM_HEIGHT = 420
# The shares are measured in tests/core/evaluation/test_neighbour_lookup.py.
ABOUT_NEIGHBOURS = (
    "Neighbours are searched in 16 principal components of the features. About three in four are "
    "also neighbours in all 1,024 features at the last step, and three in five at the first."
)
BASELINES = {"raw pixels": "_pixels", "before training": "_untrained"}


def show_film() -> None:
    """The recorded run as a film, and beside it the quality of its frames."""
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
    projection = restore_projection(PROJECTION)
    film_side = st.container()
    with st.container():  # always there, so that the control below stays in its place
        shown = _shown_frames(recording, projection)
    choose_projection(PROJECTION)
    with film_side:
        picks = scatter_film(
            ScatterFrames(
                shown.layouts,
                recording.labels,
                steps=recording.steps[shown.moments],
                pictures=tracked_digits(),
                palette=DIGIT_COLOURS,
                nearest=recording.nearest[shown.moments],
            ),
            key=FILM,
            alt="1,000 digits as points, coloured by what they are, while the network learns",
            picked=recording.picked,
            address=ADDRESS,
            layout=shown.projection,
            autoplay=True,
            height=FILM_HEIGHT,
        )
    neighbours(
        picks.chosen,
        recording.embedding[shown.moments],
        recording.pixels,
        recording.labels,
        film=FILM,
        first=(recording.steps[0], recording.embedding[0]),
    )
    st.caption(ABOUT_NEIGHBOURS)


class _ShownFrames(NamedTuple):
    """The frames on screen."""

    projection: str
    layouts: np.ndarray  # (F, 1000, 2 or 3)
    moments: slice  # which F frames of the recording


def _shown_frames(recording: Recording, projection: str) -> _ShownFrames:
    """All frames; for UMAP a single one, which is t-SNE until UMAP is there."""
    if projection != UMAP:
        return _ShownFrames(projection, recording.layouts[projection], slice(None))
    step = choose_umap_step(UMAP_STEP, recording.steps, ADDRESS)
    place = recording.steps.index(step)
    moment = slice(place, place + 1)
    layout = umap_layout_at_step(open_recording(NAME), step)
    if layout is None:
        return _ShownFrames("t-SNE", recording.layouts["t-SNE"][moment], moment)
    return _ShownFrames(UMAP, layout[None], moment)


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
    """The shipped encoder beside two baselines that learned nothing."""
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
