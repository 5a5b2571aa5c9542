"""The regression of MAML's paper, live: one curve, a few points on it, three initialisations.

Finn et al. 2017, section 5.1 and figure 2: MAML fits the half of the curve where it saw nothing.
"""

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.figures.sinusoid import (
    COLOURS,
    Fit,
    Task,
    divergence,
    error_curves,
    error_label,
    fit_alt,
    half_bars,
    squared_errors,
)
from core.figures.words import counted
from pages.parts.card import load_card
from pages.parts.components.curve_pad.curve_pad import Panel, Points, curve_pad
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.few_shot.sinusoid_averages import about_average
from pages.parts.few_shot.sinusoid_controls import (
    COUNT,
    HALF,
    PAD,
    RATE,
    SCALES,
    SNAP,
    STEP,
    STEPS,
    X_AXIS,
    Y_AXIS,
    current_points,
    draw_controls,
    fit_controls,
    height,
    restore_settings,
)
from pages.parts.few_shot.sinusoid_sentences import fit_sentence

PLACES = 101  # of the curve, at which predictions are drawn and errors measured
CHART_HEIGHT = 320  # px

INTRO = (
    "A network learns a sine curve from a few of its points. In all three panels **the same small "
    "network takes as many gradient steps on the same points**, from another initialisation. "
    "*MAML* was trained to adapt to such curves, and has learned its inner rates too. "
    "*Pre-trained* was trained to fit all of them at once, and *Random* was not trained: both step "
    "at the fixed rate that MAML's began with."
)


@st.fragment
def sinusoid_view() -> None:
    """Points to be placed by hand on a curve, and what three networks learn from them."""
    st.markdown(INTRO)
    restore_settings()
    points, by_hand = current_points()
    draw_controls(len(points) if by_hand else None)
    pad = st.container()
    fit_controls()
    try:
        with pad:
            task, fits = _pad_and_fits(points)
    except GlimpseError as error:
        st.error(str(error))
        return
    if len(task.support_x) == 0:
        st.warning(
            "Without a support point there is nothing to learn from: click in a panel to place "
            "one, or choose how many points to draw.",
            icon=":material/ads_click:",
        )
        return
    step = st.session_state[STEP]
    st.markdown(f":material/visibility: {fit_sentence(task, fits, step)}")
    state = st.session_state
    st.caption(about_average(state[HALF] or "right", state[COUNT], SCALES[state[RATE]], step))
    _warn_of_divergence(task, fits)
    _charts(task, fits, step)
    st.caption(_card_errors())


def _pad_and_fits(points: Points) -> tuple[Task, list[Fit]]:
    """Shows the pad with the points and the predictions; returns the task and its fits."""
    x = np.linspace(X_AXIS.low, X_AXIS.high, PLACES)
    task = Task(x, height(x), points[:, 0], points[:, 1])
    fits = _learn(tuple(map(tuple, points)), SCALES[st.session_state[RATE]])
    step = min(st.session_state[STEP], len(fits[0].prediction) - 1)
    curve_pad(
        points,
        (task.x, task.y),
        [
            Panel(
                fit.title, f"error {error_label(squared_errors(task, fit)[step])}", colour,
                fit.prediction[: step + 1], fit_alt(task, fit, step),
            )
            for fit, colour in zip(fits, COLOURS, strict=True)
        ],
        key=PAD,
        label="A curve, its support points, and the predictions of three networks",
        now=f"after {counted(step)}",
        x_axis=X_AXIS,
        y_axis=Y_AXIS,
        snap=st.session_state[SNAP],
        unseen={0: (X_AXIS.low, 0.0), 1: (0.0, X_AXIS.high), None: None}[task.unseen],
    )  # fmt: skip
    return task, fits


@st.cache_data(max_entries=64, show_spinner=False)
def _learn(points: tuple[tuple[float, float], ...], scale: float) -> list[Fit]:
    """Predictions after each step on the points; those before the first where there are none."""
    import torch

    from core.data.episodes import Episodes
    from core.zoo.initialisations import SINUSOIDS, load_initialisation

    support = torch.tensor(points or ((0.0, 0.0),), dtype=torch.float32)[None]
    x = torch.linspace(X_AXIS.low, X_AXIS.high, PLACES)[None, :, None]
    task = Episodes(support[..., :1], support[..., 1:], x, torch.zeros_like(x))
    adapted = [
        load_initialisation(initialisation, like="sinusoid-maml").adapt(
            task, STEPS if points else 0, scale=scale
        )
        for initialisation in SINUSOIDS
    ]
    return [
        Fit(initialisation.title, each.outputs[0, :, :, 0].numpy())
        for initialisation, each in zip(SINUSOIDS, adapted, strict=True)
    ]


def _warn_of_divergence(task: Task, fits: list[Fit]) -> None:
    for fit in fits:
        step = divergence(task, fit)
        if step is not None:
            st.warning(
                f"{fit.title}: the steps diverge from step {step} on. Choose a lower inner rate.",
                icon=":material/trending_up:",
            )


def _charts(task: Task, fits: list[Fit], step: int) -> None:
    over_steps, by_half = st.columns(2, gap="large")
    errors = ", ".join(
        f"{fit.title} {error_label(squared_errors(task, fit)[step])}" for fit in fits
    )
    with over_steps:
        live_figure(
            error_curves(task, fits, step), key="sine-errors", height=CHART_HEIGHT,
            alt=f"Mean squared error against inner step; after {counted(step)}: {errors}",
        )  # fmt: skip
    with by_half:
        live_figure(
            half_bars(task, fits, step), key="sine-halves", height=CHART_HEIGHT,
            alt="; ".join(fit_alt(task, fit, step) for fit in fits),
        )  # fmt: skip


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
