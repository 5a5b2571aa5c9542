"""Inpainting: paint over a digit, and networks complete it."""

import streamlit as st

from core.registry import load_method
from pages.parts.inpainting.analysis import show_analysis
from pages.parts.inpainting.painting import show_painting
from pages.parts.inpainting.training import PANELS, PRESETS, draw
from pages.parts.inpainting.words import NAME
from pages.parts.training.live_view import live_view

st.title("Inpainting", anchor=False)
st.markdown("**Paint over the digit.** A network sees only the rest, and completes it.")
show_painting()
st.header("Train it", anchor=False, divider="gray")
live_view(NAME, load_method(NAME).Config, draw, presets=PRESETS, panels=PANELS)
st.header("Look inside", anchor=False, divider="gray")
show_analysis()
