"""A page with the drawing of an alphabet alone, and another page to go to."""

import streamlit as st

from pages.parts.few_shot.alphabet import draw_your_alphabet

st.set_page_config(layout="wide")


def draw() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=1280):
        draw_your_alphabet()


def elsewhere() -> None:
    st.title("Elsewhere")


st.navigation([st.Page(draw, default=True), st.Page(elsewhere)], position="top").run()
