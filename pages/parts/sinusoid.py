"""The regression of MAML's paper, live: one curve, a few points, three starting points.

Finn et al. 2017, section 5.1 and figure 2: MAML fits the half of the curve where it saw nothing.
"""

import math

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.figures.sinusoid import (
    COLOURS,
    Fit,
    Task,
    counted,
    divergence,
    error_curves,
    fit_alt,
    fit_sentence,
    half_bars,
    squared_errors,
    told,
)
from pages.parts.card import load_card
from pages.parts.curve_pad import MOST, Axes, Panel, Points, curve_pad, decode_points, placed_points
from pages.parts.live_figure import live_figure

STEPS = 20
PLACES = 101  # of the curve, at which predictions are drawn and judged
LAST_CURVE = 9999
FIRST_CURVE, HALF_AT_FIRST, COUNT_AT_FIRST, STEP_AT_FIRST = 0, "right", 5, 10
AMPLITUDES, PHASES = (0.1, 5.0), (0.0, 3.14)  # as `core.data.sinusoids` draws them, in two digits
X_AXIS, Y_AXIS = Axes(-5, 5, (-4, -2, 0, 2, 4)), Axes(-6, 6, (-4, -2, 0, 2, 4))
HALVES = {"right": "Right half", "left": "Left half", "whole": "Whole range"}
SCALES = {"1/8": 1 / 8, "1/4": 1 / 4, "1/2": 1 / 2, "1": 1.0, "2": 2.0, "4": 4.0, "8": 8.0}
PAD = "sine-pad"
REVISION = "sine-revision"  # in session state: how often points were dealt
CHART_HEIGHT = 320
# Names in session state and in the address.
CURVE, HALF, COUNT, SNAP = "sine_curve", "sine_half", "sine_points", "sine_snap"
STEP, RATE, AMPLITUDE, PHASE = "sine_step", "sine_rate", "sine_amplitude", "sine_phase"
AT = "sine_at"  # in the address alone: points placed by hand

INTRO = (
    "A sine curve from a few points on it. All three are **the same small network and take the "
    "same gradient steps on the same points**: only where they start differs. *MAML* learned a "
    "start on many such curves, *pre-trained* fitted all of them at once, *random* has learned "
    "nothing."
)


@st.fragment
def sinusoid_view() -> None:
    """Points to be placed by hand on a curve, and what three starts make of them."""
    st.markdown(INTRO)
    _take_from_address()
    points = _points()
    _deal_controls()
    pad = st.container()
    _film_controls()
    try:
        with pad:
            task, fits = _learnt_pad(points)
    except GlimpseError as error:
        st.error(str(error))
        return
    if len(task.support_x) == 0:
        st.warning(
            "Without a support point there is nothing to learn from: click in a panel to place "
            "one, or choose how many points there shall be.",
            icon=":material/ads_click:",
        )
        return
    step = st.session_state[STEP]
    st.markdown(f":material/visibility: {fit_sentence(task, fits, step)}")
    _warn_of_divergence(task, fits)
    _charts(task, fits, step)
    st.caption(_how_good_in_general())


def _deal_controls() -> None:
    """Which curve, and where its points are at first."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Points on", list(HALVES), default=HALF_AT_FIRST, format_func=HALVES.__getitem__,
            key=HALF, required=True, on_change=_deal,
            # An empty word in the address would be taken for no choice at all.
            bind=None if st.query_params.get(HALF) == "" else "query-params",
        )  # fmt: skip
        st.slider(
            "Points", 1, MOST, COUNT_AT_FIRST, key=COUNT, on_change=_deal, bind="query-params",
            width=190,
        )  # fmt: skip
        st.number_input(
            "Curve", 0, LAST_CURVE, FIRST_CURVE, key=CURVE, on_change=_deal_curve,
            # Streamlit falls over an infinite whole number in the address.
            bind=None if math.isinf(_given(CURVE)) else "query-params", width=130,
        )  # fmt: skip
        st.button("Another curve", icon=":material/casino:", on_click=_another_curve)


def _film_controls() -> None:
    """How the points are learnt, and what the curve is."""
    amplitude, phase, _ = _drawn(st.session_state[CURVE])
    with st.grid("auto", min_column_width=150, gap="medium"):
        st.slider(
            "Inner step", 0, STEPS, STEP_AT_FIRST, key=STEP, bind="query-params",
            help="0 is before the first gradient step on the points. Arrow keys work.",
        )  # fmt: skip
        st.select_slider(
            "Inner rate, × trained", SCALES, "1", key=RATE, bind="query-params",
            help="How far an inner step goes, as a multiple of the rate that each start was "
            "trained with. Too far, and the steps diverge.",
        )  # fmt: skip
        st.slider("Amplitude", *AMPLITUDES, amplitude, 0.1, key=AMPLITUDE, bind="query-params")
        st.slider("Phase", *PHASES, phase, 0.01, key=PHASE, bind="query-params")
    st.toggle(
        "Points stay on the curve", True, key=SNAP, bind="query-params",
        help="Off, a point can be put anywhere: you may lie to the network.",
    )  # fmt: skip


# ---- the address -----------------------------------------------------------------------------


def _take_from_address() -> None:
    """Clamps what the address gives, before the widgets read it."""
    _begin(CURVE, int(_number(CURVE, FIRST_CURVE, 0, LAST_CURVE)))
    amplitude, phase, _ = _drawn(st.session_state[CURVE])
    _begin(AMPLITUDE, round(_number(AMPLITUDE, amplitude, *AMPLITUDES), 1))
    _begin(PHASE, round(_number(PHASE, phase, *PHASES), 2))
    _begin(COUNT, int(_number(COUNT, COUNT_AT_FIRST, 1, MOST)))
    _begin(STEP, int(_number(STEP, STEP_AT_FIRST, 0, STEPS)))
    _begin(HALF, _one_of(HALF, list(HALVES), HALF_AT_FIRST))
    _begin(RATE, _one_of(RATE, list(SCALES), "1"))
    _begin(SNAP, st.query_params.get(SNAP) != "false")
    st.session_state.setdefault(REVISION, 0)


def _begin(key: str, value: object) -> None:
    if key not in st.session_state:
        st.session_state[key] = value


def _number(key: str, default: float, low: float, high: float) -> float:
    """The number nearest to what the address gives, `default` where that is none."""
    given = _given(key)
    return default if math.isnan(given) else min(max(given, low), high)


def _given(key: str) -> float:
    """The number in the address, NaN where there is none."""
    try:
        return float(st.query_params.get(key, ""))
    except ValueError:
        return math.nan


def _one_of(key: str, options: list[str], default: str) -> str:
    given = st.query_params.get(key, default)
    return given if given in options else default


# ---- the task --------------------------------------------------------------------------------


def _deal() -> None:
    """New points: those that were placed by hand make way."""
    st.session_state[REVISION] += 1


def _deal_curve() -> None:
    st.session_state[AMPLITUDE], st.session_state[PHASE], _ = _drawn(st.session_state[CURVE])
    _deal()


def _another_curve() -> None:
    st.session_state[CURVE] = int(np.random.default_rng().integers(LAST_CURVE + 1))
    _deal_curve()


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(number: int) -> tuple[float, float, np.ndarray]:
    """Amplitude, phase and the places of ten points of a curve, drawn as in training."""
    from core.data.sinusoids import sample_sinusoids
    from core.seeding import generator

    drawn = sample_sinusoids(1, MOST, generator("page", "sinusoid", number))
    amplitude, phase = (
        round(drawn.amplitude.item(), 1),
        min(round(drawn.phase.item(), 2), PHASES[1]),
    )
    return amplitude, phase, drawn.x[0, :, 0].double().numpy().round(2)


def _height(x: np.ndarray) -> np.ndarray:
    """The curve at places x (N,)."""
    amplitude, phase = st.session_state[AMPLITUDE], st.session_state[PHASE]
    heights: np.ndarray = amplitude * np.sin(x - phase)
    return heights


def _dealt_points() -> Points:
    """Points on the curve, where the controls want them: one more leaves the others in place."""
    x = _drawn(st.session_state[CURVE])[2][: st.session_state[COUNT]]
    x = {"right": np.abs(x), "left": -np.abs(x), "whole": x}[
        st.session_state[HALF] or HALF_AT_FIRST
    ]
    return _on_curve(x)


def _on_curve(x: np.ndarray) -> Points:
    return np.stack([x, _height(x)], axis=1)


def _points() -> Points:
    """The points as they are: as dealt, or as they were placed by hand, here or in the address."""
    dealt = _dealt_points()
    given = _points_from_address()
    points = placed_points(PAD, dealt if given is None else given, st.session_state[REVISION])
    if st.session_state[SNAP]:
        points = _on_curve(points[:, 0])
    _keep_in_address(points, by_hand=not np.array_equal(points, dealt))
    return points


def _points_from_address() -> Points | None:
    """What `_keep_in_address` wrote, until points are dealt anew; None where it makes no sense."""
    if st.session_state[REVISION] or AT not in st.query_params:
        return None
    pairs = [pair.split("_") for pair in st.query_params[AT].split("~")[: MOST + 1]]
    try:
        given = [[float(value) for value in pair] for pair in pairs]
    except ValueError:
        return None
    return decode_points(given, (X_AXIS[:2], Y_AXIS[:2]))


def _keep_in_address(points: Points, by_hand: bool) -> None:
    """Points placed by hand as 1.25_-3.4~2.5_0.1, so that a link opens them again."""
    text = "~".join(f"{x:.4g}_{y:.4g}" for x, y in points) if by_hand else ""
    if text and st.query_params.get(AT) != text:
        st.query_params[AT] = text
    elif not text and AT in st.query_params:
        del st.query_params[AT]


def _learnt_pad(points: Points) -> tuple[Task, list[Fit]]:
    """The pad with the points as they are, and what each start makes of them."""
    x = np.linspace(X_AXIS.low, X_AXIS.high, PLACES)
    task = Task(x, _height(x), points[:, 0], points[:, 1])
    fits = _learn(tuple(map(tuple, points)), SCALES[st.session_state[RATE]])
    step = min(st.session_state[STEP], len(fits[0].prediction) - 1)
    curve_pad(
        points,
        (task.x, task.y),
        [
            Panel(
                fit.title, f"error {told(squared_errors(task, fit)[step])}", colour,
                fit.prediction[: step + 1], fit_alt(task, fit, step),
            )
            for fit, colour in zip(fits, COLOURS, strict=True)
        ],
        key=PAD,
        label="A curve, its support points, and what three starts predict",
        now=f"after {counted(step)}",
        x_axis=X_AXIS,
        y_axis=Y_AXIS,
        snap=st.session_state[SNAP],
        unseen={0: (X_AXIS.low, 0.0), 1: (0.0, X_AXIS.high), None: None}[task.unseen],
    )  # fmt: skip
    return task, fits


@st.cache_data(max_entries=64, show_spinner=False)
def _learn(points: tuple[tuple[float, float], ...], scale: float) -> list[Fit]:
    """What each start predicts after each step on the points; without any, before the first."""
    import torch

    from core.data.episodes import Episodes
    from core.starts import SINUSOIDS, load_start

    support = torch.tensor(points or ((0.0, 0.0),), dtype=torch.float32)[None]
    x = torch.linspace(X_AXIS.low, X_AXIS.high, PLACES)[None, :, None]
    task = Episodes(support[..., :1], support[..., 1:], x, torch.zeros_like(x))
    films = [
        load_start(start, like="sinusoid-maml").film(task, STEPS if points else 0, scale=scale)
        for start in SINUSOIDS
    ]
    return [
        Fit(start.title, film.outputs[0, :, :, 0].numpy())
        for start, film in zip(SINUSOIDS, films, strict=True)
    ]


# ---- what it says ----------------------------------------------------------------------------


def _warn_of_divergence(task: Task, fits: list[Fit]) -> None:
    for fit in fits:
        at = divergence(task, fit)
        if at is not None:
            st.warning(
                f"{fit.title}: the steps diverge from step {at} on. Choose a lower inner rate.",
                icon=":material/trending_up:",
            )


def _charts(task: Task, fits: list[Fit], step: int) -> None:
    over_steps, by_half = st.columns(2, gap="large")
    errors = ", ".join(f"{fit.title} {told(squared_errors(task, fit)[step])}" for fit in fits)
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


def _how_good_in_general() -> str:
    """The cards of the two that were trained, over many curves."""
    said = []
    for name, title in (("sinusoid-maml", "MAML"), ("sinusoid-supervised", "pre-trained")):
        card = load_card(name)
        figures, steps = card["figures"], card["config"]["inner_steps"]
        said.append(
            f"{title} {figures['error_before']:.2f} before and {figures['error_after']:.2f} ± "
            f"{figures['error_interval']:.2f} after {counted(steps)}"
        )
    shots = card["config"]["k_shot"]
    return (
        f"Over {figures['test_tasks']:,.0f} test curves with {shots} points on the whole range, "
        f"mean squared error with its 95 % interval: {'; '.join(said)}. Finn et al. 2017, "
        "[Model-Agnostic Meta-Learning](https://arxiv.org/abs/1703.03400), section 5.1."
    )
