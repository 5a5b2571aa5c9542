"""A page with the teaching of own symbols alone, and another page to go to."""

import streamlit as st

from core.methods.lifelong.config import LifelongConfig
from pages.parts.lifelong.teach import show_teach

st.set_page_config(layout="wide")


def teach() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=1280):
        show_teach(LifelongConfig())


def elsewhere() -> None:
    st.title("Elsewhere")


st.navigation([st.Page(teach, default=True), st.Page(elsewhere)], position="top").run()
