"""Embeddings: watch SimCLR sort digits without ever seeing a label."""

import streamlit as st

from core.registry import load_method
from pages.parts.embeddings.analysis import show_analysis
from pages.parts.embeddings.augmentation_demo import show_augmentation_demo
from pages.parts.embeddings.downloads import offer_embedding_downloads
from pages.parts.embeddings.film import NAME, show_film
from pages.parts.embeddings.labels import show_label_efficiency
from pages.parts.embeddings.training import PANELS, PRESETS, draw
from pages.parts.training.live_view import live_view

st.title("Embeddings", anchor=False)
st.markdown(
    "**SimCLR** gets two random views of each picture and learns which views belong together. "
    "It never sees a label: the colours are added afterwards, to 1,000 digits that it was not "
    "trained on."
)
show_film()
with st.expander("Download", icon=":material/download:"):
    offer_embedding_downloads()
st.header("The two views", anchor=False, divider="gray")
show_augmentation_demo()
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
show_label_efficiency()
