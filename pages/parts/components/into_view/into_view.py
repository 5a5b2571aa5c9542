"""Scrolls a page to the part that a link asks for."""

import streamlit as st

from pages.parts.components.frontend import frontend

LOOK = "look"  # parameter of the address that names the part

_mount = st.components.v2.component("into_view", **frontend("into_view/into_view"))


def column_into_view(name: str) -> None:
    """Scrolls to the column that this is called in if the address has `look=<name>`.

    The parameter is then removed from the address: a link to the page shows its top again. Call
    this last in the column, after everything above it is drawn.
    """
    key = f"{name}-into-view"
    if st.query_params.get(LOOK) == name:
        del st.query_params[LOOK]
        st.session_state[key] = st.session_state.get(key, 0) + 1
    if key in st.session_state:
        _mount(key=key, data={"asked": f"{name} {st.session_state[key]}"})
