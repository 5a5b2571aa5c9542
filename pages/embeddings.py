"""Embeddings: watch SimCLR sort digits that it was given no labels for."""

import streamlit as st

from core.registry import load_method
from pages.parts.embeddings.analysis import show_analysis
from pages.parts.embeddings.augmentation_demo import two_views
from pages.parts.embeddings.downloads import offer_embedding_downloads
from pages.parts.embeddings.film import NAME, see_it
from pages.parts.embeddings.labels import what_labels_are_worth
from pages.parts.embeddings.training import PANELS, PRESETS, draw
from pages.parts.training.live_view import live_view

st.title("Embeddings", anchor=False)
st.markdown(
    "**SimCLR** gets two random views of each picture and learns to tell which belong together. "
    "It never sees a label: the colours are added afterwards, to 1,000 digits that it did not "
    "train on."
)
see_it()
with st.expander("Take it away", icon=":material/download:"):
    offer_embedding_downloads()
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
show_analysis()
what_labels_are_worth()
