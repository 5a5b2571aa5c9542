"""A run of SimCLR while it trains: its film, its panels, and the presets that teach."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.data.catalog import PHOTO_CLASSES
from core.evaluation.nearest import nearest_labels
from core.figures.embeddings import DIGIT_COLOURS
from core.training.recording import film_steps
from core.training.run_folder import ACTIVE, RunFolder
from pages.parts.embedding_recording import recorded_run
from pages.parts.form import Preset
from pages.parts.live import Moment, Panel
from pages.parts.neighbours import neighbours
from pages.parts.scatter_film import PointFilm, scatter_film
from pages.parts.views_bench import AUGMENTATIONS
from pages.parts.watched_digits import is_of_photos, watched_digits

FILM_HEIGHT = 420
PAIR_HEIGHT = 320  # of each of two films side by side
LIVE_FRAMES = 100  # at most, of a long run
KEPT_FRAMES = 4 * LIVE_FRAMES  # by the server, for all visitors: 77 kB each
NO_PHOTOS = (
    "The points are test photos of CIFAR-10, which are said by their class alone: pictures beside "
    "the pointer are ink on paper, and have no colours."
)
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
    height = FILM_HEIGHT if len(sides) == 1 else PAIR_HEIGHT
    keys = [f"{side.run.id}-film" for side in sides]
    for place, column in enumerate(st.columns(len(sides), gap="medium")):
        with column:
            if sides[place].name:
                st.markdown(f"**{sides[place].name}**")
            can_be_twins = len(sides) == 2 and not any(is_of_photos(side.run) for side in sides)
            twin = keys[1 - place] if can_be_twins else None
            _live_film(sides[place], keys[place], twin, height)


def _live_film(moment: Moment, key: str, twin: str | None, height: int) -> None:
    """It follows the newest frame while the run goes on; below it is what is picked in it."""
    run = moment.run
    steps = film_steps(run.snapshot_steps(), LIVE_FRAMES)
    frames = [_frame(str(run.path), step) for step in steps]
    labels = moment.arrays["labels"]
    has_photos = is_of_photos(run)
    film = PointFilm(
        np.stack([frame.layout for frame in frames]),
        labels,
        steps=steps,
        names=PHOTO_CLASSES if has_photos else None,
        pictures=None if has_photos else watched_digits(),
        palette=DIGIT_COLOURS,
        nearest=np.stack([frame.nearest for frame in frames]),
    )
    picks = scatter_film(
        film,
        key=key,
        alt=f"{len(labels):,} {'photos' if has_photos else 'digits'} as points, up to step "
        f"{moment.step} of this run",
        picked=None if has_photos else recorded_run().picked,
        twin=twin,
        live=run.status().state in ACTIVE,
        height=height,
    )
    if has_photos:
        st.caption(NO_PHOTOS)
        return
    embedding = np.stack([frame.embedding for frame in frames])
    pixels = recorded_run().pixels
    first = steps[0], embedding[0]
    neighbours(picks.chosen, embedding, pixels, labels, film=key, first=first)


class _Frame(NamedTuple):
    """Shared by all visitors: treat the arrays as read-only."""

    layout: np.ndarray  # (1000, 2)
    embedding: np.ndarray  # (1000, 16) principal components of the features of length 1
    nearest: np.ndarray  # (1000,) label of each point's nearest neighbour


@st.cache_resource(max_entries=KEPT_FRAMES, show_spinner=False)
def _frame(run_path: str, step: int) -> _Frame:
    """A snapshot of a run, which never changes once it is written."""
    snapshot = RunFolder(Path(run_path)).snapshot(step)
    embedding = snapshot["embedding"].astype(np.float32)
    return _Frame(
        snapshot["layout"].astype(np.float32),
        embedding,
        nearest_labels(embedding, snapshot["labels"]),
    )
