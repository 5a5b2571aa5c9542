"""Downloads of a curve that is learnt: animations, a table, and the network that MAML trained."""

from typing import Any

import streamlit as st

from core.export.curve_gif import curve_gif
from core.export.curve_html import curve_html
from core.export.curve_table import curve_table
from core.export.film import Caption
from core.figures.sinusoid import Fit, Task
from core.figures.words import counted
from pages.parts.card import load_card
from pages.parts.downloads import offer_downloads, weights_download
from pages.parts.few_shot.downloads import step_downloads
from pages.parts.few_shot.sinusoid_controls import AMPLITUDE, CURVE, PHASE, RATE
from pages.parts.few_shot.sinusoid_networks import WEIGHTS


def offer_curve_downloads(task: Task, fits: list[Fit]) -> None:
    """The *Download* section of the curve on screen."""
    card = load_card(WEIGHTS)
    caption = Caption(_title(task), _about_curve(), _model(card), card["command"])
    stem = f"few-shot-sinusoid-{st.session_state[CURVE]}"
    files = step_downloads(
        stem,
        lambda: curve_gif(task, fits, caption),
        lambda: curve_html(task, fits, caption),
        lambda: curve_table(task, fits),
        "The curve, every prediction of it after every step, and the errors.",
    )
    offer_downloads(
        [*files, weights_download(WEIGHTS)],
        card["command"],
        key="sine",
    )


def _title(task: Task) -> str:
    return f"A sine curve learnt from {counted(len(task.support_x), 'point')}"


def _about_curve() -> str:
    state = st.session_state
    rate = f" · inner rates × {state[RATE]}" if state[RATE] != "1" else ""
    return (
        f"Sinusoids · curve {state[CURVE]} · amplitude {state[AMPLITUDE]:g}, phase "
        f"{state[PHASE]:g}{rate}"
    )


def _model(card: dict[str, Any]) -> str:
    config = card["config"]
    return (
        f"MAML: weights shipped with Glimpse, trained on curves with {config['k_shot']} points for "
        f"{card['steps']:,} meta-updates, seed {config['seed']}"
    )
