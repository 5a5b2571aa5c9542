"""A stream of one's own while it runs: its film, its charts, and the presets of the form."""

import streamlit as st

from core.methods.lifelong.snapshot import LEARNER_NAMES
from core.training.status import ACTIVE
from pages.parts.lifelong.film import film
from pages.parts.lifelong.frames import COLOURS, stream_of
from pages.parts.plain_text import plain
from pages.parts.training.form import Preset
from pages.parts.training.live_view import Moment, Panel

PRESETS = {
    "A hundred characters": Preset(
        {},
        "Each character comes once, five drawings of it in a row. Look at fine-tuning: it always "
        "knows the last one, and no other.",
    ),
    "Shuffled": Preset(
        {"sortedness": 0.0},
        "The same examples in random order. Fine-tuning remembers far more, replay as much as it "
        "can; class means, LDA and ridge end exactly where they end when sorted.",
        rival={},
    ),
    "One example": Preset(
        {"k_shot": 1},
        "A single drawing of each class, and it is enough for most. With one example there is "
        "nothing to average: class means become the nearest example.",
    ),
    "No human label": Preset(
        {"features": "strokes"},
        "The network has seen generated strokes alone: no real drawing, and no label by a person. "
        "Its features are nearly as good as those learned from labelled characters.",
        rival={},
    ),
    "Pixels": Preset(
        {"features": "pixels"},
        "No network at all. Nothing is forgotten here either, but little was known: means do not "
        "forget, and good features make them right.",
        rival={},
    ),
}
PANELS = (
    Panel(
        "Right on all classes so far",
        [f"{name}_accuracy" for name in LEARNER_NAMES],
        percent=True,
        colours={f"{name}_accuracy": colour for name, colour in COLOURS.items()},
    ),
)


def draw(moment: Moment) -> None:
    """The film of the run so far; of two runs one below the other."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    for side in sides:
        if side.name:
            st.markdown(f"**{plain(side.name)}**")
        is_active = side.run.status().state in ACTIVE
        frames = stream_of(side.run)
        film(
            frames,
            f"{side.run.key}-film",
            f"{frames.right.shape[2]:,} characters of a stream, up to step {frames.steps[-1]:,}",
            live=is_active,
        )
