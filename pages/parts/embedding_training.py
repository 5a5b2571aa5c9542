"""A run of SimCLR while it trains: its film, its panels, and the presets that teach."""

import numpy as np
import streamlit as st

from core.figures.embeddings import DIGIT_COLOURS
from core.training.recording import film_steps
from core.training.run_folder import ACTIVE, RunFolder
from pages.parts.form import Preset
from pages.parts.live import Moment, Panel
from pages.parts.scatter_film import scatter_film
from pages.parts.views_bench import AUGMENTATIONS
from pages.parts.watched_digits import watched_digits

FILM_HEIGHT = 420
PAIR_HEIGHT = 320  # of each of two films side by side
LIVE_FRAMES = 100  # at most, of a long run
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
        "The temperature divides the similarities, so the two losses cannot be compared: look at "
        "k-NN. At 1 all strangers are pushed alike, at 0.2 the nearest hardest, which learns "
        "faster.",
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
    """The run's film so far, and the rival's beside it."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    for column, side in zip(st.columns(len(sides)), sides, strict=True):
        with column:
            if side.name:
                st.markdown(f"**{side.name}**")
            _live_film(side, FILM_HEIGHT if len(sides) == 1 else PAIR_HEIGHT)


def _live_film(moment: Moment, height: int) -> None:
    """It follows the newest frame while the run goes on."""
    run = moment.run
    steps = film_steps(run.snapshot_steps(), LIVE_FRAMES)
    layouts = _layouts(run, steps)
    scatter_film(
        np.stack(layouts),
        moment.arrays["labels"],
        key=f"{run.id}-film",
        alt=f"1,000 digits as points, up to step {moment.step} of this run",
        steps=steps,
        pictures=watched_digits(),
        palette=DIGIT_COLOURS,
        live=run.status().state in ACTIVE,
        height=height,
    )


def _layouts(run: RunFolder, steps: list[int]) -> list[np.ndarray]:
    """The layout (1000, 2) of each step; those of before are kept in the session."""
    key = f"{run.id}-layouts"
    kept: dict[int, np.ndarray] = st.session_state.get(key, {})
    layouts = {
        step: kept[step] if step in kept else run.snapshot(step)["layout"].astype(np.float32)
        for step in steps
    }
    st.session_state[key] = layouts
    return list(layouts.values())
