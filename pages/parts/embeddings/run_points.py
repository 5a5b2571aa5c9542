"""What the points of a run of SimCLR are: digits, a person's own pictures, or photos."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.data.catalog import PHOTO_CLASSES
from core.evaluation.nearest_neighbours import unit_pixels
from core.training.run_folder import RunFolder
from pages.parts.embeddings.recording import recorded_run
from pages.parts.embeddings.tracked_digits import is_of_photos, tracked_digits

KEPT_RUNS = 8  # of one's own pictures: 4 MB each
NO_PHOTOS = (
    "The points are test photos of CIFAR-10, which are said by their class alone: pictures beside "
    "the pointer are ink on paper, and have no colours."
)
OWN = (
    "The points are your pictures, which it trains on; it never sees the folders that colour them. "
    "For k-NN none is a neighbour of its own."
)
ONE_CLASS = "The points are your pictures, all of one folder: there is no class for k-NN to name."
NO_FOLDER = "no folder"


class Points(NamedTuple):
    """Shared by all visitors: treat the arrays as read-only."""

    what: str  # they are, in the plural
    pictures: np.ndarray | None  # uint8 (N, 28, 28), ink = 255; None: photos
    pixels: np.ndarray | None  # (N, 784) the pictures as vectors of length 1
    names: tuple[str, ...] | None  # of their classes; None: digits
    picked: int | None  # the one that is picked at first; photos cannot be picked
    note: str = ""  # what else there is to say of them


def points_of(run: RunFolder) -> Points:
    """Of a run with a snapshot. Raises GlimpseError where its first is damaged."""
    if is_of_photos(run):
        return Points("photos", None, None, PHOTO_CLASSES, None, NO_PHOTOS)
    if run.config.get("source") == "own":
        return _own(str(run.path))
    return _digits()


def _digits() -> Points:
    recording = recorded_run()
    return Points("digits", tracked_digits(), recording.pixels, None, recording.picked)


@st.cache_resource(max_entries=KEPT_RUNS, show_spinner=False)
def _own(run_path: str) -> Points:
    """As they were when the run began."""
    run = RunFolder(Path(run_path))
    first = run.snapshot(run.snapshot_steps()[0])
    if "pictures" not in first:  # of an older Glimpse, which watched digits
        return _digits()
    folders = first["names"].tobytes().decode().split("\n")
    names = tuple(NO_FOLDER if folder == "." else folder for folder in folders)
    pictures, note = first["pictures"], ONE_CLASS if len(names) == 1 else OWN
    return Points("pictures", pictures, unit_pixels(pictures), names, 0, note)
