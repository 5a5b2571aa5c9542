"""The digits that are the points of every embedding, save those of photos."""

import numpy as np
import streamlit as st

from core.data.catalog import PHOTOS
from core.paths import ASSETS
from core.training.run_folder import RunFolder


@st.cache_data(max_entries=1)
def tracked_digits() -> np.ndarray:
    """The digits (1000, 28, 28) uint8 that are the points: read here without torch."""
    with np.load(ASSETS / "digits.npz", allow_pickle=False) as arrays:
        images: np.ndarray = arrays["held_out_images"]
    return images


def is_of_photos(run: RunFolder) -> bool:
    """Whether the points of a run of SimCLR are photos, not digits."""
    return bool(run.config.get("source") == PHOTOS)
