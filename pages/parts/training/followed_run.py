"""A run that the live view follows, and its scalars."""

from dataclasses import dataclass

import streamlit as st

from core.training.run_folder import RunFolder
from core.training.series import Series


@dataclass(frozen=True)
class FollowedRun:
    """A run, and its name where two are compared."""

    run: RunFolder
    name: str = ""


def series_of(run: RunFolder, place: int) -> Series:
    """The scalars of the first or second run. Kept in the session, so that only new rows are read.

    `place` is 0 or 1. A long file is read a little at a time: see `Series.is_behind`.
    """
    key = f"live-series-{place}"
    kept = st.session_state.get(key)
    if not isinstance(kept, Series) or kept.run.path != run.path:
        kept = st.session_state[key] = Series(run)
    kept.update_a_little()
    return kept
