"""A page with two pixel canvases, and another page to go to."""

import json

import numpy as np
import streamlit as st

from pages.parts.components.canvas.canvas import Painted, pixel_canvas

ROWS, COLUMNS = np.mgrid[:28, :28]
PICTURES = {
    "Ring": np.uint8(255) * (np.abs(np.hypot(ROWS - 14, COLUMNS - 14) - 8) < 2).astype(np.uint8),
    "Slope": (ROWS * 4 + COLUMNS * 5).astype(np.uint8),
}
TOP_HALF = ROWS < 14


def print_pixels(name: str, painted: Painted) -> None:
    st.code(json.dumps({name: np.flatnonzero(painted).tolist()}), wrap_lines=True)


def hide() -> None:
    picture = PICTURES[st.radio("Picture", list(PICTURES))]
    if st.button("Hide the top"):
        st.session_state["preset"] = st.session_state.get("preset", 0) + 1
    preset = TOP_HALF if "preset" in st.session_state else None
    painted = pixel_canvas(
        picture,
        key="hide",
        label="Mask over the picture",
        preset=preset,
        revision=st.session_state.get("preset", 0),
    )
    print_pixels("hide", painted)


def draw() -> None:
    blank = np.zeros((28, 28), np.uint8)
    print_pixels("draw", pixel_canvas(blank, key="draw", label="A character", mode="draw"))


st.navigation([st.Page(hide, default=True), st.Page(draw)]).run()
