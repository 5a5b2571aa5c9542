"""Work in the background: a visitor waits for one result of a kind while the page stays usable."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from typing import Any

import streamlit as st

from pages.parts.url_state import hold_warnings

GRACE_S = 0.1  # a result within it needs no second run of the page
POLL_S = 0.3


def request_in_background(
    slot: str, request: Hashable, submit: Callable[[], "Future[Any]"]
) -> "Future[Any]":
    """The result of a request, which is submitted unless this visitor already waits for it.

    A session has one request a `slot` (a key of the session state): a new one cancels the one
    before, unless that has begun.
    """
    before, future = st.session_state.get(slot, (None, None))
    if future is not None and before == request:
        return future  # type: ignore[no-any-return]
    if future is not None:
        future.cancel()
    submitted = submit()
    st.session_state[slot] = request, submitted
    return submitted


def show_until_done(future: "Future[Any]", message: str) -> bool:
    """Shows the message until the result is there, then runs the page again.

    Returns whether the result is there now; if so nothing is shown.
    """
    wait([future], GRACE_S)
    if future.done():
        return True
    hold_warnings()
    st.fragment(run_every=POLL_S)(_poll)(future, message)
    return False


def _poll(future: "Future[Any]", message: str) -> None:
    if future.done():
        st.rerun()
    st.caption(message)
