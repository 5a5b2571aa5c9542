"""A run of SimCLR while it trains: its film, its panels, and the presets that teach."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.figures.embeddings import DIGIT_COLOURS
from core.training.run_folder import ACTIVE, RunFolder
from pages.parts.components.neighbours.neighbours import neighbours
from pages.parts.components.scatter_film.scatter_film import ScatterFrames, scatter_film
from pages.parts.embeddings.augmentation_demo import AUGMENTATIONS
from pages.parts.embeddings.projection import begin_projection, choose_projection
from pages.parts.embeddings.run_layouts import run_frames
from pages.parts.embeddings.run_points import points_of
from pages.parts.training.form import Preset
from pages.parts.training.live_view import Moment, Panel

FILM_HEIGHT = 420
PAIR_HEIGHT = 320  # of each of two films side by side
RUN_PROJECTION = "run_projection"  # in session state and in the address
PANELS = (
    Panel("Loss", ["loss"]),
    Panel(
        "k-NN accuracy",
        ["knn_accuracy", "knn_accuracy_pixels", "knn_accuracy_untrained"],
        percent=True,
    ),
    Panel("Alignment and uniformity", ["alignment", "uniformity"]),
)
PRESETS = {
    "As above": Preset(
        {},
        "Within a hundred steps the neighbours in the features name a digit better than those in "
        "raw pixels do, and the colours draw together, though no label was ever seen.",
    ),
    "No crop": Preset(
        {"crop": 0.0},
        "Pairs that are not cropped are easier to match, so the loss falls lower, and yet k-NN "
        "ends lower too: a better loss is not a better embedding.",
        rival={},
    ),
    "No augmentation": Preset(
        dict.fromkeys(AUGMENTATIONS, 0.0),
        "The two views are one and the same picture, and to match them nothing has to be known of "
        "digits: the loss is at its floor at once, and k-NN falls below that of the untrained "
        "network.",
        rival={},
    ),
    "Temperature 1": Preset(
        {"temperature": 1.0},
        "The temperature divides the similarities, so the two losses cannot be compared. At 1 all "
        "strangers are pushed alike; at 0.2 the nearest hardest, so that the digits fill more of "
        "the sphere and uniformity falls further, while the two views of a digit stay further "
        "apart, which alignment says. k-NN ends much the same on digits.",
        rival={},
    ),
    "Collapse": Preset(
        {"loss": "attraction", "head": False},
        "Nothing pushes strangers away. The loss runs to 0, the best that there is, and so does "
        "uniformity: on the sphere all digits lie in one heap. t-SNE keeps neighbours, not "
        "distances, and spreads them all the same; but the colours mix, and k-NN falls far below "
        "the untrained network.",
        rival={},
    ),
}


def draw(moment: Moment) -> None:
    """The run's film so far, and the rival's beside it: what is picked in one is in the other."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    projection = begin_projection(RUN_PROJECTION)
    choose_projection(RUN_PROJECTION)
    for place, column in enumerate(st.columns(len(sides), gap="medium")):
        with column:
            if sides[place].name:
                st.markdown(f"**{sides[place].name}**")
            twin = _key(sides[1 - place].run) if _show_the_same(sides) else None
            height = FILM_HEIGHT if len(sides) == 1 else PAIR_HEIGHT
            _film(sides[place].run, sides[place].arrays["labels"], projection, twin, height)


def _show_the_same(sides: Sequence[Moment]) -> bool:
    """Whether two runs have the same points, so that picks in one are picks in the other."""
    first, *others = (points_of(side.run).pictures for side in sides)
    if first is None or not others:
        return False
    return others[0] is not None and np.array_equal(first, others[0])


def _film(
    run: RunFolder, labels: np.ndarray, projection: str, twin: str | None, height: int
) -> None:
    """It follows the newest frame while the run goes on; below it is what is picked in it."""
    is_active = run.status().state in ACTIVE
    film_side = st.container()
    with st.container():
        frames = run_frames(run, projection, rests=not is_active)
    points = points_of(run)
    with film_side:
        picks = scatter_film(
            ScatterFrames(
                frames.layouts,
                labels,
                steps=frames.steps,
                names=points.names,
                pictures=points.pictures,
                palette=DIGIT_COLOURS,
                nearest=frames.nearest,
            ),
            key=_key(run),
            alt=f"{len(labels):,} {points.what} as points, up to step {frames.steps[-1]} of this "
            "run",
            picked=points.picked,
            twin=twin,
            live=is_active,
            height=height,
        )
    if points.note:
        st.caption(points.note)
    if points.pixels is None:
        return
    first = run.snapshot_steps()[0]
    neighbours(
        picks.chosen,
        frames.embedding,
        points.pixels,
        labels,
        film=_key(run),
        first=(first, run.snapshot(first)["embedding"]),
        names=points.names,
    )


def _key(run: RunFolder) -> str:
    return f"{run.id}-film"
