"""What is said while a page that this server has not shown yet is being prepared."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

WAITING = (
    ":material/hourglass_top: Glimpse has just been started: this page loads its networks, which "
    "takes some seconds the first time."
)
_shown: set[str] = set()  # pages that were drawn to their end in this server


@contextmanager
def content_of(page: str) -> Iterator[None]:
    """The place of a page's content. What is still to come has a sentence below it at first."""
    content, below = st.container(), st.empty()
    if page not in _shown:
        below.markdown(WAITING)
    with content:
        yield
    below.empty()
    _shown.add(page)
