"""The digits that are the points of every embedding."""

import numpy as np
import streamlit as st

from core.paths import ASSETS


@st.cache_data(max_entries=1)
def watched_digits() -> np.ndarray:
    """The digits (1000, 28, 28) uint8 that are the points: read here without torch."""
    with np.load(ASSETS / "digits.npz", allow_pickle=False) as arrays:
        images: np.ndarray = arrays["held_out_images"]
    return images
