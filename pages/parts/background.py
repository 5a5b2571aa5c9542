"""Work beside the page: a visitor waits for one thing of a kind, and the page answers meanwhile."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from typing import Any

import streamlit as st

GRACE_S = 0.1  # an answer within it needs no second look
POLL_S = 0.3


def asked(slot: str, wish: Hashable, submit: Callable[[], "Future[Any]"]) -> "Future[Any]":
    """What this visitor waits for in a slot of the session, begun where there is none.

    Another wish that was waited for is called off, unless it has begun.
    """
    before, future = st.session_state.get(slot, (None, None))
    if future is not None and before == wish:
        return future  # type: ignore[no-any-return]
    if future is not None:
        future.cancel()
    begun = submit()
    st.session_state[slot] = wish, begun
    return begun


def show_until_done(future: "Future[Any]", words: str) -> bool:
    """Whether it is done; else the words are shown, and the page runs again once it is."""
    wait([future], GRACE_S)
    if future.done():
        return True
    st.fragment(run_every=POLL_S)(_await)(future, words)
    return False


def _await(future: "Future[Any]", words: str) -> None:
    if future.done():
        st.rerun()
    st.caption(words)
