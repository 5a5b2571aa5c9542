"""The stream of a learner that asks, made once for all visitors, and what each way makes of it."""

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.paths import ASSETS

if TYPE_CHECKING:
    from core.methods.lifelong.asking import Course, Drawings

CLASSES, FEATURES, SEED = 100, "alphabet", 0
LOWEST, HIGHEST = 0.3, 1.2  # thresholds to choose from
THRESHOLDS = tuple(round(LOWEST + 0.05 * place, 2) for place in range(19))  # of the dotted line
THIS_WAY, EVERYTHING, AT_RANDOM = "asks above the threshold", "asks about everything", "at random"


@st.cache_data(max_entries=1, show_spinner=False)
def study() -> dict[str, Any]:
    """See `core.studies.asking`."""
    measured: dict[str, Any] = json.loads((ASSETS / "asking.json").read_text())
    return measured


@st.cache_resource(max_entries=1, show_spinner="Embedding the drawings …")
def drawings_to_ask_about() -> "Drawings":
    """Characters of the evaluation alphabets, as the recorded network sees them. Read-only."""
    from core.methods.lifelong.asking import arriving
    from core.methods.lifelong.features import load_features
    from core.methods.lifelong.stream import stream_pictures

    return arriving(stream_pictures("omniglot", CLASSES, SEED), load_features(FEATURES), SEED)


@st.cache_resource(max_entries=50, show_spinner=False)
def courses(threshold: float) -> dict[str, "Course"]:
    """The whole stream by each way; at random with as many labels. Read-only."""
    from core.methods.lifelong.asking import above, at_random, run_course

    drawings = drawings_to_ask_about()
    by_threshold = run_course(drawings, above(threshold))
    same_labels = at_random(len(drawings.truth), int(by_threshold.labels[-1]), SEED)
    return {
        THIS_WAY: by_threshold,
        EVERYTHING: _of_everything(),
        AT_RANDOM: run_course(drawings, same_labels),
    }


@st.cache_resource(max_entries=1, show_spinner=False)
def _of_everything() -> "Course":
    from core.methods.lifelong.asking import everything, run_course

    return run_course(drawings_to_ask_about(), everything)


@st.cache_data(max_entries=1, show_spinner=False)
def ends() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The labels, the shares right and the thresholds (T,) of whole streams."""
    from core.methods.lifelong.asking import above, run_course

    drawings = drawings_to_ask_about()
    last = [run_course(drawings, above(each), checks=1) for each in THRESHOLDS]
    labels, right = (np.concatenate([each[place] for each in last]) for place in (0, 1))
    return labels, right, np.array(THRESHOLDS)
