"""The feature maps of the U-Net for the digit and the mask on screen."""

import streamlit as st

from core.figures.inpainting import map_sheet
from pages.parts.components.canvas.canvas import Mask
from pages.parts.inpainting.digit import Digit
from pages.parts.inpainting.words import NAME
from pages.parts.shipped import shipped_inpainting

CAPTIONS = {  # by level of the network, in the order of its layers
    "14 × 14, going in": "These maps follow the strokes that are visible.",
    "7 × 7": "Here every position has seen every other one.",
    "14 × 14, coming out": "Strokes appear where the mask hides them.",
}
SHEET_COLUMNS = 16
MAP_WIDTH = 56  # pixels of the sheet


def show_feature_maps(digit: Digit, visible: Mask) -> None:
    """A choice of the level, and its maps."""
    from core.methods.inpainting.features import feature_maps

    levels = list(CAPTIONS)
    level = st.segmented_control(
        "Level", levels, key="inpainting-level", default=levels[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    maps = feature_maps(shipped_inpainting(NAME), digit.picture, visible, level)
    st.image(
        map_sheet(maps, columns=SHEET_COLUMNS, scale=MAP_WIDTH // maps.shape[1]),
        width="stretch",
        alt=f"{len(maps)} feature maps at {level}",
    )
    st.caption(
        f"{len(maps)} channels, each on its own scale: amber is above zero, blue below. "
        f"{CAPTIONS[level]}"
    )
