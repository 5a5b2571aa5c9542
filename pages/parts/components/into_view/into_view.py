"""Scrolls a page to the part that a link asks for."""

import streamlit as st

from pages.parts.components.frontend import frontend

LOOK = "look"  # parameter of the address that names the part

_mount = st.components.v2.component("into_view", **frontend("into_view/into_view"))


def bring_into_view(name: str) -> None:
    """Has `column_into_view` scroll to its column in the next run, as after a press of a button.

    Where the head of the column is in sight already, the page stays as it is.
    """
    _ask(name, is_pressed=True)


def column_into_view(name: str) -> None:
    """Scrolls to the column that this is called in if the address has `look=<name>`.

    The parameter is then removed from the address: a link to the page shows its top again. Call
    this last in the column, after everything above it is drawn.
    """
    if st.query_params.get(LOOK) == name:
        del st.query_params[LOOK]
        _ask(name, is_pressed=False)
    key = _key(name)
    if key in st.session_state:
        count, is_pressed = st.session_state[key]
        _mount(key=f"{key}-mounted", data={"asked": f"{name} {count}", "pressed": is_pressed})


def section_into_view() -> None:
    """Scrolls to the section that the address names behind `#`, and stays there as above.

    The browser scrolls to it too, but before the parts above have their heights.
    """
    _mount(key="section-into-view", data={"asked": "section"})


def _ask(name: str, is_pressed: bool) -> None:
    count, _ = st.session_state.get(_key(name), (0, False))
    st.session_state[_key(name)] = count + 1, is_pressed


def _key(name: str) -> str:
    return f"{name}-into-view"
