"""One of the shipped digits: the next of a class, or a random one.

The digit's index is kept in session state under a `slot` of the caller's.
"""

import numpy as np
import streamlit as st


def class_pills(labels: np.ndarray, *, slot: str, key: str, show_label: bool = False) -> None:
    """The ten classes, that of the digit marked; a press goes to the next digit of the class.

    `labels` (N,) are the classes of all digits, `key` is that of the pills.
    """
    st.session_state[key] = int(labels[st.session_state[slot]])
    st.pills(
        "Class", range(10), required=True, wrap=True, key=key,
        label_visibility="visible" if show_label else "collapsed",
        on_change=lambda: _go_to_class(labels, st.session_state[key], slot),
    )  # fmt: skip


def next_and_random(labels: np.ndarray, *, slot: str) -> None:
    """Buttons for the next digit of the same class, and for a random one of any class."""
    label = int(labels[st.session_state[slot]])
    st.button(
        "Next", icon=":material/skip_next:", on_click=_go_to_class, args=(labels, label, slot),
        help="The next digit of this class.",
    )  # fmt: skip
    st.button("Random", icon=":material/shuffle:", on_click=_go_anywhere, args=(len(labels), slot))


def next_of_class(labels: np.ndarray, label: int, index: int) -> int:
    """The first digit of a class after `index`, from the beginning again where there is none."""
    members = np.flatnonzero(labels == label)
    later = members[members > index]
    return int((later if len(later) else members)[0])


def _go_to_class(labels: np.ndarray, label: int | None, slot: str) -> None:
    """Stays at the digit where there is none of the class, as none is chosen on the page."""
    if label is not None and np.isin(label, labels):
        st.session_state[slot] = next_of_class(labels, label, st.session_state[slot])


def _go_anywhere(count: int, slot: str) -> None:
    st.session_state[slot] = int(np.random.default_rng().integers(count))
