"""The section Name ten alone, as wide as on its page, and another page to go to."""

import streamlit as st

from pages.parts.lifelong.name_ten import show_name_ten
from pages.parts.url_state import forget_warnings

st.set_page_config(layout="wide")


def name() -> None:
    with st.container(horizontal_alignment="center"), st.container(width=1280):
        show_name_ten()


def elsewhere() -> None:
    st.write("Nothing here.")


st.navigation([st.Page(name, default=True), st.Page(elsewhere)], position="top").run()
forget_warnings()
