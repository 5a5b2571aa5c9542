"""A page with two pixel canvases, and another page to go to."""

import json

import numpy as np
import streamlit as st

from pages.parts.components.canvas.canvas import Painted, drawing_canvas, mask_canvas

ROWS, COLUMNS = np.mgrid[:28, :28]
PICTURES = {
    "Ring": np.uint8(255) * (np.abs(np.hypot(ROWS - 14, COLUMNS - 14) - 8) < 2).astype(np.uint8),
    "Ramp": (ROWS * 4 + COLUMNS * 5).astype(np.uint8),
}
BOTTOM_HALF = (ROWS >= 14).astype(np.uint8)  # is visible


def print_pixels(name: str, painted: Painted) -> None:
    st.code(json.dumps({name: np.flatnonzero(painted).tolist()}), wrap_lines=True)


def hide() -> None:
    picture = PICTURES[st.radio("Picture", list(PICTURES))]
    if st.button("Hide the top"):
        st.session_state["preset"] = st.session_state.get("preset", 0) + 1
    preset = BOTTOM_HALF if "preset" in st.session_state else None
    visible = mask_canvas(
        picture,
        key="hide",
        label="Mask over the picture",
        preset=preset,
        revision=st.session_state.get("preset", 0),
    )
    print_pixels("hide", visible == 0)


def draw() -> None:
    blank = np.zeros((28, 28), np.uint8)
    print_pixels("draw", drawing_canvas(blank, key="draw", label="A character"))


st.navigation([st.Page(hide, default=True), st.Page(draw)]).run()
