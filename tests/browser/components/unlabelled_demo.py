"""The section Unlabelled drawings help alone, as wide as on its page."""

import streamlit as st

from pages.parts.lifelong.unlabelled import show_unlabelled
from pages.parts.url_state import forget_warnings

st.set_page_config(layout="wide")

with st.container(horizontal_alignment="center"), st.container(width=1280):
    show_unlabelled()
forget_warnings()
