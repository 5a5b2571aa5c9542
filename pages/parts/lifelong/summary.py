"""The learners side by side, and the networks they look through: what each knows, what it costs."""

import json
from typing import Any

import numpy as np
import streamlit as st

from core.figures.lifelong import feature_curves
from core.figures.numbers import two_digits
from core.methods.lifelong.features import FEATURES
from core.methods.lifelong.learners import LEARNERS as KINDS
from core.methods.lifelong.snapshot import ASKED, learner_names
from core.paths import ASSETS
from core.training.recording import open_recording
from core.training.series import Series
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.lifelong.frames import LABELS, LEARNERS, NAME, StreamFrames
from pages.parts.url_state import Choice, restore

PAGE_FEATURES = "alphabet"  # of the recorded run
BY_ANY = {name: LABELS[name] for name in learner_names("")}  # those that take any features
BY = Choice("features_by", "Learner", LABELS["means"], [*BY_ANY.values()])
CHART_HEIGHT = 300


@st.cache_data(max_entries=1, show_spinner=False)
def _study() -> dict[str, Any]:
    """See `core.studies.continual`."""
    study: dict[str, Any] = json.loads((ASSETS / "continual.json").read_text())
    return study


def show_summary(frames: StreamFrames) -> None:
    """A row a learner, of the recorded run; the seconds are of the study."""
    series = Series(open_recording(NAME))
    series.update()
    measured = _study()["curves"][PAGE_FEATURES]
    st.table(
        [
            {
                "Learner": f"**{LEARNERS[place]}** {kind.idea}",
                "Right at the end": percent(frames.accuracy[-1, place]),
                "Numbers kept": f"{series.curve(f'{name}_memory')[1][-1]:,.0f}",
                "Seconds": two_digits(measured[name]["seconds"]),
            }
            for place, (name, kind) in enumerate(KINDS.items())
        ]
    )
    n_classes, labels = frames.right.shape[2], frames.steps[-1] * frames.k_shot
    st.caption(
        f"All have the same {labels:,} labels, {frames.k_shot} of each character, and but for two "
        f"they look through the same network, which stays as it is. {LABELS['maml']}, moves a copy "
        f"of it, and forgets: {_remembered(frames, 'maml')}. {LABELS['oml']} looks through a copy "
        "that was trained on such streams of other characters, until steps on new ones spared the "
        f"old: {_remembered(frames, 'oml')}. Replay keeps {frames.replay} of each. The seconds are "
        f"of one processor core, to learn all {n_classes:,} classes. This is one order of the "
        "characters; the means of ten orders are below."
    )


def _remembered(frames: StreamFrames, name: str) -> str:
    """What a learner knows at the end of the last tenth of the classes, and of those before."""
    right = frames.right[-1, frames.names.index(name)]
    newest = len(right) // 10
    share = right / ASKED
    return (
        f"it knows {percent(share[-newest:].mean())} of the drawings of the last {newest} "
        f"characters, and {percent(share[:-newest].mean())} of the others"
    )


def percent(share: float) -> str:
    """87.8 %, on one line."""
    return f"{100 * share:.1f}\u00a0%"


def show_features() -> None:
    """What a learner knows through each network, by what that was trained on."""
    study = _study()
    st.markdown(
        "A learner can only tell apart what its network tells apart. The same learner, the same "
        "characters, five ways to look at them: for class means, **generated strokes, without a "
        "single human label, are nearly as good as 806 labelled characters**."
    )
    restore(BY)
    chart_side, words_side = st.columns([3, 2], gap="large")
    with words_side:
        by = st.selectbox("Learner", BY.options, key=BY.key, bind="query-params")
        name = next(name for name, label in BY_ANY.items() if label == by)
        rows = {
            feature.label: study["curves"][each][name]["held_out"]
            for each, feature in FEATURES.items()
        }
        st.table(
            [
                {"Features": feature.label, "trained on": feature.seen,
                 "Right": percent(rows[feature.label][-1][0])}
                for feature in FEATURES.values()
            ]
        )  # fmt: skip
    with chart_side:
        met = np.array(study["met"])
        bands = {label: tuple(np.array(curve).T) for label, curve in rows.items()}
        live_figure(
            feature_curves(met, bands),
            key="lifelong-features",
            height=CHART_HEIGHT,
            alt=f"Accuracy of {by} on all classes so far, by what the network was trained on",
        )
        st.caption(
            f"Means of {study['orders']} orders of the characters, with 95 % intervals, measured by"
        )
        st.code(study["command"], language="bash", wrap_lines=True)
