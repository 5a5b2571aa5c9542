"""Inpainting: paint over a digit and see what the network thinks was there."""

import streamlit as st

from core.registry import load_method
from pages.parts.inpainting_inside import look_inside
from pages.parts.inpainting_see import see_it
from pages.parts.inpainting_training import PANELS, PRESETS, draw
from pages.parts.inpainting_words import NAME
from pages.parts.live import live_view

st.title("Inpainting", anchor=False)
st.markdown("**Paint over the digit.** A network that sees only the rest says what was there.")
see_it()
st.header("Train it", anchor=False, divider="gray")
live_view(NAME, load_method(NAME).Config, draw, presets=PRESETS, panels=PANELS)
st.header("Look inside", anchor=False, divider="gray")
look_inside()
