"""The regression of MAML's paper, live: one curve, a few points on it, three initialisations.

Finn et al. 2017, section 5.1 and figure 2: MAML fits the half of the curve where it saw nothing.
"""

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.figures.sinusoid import COLOURS, Fit, Task, divergence, fit_alt
from core.figures.sinusoid_race import WHOLE, blind_place, lane_of
from core.figures.words import counted
from pages.parts.card import load_card
from pages.parts.components.curve_pad.curve_pad import Panel, Points, curve_pad
from pages.parts.few_shot.sinusoid_controls import (
    PAD,
    PLAYER,
    RATE,
    SCALES,
    SNAP,
    STEPS,
    X_AXIS,
    Y_AXIS,
    current_points,
    draw_controls,
    height,
    restore_settings,
    step_bar,
)
from pages.parts.few_shot.sinusoid_downloads import offer_curve_downloads
from pages.parts.few_shot.sinusoid_networks import OwnRun, networks, own_run_or_why
from pages.parts.few_shot.sinusoid_race import SENTENCE_KEY, show_curve_race
from pages.parts.few_shot.sinusoid_sentences import fit_sentence

PLACES = 101  # of the curve, at which predictions are drawn and errors measured

INTRO = (
    "A network learns a sine curve from a few of its points: **in every panel the same small "
    "network takes as many gradient steps on the same points**, from other initial weights. MAML "
    "has learned how large its steps are, too."
)
ABOUT = (
    "*MAML* was trained to adapt to such curves, and its inner rates with it. "
    "*Pre-trained* was trained to fit all of them at once, and *Random* was not trained: both step "
    "at the fixed rate that MAML's began with."
)
ABOUT_OWN = " *Local run* is the one below, at its newest checkpoint."
TEXT_KEY = "sine-sentence"
# Texts that change have room for what they may become, so that nothing jumps while it plays.
STEADY = f"""<style>
.st-key-{TEXT_KEY}, .st-key-{SENTENCE_KEY} {{ min-height: 5rem; }}
@media (max-width: 640px) {{
  .st-key-{TEXT_KEY}, .st-key-{SENTENCE_KEY} {{ min-height: 12rem; }}
}}
</style>"""


def sinusoid_view() -> None:
    """Points to be placed by hand on a curve, and what three networks learn from them."""
    st.markdown(INTRO)
    own = own_run_or_why()  # not asked for by the timer: one checkpoint is played to its end
    PLAYER.show(lambda: _curve_and_race(own))


def _curve_and_race(own: OwnRun | None) -> None:
    """A fragment; a timer runs it while the inner steps are played."""
    restore_settings()
    step = step_bar()
    points, by_hand = current_points()
    pad, text = st.container(), st.container(key=TEXT_KEY)
    draw_controls(len(points) if by_hand else None)
    try:
        with pad:
            task, fits = _pad_and_fits(points, step, own)
    except GlimpseError as error:
        st.error(str(error))
        return
    with text:
        if len(task.support_x) == 0:
            _warn_of_nothing()
            return
        st.markdown(f":material/visibility: {fit_sentence(task, fits, step)}")
        _warn_of_divergence(task, fits)
    st.html(STEADY)
    show_curve_race(task, fits, step, own)
    st.caption(ABOUT + (ABOUT_OWN if own else ""))
    st.caption(_card_errors())
    downloads = st.expander(
        "Download", icon=":material/download:", key="sine-downloads", on_change="rerun"
    )
    if downloads.open:  # a closed one computes nothing: it would delay every step
        with downloads:
            offer_curve_downloads(task, fits)


def _pad_and_fits(points: Points, step: int, own: OwnRun | None) -> tuple[Task, list[Fit]]:
    """Shows the pad with the points and the predictions; returns the task and its fits."""
    x = np.linspace(X_AXIS.low, X_AXIS.high, PLACES)
    task = Task(x, height(x), points[:, 0], points[:, 1])
    fits = _learn(tuple(map(tuple, points)), SCALES[st.session_state[RATE]], own)
    step = min(step, len(fits[0].prediction) - 1)
    curve_pad(
        points,
        (task.x, task.y),
        [
            Panel(
                fit.title, _note(task, fit, step), colour, fit.prediction[: step + 1],
                fit_alt(task, fit, step),
            )
            for fit, colour in zip(fits, COLOURS, strict=False)
        ],
        key=PAD,
        label=f"A curve, its support points, and the predictions of {len(fits)} networks",
        now=f"after {counted(step)}",
        x_axis=X_AXIS,
        y_axis=Y_AXIS,
        snap=st.session_state[SNAP],
        unseen={0: (X_AXIS.low, 0.0), 1: (0.0, X_AXIS.high), None: None}[task.unseen],
    )  # fmt: skip
    return task, fits


def _note(task: Task, fit: Fit, step: int) -> str:
    """The error where there are no points."""
    place = blind_place(task)
    where = "" if place == WHOLE else f" on the {('left', 'right')[place]}"
    return f"error{where} {lane_of(task, fit).label(place, step)}"


@st.cache_data(max_entries=64, show_spinner=False)
def _learn(
    points: tuple[tuple[float, float], ...], scale: float, own: OwnRun | None = None
) -> list[Fit]:
    """Predictions after each step on the points; those before the first where there are none."""
    import torch

    from core.data.episodes import Episodes

    support = torch.tensor(points or ((0.0, 0.0),), dtype=torch.float32)[None]
    x = torch.linspace(X_AXIS.low, X_AXIS.high, PLACES)[None, :, None]
    task = Episodes(support[..., :1], support[..., 1:], x, torch.zeros_like(x))
    steps = STEPS if points else 0
    return [
        Fit(title, network.adapt(task, steps, scale=scale).outputs[0, :, :, 0].cpu().numpy())
        for title, network in networks(own).items()
    ]


def _warn_of_nothing() -> None:
    st.warning(
        "Without a support point there is nothing to learn from: click in a panel to place "
        "one, or choose how many points to draw.",
        icon=":material/ads_click:",
    )


def _warn_of_divergence(task: Task, fits: list[Fit]) -> None:
    for fit in fits:
        step = divergence(task, fit)
        if step is not None:
            st.warning(
                f"{fit.title}: the steps diverge from step {step} on. Choose a lower inner rate.",
                icon=":material/trending_up:",
            )


def _card_errors() -> str:
    """The errors on the cards of the two trained networks, over many curves."""
    summaries = []
    for name, title in (("sinusoid-maml", "MAML"), ("sinusoid-supervised", "Pre-trained")):
        card = load_card(name)
        figures, steps = card["figures"], card["config"]["inner_steps"]
        summaries.append(
            f"{title} {figures['error_before']:.2f} before and {figures['error_after']:.2f} ± "
            f"{figures['error_interval']:.2f} after {counted(steps)}"
        )
    shots = card["config"]["k_shot"]
    return (
        f"Mean squared error over {figures['test_tasks']:,.0f} test curves with {shots} points on "
        f"the whole range, 95 % intervals: {'; '.join(summaries)}. Finn et al. 2017, "
        "[Model-Agnostic Meta-Learning](https://arxiv.org/abs/1703.03400), section 5.1."
    )
