"""Inpainting: paint over a digit and see what the network thinks was there."""

import streamlit as st

from core.registry import load_method
from pages.parts.inpainting.analysis import show_analysis
from pages.parts.inpainting.painting import see_it
from pages.parts.inpainting.training import PANELS, PRESETS, draw
from pages.parts.inpainting.words import NAME
from pages.parts.training.live_view import live_view

st.title("Inpainting", anchor=False)
st.markdown("**Paint over the digit.** A network that sees only the rest says what was there.")
see_it()
st.header("Train it", anchor=False, divider="gray")
live_view(NAME, load_method(NAME).Config, draw, presets=PRESETS, panels=PANELS)
st.header("Look inside", anchor=False, divider="gray")
show_analysis()
