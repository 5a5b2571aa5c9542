"""The section on sinusoids alone, as wide as on its page, and another page to go to."""

import streamlit as st

from pages.parts.few_shot.sinusoid import sinusoid_view

st.set_page_config(layout="wide")


def curves() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=1280):
        sinusoid_view()


def elsewhere() -> None:
    st.write("Nothing here.")


st.navigation([st.Page(curves, default=True), st.Page(elsewhere)], position="top").run()
