"""A run of SimCLR while it trains: its film, its panels, and the presets of the form."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.figures.embeddings import DIGIT_COLOURS
from core.training.run_folder import RunFolder
from core.training.status import ACTIVE
from pages.parts.components.neighbours.neighbours import neighbours
from pages.parts.components.scatter_film.scatter_film import ScatterFrames, scatter_film
from pages.parts.embeddings.augmentation_demo import AUGMENTATIONS
from pages.parts.embeddings.projection import choose_projection, restore_projection
from pages.parts.embeddings.run_layouts import run_frames
from pages.parts.embeddings.run_points import points_of
from pages.parts.plain_text import plain
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
    "Like the recording": Preset(
        {},
        "Within a hundred steps k-NN on the features beats k-NN on raw pixels, and each colour "
        "gathers in one place, though the network never sees a label.",
    ),
    "No crop": Preset(
        {"crop": 0.0},
        "Pairs without crops are easier to match, so the loss falls lower. Yet k-NN ends lower "
        "too: a better loss is not a better embedding.",
        rival={},
    ),
    "No augmentation": Preset(
        dict.fromkeys(AUGMENTATIONS, 0.0),
        "Both views are the same picture, so nothing about digits has to be learned to match them. "
        "The loss reaches its minimum at once, and k-NN falls below that of the untrained network.",
        rival={},
    ),
    "Temperature 1": Preset(
        {"temperature": 1.0},
        "At temperature 1 all negatives are pushed away alike; at 0.2 the hard ones are pushed "
        "most, so that the digits spread further over the sphere. Uniformity falls lower at 0.2, "
        "but alignment stays higher. k-NN ends much the same; the losses cannot be compared.",
        rival={},
    ),
    "VICReg": Preset(
        {"loss": "vicreg"},
        "No negatives: each dimension must vary, and no two may say the same. After 500 steps k-NN "
        "reaches 95.7 ± 0.4 %, with NT-Xent 95.4 ± 0.3 %.",
        rival={},
    ),
    "Barlow Twins": Preset(
        {"loss": "barlow-twins"},
        "No negatives: a dimension must agree with itself across the two views, and with no other. "
        "With the learning rate and the batch of NT-Xent it stays behind: after 500 steps k-NN "
        "reaches 92.5 ± 0.8 %, with NT-Xent 95.4 ± 0.3 %.",
        rival={},
    ),
    "SimSiam": Preset(
        {"loss": "simsiam"},
        "No negatives, and only attraction, as in *Collapse*. Yet nothing collapses: a predictor "
        "stands between the two views, and the gradient enters through one of them alone. After "
        "500 steps k-NN reaches 93.1 ± 0.7 %, with NT-Xent 95.4 ± 0.3 %.",
        rival={},
    ),
    "Collapse": Preset(
        {"loss": "attraction", "head": False},
        "Nothing pushes negatives away. The loss falls to 0, its minimum, and all digits end on "
        "one point of the sphere, where uniformity is 0. t-SNE still spreads them, as it does not "
        "keep distances, but the colours mix, and k-NN falls far below the untrained network.",
        rival={},
    ),
}


def draw(moment: Moment) -> None:
    """The run's film so far, with its rival's beside it; a pick in one is a pick in the other."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    projection = restore_projection(RUN_PROJECTION)
    choose_projection(RUN_PROJECTION)
    for place, column in enumerate(st.columns(len(sides), gap="medium")):
        with column:
            if sides[place].name:
                st.markdown(f"**{plain(sides[place].name)}**")
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
    """The film, which follows the newest frame of an active run, and the picked points below it."""
    is_active = run.status().state in ACTIVE
    film_side = st.container()
    with st.container():
        frames = run_frames(run, projection, is_active)
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
            alt=f"{len(labels):,} {points.kind} as points, up to step {frames.steps[-1]} of this "
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
    return f"{run.key}-film"
