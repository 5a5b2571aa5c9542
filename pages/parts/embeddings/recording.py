"""The recorded run of the Embeddings page as arrays, read once for the whole server."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.evaluation.neighbour_lookup import most_changed, nearest_labels, unit_pixels
from core.evaluation.projection import aligned_components
from core.training.recording import open_recording
from core.training.series import Series
from pages.parts.embeddings.tracked_digits import tracked_digits

NAME = "simclr"
PROJECTION = "projection"  # in session state and in the address
# Number of principal components; None for t-SNE, whose layout is in the snapshots.
PROJECTIONS = {"t-SNE": None, "PCA": 2, "PCA in 3-D": 3}


class Recording(NamedTuple):
    """Shared by all visitors: treat the arrays as read-only."""

    steps: list[int]  # (F,)
    labels: np.ndarray  # (1000,)
    embedding: np.ndarray  # (F, 1000, 16) principal components of the features of length 1
    pixels: np.ndarray  # (1000, 784) the pictures as vectors of length 1
    layouts: dict[str, np.ndarray]  # for each projection (F, 1000, 2 or 3)
    nearest: np.ndarray  # (F, 1000) label of each point's nearest neighbour
    picked: int  # the digit whose neighbours changed most


def laid_out(snapshots: Sequence[Mapping[str, np.ndarray]], projection: str) -> np.ndarray:
    """The points of a run's snapshots in a projection, one of PROJECTIONS: (F, 1000, 2 or 3)."""
    axes = PROJECTIONS[projection]
    if axes is None:
        return np.stack([snapshot["layout"] for snapshot in snapshots]).astype(np.float32)
    embedding = np.stack([snapshot["embedding"] for snapshot in snapshots]).astype(np.float32)
    return aligned_components(embedding, axes)


@st.cache_resource(max_entries=1, show_spinner=False)
def recorded_run() -> Recording:
    """The frames of the recorded run."""
    run = open_recording(NAME)
    steps = run.snapshot_steps()
    snapshots = [run.snapshot(step) for step in steps]
    labels = snapshots[0]["labels"]
    embedding = np.stack([snapshot["embedding"] for snapshot in snapshots]).astype(np.float32)
    return Recording(
        steps=steps,
        labels=labels,
        embedding=embedding,
        pixels=unit_pixels(tracked_digits()),
        layouts={name: laid_out(snapshots, name) for name in PROJECTIONS},
        nearest=np.stack([nearest_labels(frame, labels) for frame in embedding]),
        picked=most_changed(embedding[0], embedding[-1], labels),
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def recorded_series() -> Series:
    """The scalars of the recorded run."""
    series = Series(open_recording(NAME))
    series.update()
    return series
