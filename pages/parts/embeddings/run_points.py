"""What the points of a run of SimCLR are: digits, a person's own pictures, or photos."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.data.catalog import PHOTO_CLASSES
from core.evaluation.neighbour_lookup import unit_pixels
from core.training.run_folder import RunFolder
from pages.parts.embeddings.recording import recorded_run
from pages.parts.embeddings.tracked_digits import is_of_photos, tracked_digits

KEPT_RUNS = 8  # in the cache, of one's own pictures: 4 MB each
NO_PHOTOS = (
    "The points are test photos of CIFAR-10. They are shown by class only, since the pictures "
    "beside the pointer have no colours."
)
OWN = (
    "The points are your pictures, the training data. Their colours are your folders, which the "
    "network never sees. In k-NN no picture counts as its own neighbour."
)
ONE_CLASS = (
    "The points are your pictures. They are all in one folder, so there are no classes for k-NN."
)
NO_FOLDER = "no folder"


class Points(NamedTuple):
    """Shared by all visitors: treat the arrays as read-only."""

    kind: str  # what they are, in the plural
    pictures: np.ndarray | None  # uint8 (N, 28, 28), ink = 255; None: photos
    pixels: np.ndarray | None  # (N, 784) the pictures as vectors of length 1
    names: tuple[str, ...] | None  # of their classes; None: digits
    picked: int | None  # picked at first; None: points cannot be picked
    note: str = ""  # a caption for the film


def points_of(run: RunFolder) -> Points:
    """The points of a run with a snapshot. Raises GlimpseError where the first one is damaged."""
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
    """The pictures as they were when the run began."""
    run = RunFolder(Path(run_path))
    first = run.snapshot(run.snapshot_steps()[0])
    if "pictures" not in first:  # an older Glimpse tracked digits
        return _digits()
    from core.methods.simclr.pictures import names_in  # imports torch

    names = tuple(NO_FOLDER if folder == "." else folder for folder in names_in(first))
    pictures, note = first["pictures"], ONE_CLASS if len(names) == 1 else OWN
    return Points("pictures", pictures, unit_pixels(pictures), names, 0, note)
