"""Which curve is learnt and from which points: the controls, and what the address says.

Points are dealt with a curve, and then placed by hand.
"""

import numpy as np
import streamlit as st

from pages.parts.components.curve_pad.curve_pad import (
    MOST,
    Axes,
    Points,
    decode_points,
    placed_points,
)
from pages.parts.url_state import (
    begin_choice,
    begin_number,
    correct,
    is_readable,
    restore_from_session,
    say_changed,
)

STEPS = 20
LAST_CURVE = 9999
FIRST_CURVE, HALF_AT_FIRST, COUNT_AT_FIRST, STEP_AT_FIRST = 0, "right", 5, 10
AMPLITUDES, PHASES = (0.1, 5.0), (0.0, 3.14)  # as `core.data.sinusoids` draws them, in two digits
X_AXIS, Y_AXIS = Axes(-5, 5, (-4, -2, 0, 2, 4)), Axes(-6, 6, (-4, -2, 0, 2, 4))
HALVES = {"right": "Right half", "left": "Left half", "whole": "Whole range"}
SCALES = {"1/8": 1 / 8, "1/4": 1 / 4, "1/2": 1 / 2, "1": 1.0, "2": 2.0, "4": 4.0, "8": 8.0}
AGAIN_WIDTH = 215  # px
PAD = "sine-pad"
REVISION = "sine-revision"  # in session state: how often points were dealt
# Names in session state and in the address, all of which begin alike.
PREFIX = "sine_"
CURVE, HALF, COUNT, SNAP = "sine_curve", "sine_half", "sine_points", "sine_snap"
STEP, RATE, AMPLITUDE, PHASE = "sine_step", "sine_rate", "sine_amplitude", "sine_phase"
AT = "sine_at"  # in the address alone: points placed by hand


def take_from_address() -> None:
    """Clamps what the address gives, before the widgets read it, and says what was changed."""
    begin_number(CURVE, "Curve", FIRST_CURVE, 0, LAST_CURVE)
    amplitude, phase, _ = _drawn(st.session_state[CURVE])
    _begin_rounded(AMPLITUDE, "Amplitude", amplitude, AMPLITUDES, 1)
    _begin_rounded(PHASE, "Phase", phase, PHASES, 2)
    begin_number(COUNT, "Points", COUNT_AT_FIRST, 1, MOST)
    begin_number(STEP, "Inner step", STEP_AT_FIRST, 0, STEPS)
    _begin_half()
    begin_choice(RATE, "Inner rate", list(SCALES), "1")
    _begin_snap()
    st.session_state.setdefault(REVISION, 0)


def _begin_rounded(
    key: str, label: str, default: float, bounds: tuple[float, float], digits: int
) -> None:
    """A number with no more digits than its slider shows."""
    if key not in st.session_state:
        begin_number(key, label, default, *bounds)
        st.session_state[key] = round(st.session_state[key], digits)


def _begin_half() -> None:
    """By its name here or by the control's, which is what Streamlit writes into the address."""
    if restore_from_session(HALF):
        return
    given = st.query_params.get(HALF)
    named = {name: half for half, label in HALVES.items() for name in (half, label)}
    st.session_state[HALF] = named.get(given or "", HALF_AT_FIRST)
    if given is not None and given not in named:
        correct(HALF)
        say_changed("Points on", given, HALF_AT_FIRST)


def _begin_snap() -> None:
    if SNAP in st.session_state:
        return
    given = st.query_params.get(SNAP, "true")
    st.session_state[SNAP] = given != "false"
    if given not in ("true", "false"):
        say_changed("Points stay on the curve", given, "true")


def deal_controls(placed: int | None) -> None:
    """Which curve, and where its points are at first; how many were `placed` by hand since."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Points drawn on", list(HALVES), default=HALF_AT_FIRST, format_func=HALVES.__getitem__,
            key=HALF, required=True, on_change=_deal,
            bind="query-params" if is_readable(HALF) else None,
        )  # fmt: skip
        st.slider(
            "Points drawn", 1, MOST, COUNT_AT_FIRST, key=COUNT, on_change=_deal,
            bind="query-params", width=190,
        )  # fmt: skip
        st.number_input(
            "Curve", 0, LAST_CURVE, FIRST_CURVE, key=CURVE, on_change=_deal_curve,
            bind="query-params" if is_readable(CURVE) else None, width=130,
        )  # fmt: skip
        st.button("Another curve", icon=":material/casino:", on_click=_another_curve)
        # The controls keep their values: one that moved by itself might come back late from the
        # browser, and deal points anew. The button is always there, so that the pad does not move.
        by_hand = "" if placed is None else f"{placed} by hand: "
        st.button(
            f"{by_hand}draw again".capitalize(), icon=":material/undo:", key="sine-again",
            on_click=_deal, disabled=placed is None, width=AGAIN_WIDTH,
            help="Once you have moved, added or removed points, this draws them again, as the "
            "controls beside it say.",
        )  # fmt: skip


def film_controls() -> None:
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


def _deal() -> None:
    """New points: those that were placed by hand make way."""
    st.session_state[REVISION] += 1


def _deal_curve() -> None:
    """The curve that is chosen, as it was drawn, with points of its own."""
    st.session_state[AMPLITUDE], st.session_state[PHASE], _ = _drawn(st.session_state[CURVE])
    _deal()


def _another_curve() -> None:
    """A curve by chance."""
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


def height(x: np.ndarray) -> np.ndarray:
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
    return np.stack([x, height(x)], axis=1)


def current_points() -> tuple[Points, bool]:
    """The points as they are, and whether they were placed by hand, here or in the address."""
    dealt = _dealt_points()
    given = _points_from_address()
    points = placed_points(PAD, dealt if given is None else given, st.session_state[REVISION])
    if st.session_state[SNAP]:
        points = _on_curve(points[:, 0])
    by_hand = not np.array_equal(points, dealt)
    _keep_in_address(points, by_hand)
    return points, by_hand


def _points_from_address() -> Points | None:
    """What `_keep_in_address` wrote, until points are dealt anew; None where it makes no sense."""
    if st.session_state[REVISION] or AT not in st.query_params:
        return None
    pairs = [pair.split("_") for pair in st.query_params[AT].split("~")[: MOST + 1]]
    try:
        given = [[float(value) for value in pair] for pair in pairs]
        points = decode_points(given, (X_AXIS[:2], Y_AXIS[:2]))
    except ValueError:
        points = None
    if points is None:
        st.warning(
            f"{st.query_params[AT][:40]!r} in the address are no points: others were dealt.",
            icon=":material/straighten:",
        )
    return points


def _keep_in_address(points: Points, by_hand: bool) -> None:
    """Points placed by hand as 1.25_-3.4~2.5_0.1, so that a link opens them again."""
    text = "~".join(f"{x:.4g}_{y:.4g}" for x, y in points) if by_hand else ""
    if text and st.query_params.get(AT) != text:
        st.query_params[AT] = text
    elif not text and AT in st.query_params:
        del st.query_params[AT]
