"""Embeddings: watch SimCLR sort digits that it was given no labels for."""

import streamlit as st

from core.registry import load_method
from pages.parts.embedding_away import take_embedding_away
from pages.parts.embedding_film import NAME, see_it
from pages.parts.embedding_inside import look_inside
from pages.parts.embedding_labels import what_labels_are_worth
from pages.parts.embedding_training import PANELS, PRESETS, draw
from pages.parts.live import live_view
from pages.parts.views_bench import two_views

st.title("Embeddings", anchor=False)
st.markdown(
    "**SimCLR** gets two random views of each picture and learns to tell which belong together. "
    "It never sees a label: the colours are added afterwards, to 1,000 digits that it did not "
    "train on."
)
see_it()
with st.expander("Take it away", icon=":material/download:"):
    take_embedding_away()
st.header("The two views", anchor=False, divider="gray")
two_views()
st.header("Train it", anchor=False, divider="gray")
live_view(
    NAME,
    load_method(NAME).Config,
    draw,
    presets=PRESETS,
    panels=PANELS,
    scrubber=False,
)
st.header("Look inside", anchor=False, divider="gray")
look_inside()
what_labels_are_worth()
