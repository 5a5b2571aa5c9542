"""The task that *Another task* will show: it is learnt while a person looks at the one before."""

import threading
from contextlib import suppress
from dataclasses import replace

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from pages.parts import warmup
from pages.parts.few_shot.adaptation import adapt
from pages.parts.few_shot.networks import Networks
from pages.parts.few_shot.none_of_these import task_distances
from pages.parts.few_shot.task_choice import LAST_TASK, STEP, TASK, TaskChoice

NEXT = "next-task"  # in session state: its number
THREAD = "next-task"  # its name
_preparing = threading.Lock()


def show_next() -> None:
    """Changes to the next task, before its first step: its film begins anew."""
    number = st.session_state.pop(NEXT, None)
    st.session_state[TASK.key] = _any_number() if number is None else number
    st.session_state[STEP] = 0


def prepare_next(choice: TaskChoice, networks: Networks) -> None:
    """Has the network learn the next task like `choice` in the background, if a server runs.

    One at a time: while a control is moved, its task is learnt first.
    """
    if NEXT not in st.session_state:
        st.session_state[NEXT] = _any_number()
    if warmup.has_begun() and _preparing.acquire(blocking=False):
        upcoming = replace(choice, number=st.session_state[NEXT])
        threading.Thread(target=_learn, args=(upcoming, networks), name=THREAD).start()


def _learn(choice: TaskChoice, networks: Networks) -> None:
    try:
        with suppress(GlimpseError):  # the page says why, where it is shown
            adapt(choice, networks.answering)
            task_distances(choice, networks.answering)
    finally:
        _preparing.release()


def _any_number() -> int:
    return int(np.random.default_rng().integers(LAST_TASK + 1))
