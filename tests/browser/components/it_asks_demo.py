"""The section It asks alone, as wide as on its page."""

import streamlit as st

from pages.parts.lifelong.it_asks import show_it_asks
from pages.parts.url_state import forget_warnings

st.set_page_config(layout="wide")

with st.container(horizontal_alignment="center"), st.container(width=1280):
    show_it_asks()
forget_warnings()
