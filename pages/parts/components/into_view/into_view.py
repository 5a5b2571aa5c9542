"""What a link asks to be shown: the page opens where it is, not at its top."""

import streamlit as st

from pages.parts.components.frontend import frontend

LOOK = "look"  # in the address: what to look at first

_mount = st.components.v2.component("into_view", **frontend("into_view/into_view"))


def column_into_view(name: str) -> None:
    """Scrolls to the column that this is called in where the address says `look=<name>`.

    It does so once: the address forgets it, so that a link to the page as it is now leads to its
    top again. Called last in the column, when what is above it is there.
    """
    key = f"{name}-into-view"
    if st.query_params.get(LOOK) == name:
        del st.query_params[LOOK]
        st.session_state[key] = st.session_state.get(key, 0) + 1
    if key in st.session_state:
        _mount(key=key, data={"asked": f"{name} {st.session_state[key]}"})
