"""The parts of a long page: a heading for each, and links to them at the top."""

from collections.abc import Sequence

import streamlit as st


def show_links(titles: Sequence[str]) -> None:
    """Links to the sections of a page, in one line that wraps."""
    links = [f"[{title}](#{_anchor(title)})" for title in titles]
    st.markdown(f":small[{' · '.join(links)}]")


def section(title: str) -> None:
    """The heading of a section, which a link can lead to."""
    st.header(title, anchor=_anchor(title), divider="gray")


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")
