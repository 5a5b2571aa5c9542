"""The controls of the curve, of its points and of the inner loop; all are in the address.

Points are drawn at random with a curve, and can then be placed by hand.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.figures.words import counted
from pages.parts.components.curve_pad.curve_pad import (
    MOST,
    Axes,
    Points,
    decode_points,
    placed_points,
)
from pages.parts.few_shot.step_bar import Player, sticky
from pages.parts.url_state import Choice, Number, Switch, UrlValue, restore, say, write

STEPS = 20
FIRST_CURVE, LAST_CURVE = 171, 9999  # the first is near the averages over many curves
AMPLITUDES, PHASES = (0.1, 5.0), (0.0, 3.14)  # as `core.data.sinusoids` draws them, in two digits
X_AXIS, Y_AXIS = Axes(-5, 5, (-4, -2, 0, 2, 4)), Axes(-6, 6, (-4, -2, 0, 2, 4))
HALVES = {"right": "Right half", "left": "Left half", "whole": "Whole range"}
SCALES = {"1/8": 1 / 8, "1/4": 1 / 4, "1/2": 1 / 2, "1": 1.0, "2": 2.0, "4": 4.0, "8": 8.0}
BUTTON_WIDTH = 215  # px
SETTINGS = "sine-settings"
PAD = "sine-pad"
REVISION = "sine-revision"  # in session state: how often points were drawn
# Names in session state and in the address, all of which begin alike.
PREFIX = "sine_"
CURVE, HALF, COUNT, SNAP = "sine_curve", "sine_half", "sine_points", "sine_snap"
STEP, RATE, AMPLITUDE, PHASE = "sine_step", "sine_rate", "sine_amplitude", "sine_phase"
POINTS = "sine_at"  # in the address only: points placed by hand


@dataclass(frozen=True)
class HalfChoice(Choice):
    """The half that points are drawn on. Streamlit writes its label; links may have its name."""

    def text(self, value: str) -> str:
        return HALVES[value]

    def sentence(self, given: str, value: str | None) -> str:
        return "" if given in HALVES else super().sentence(given, value)


CURVE_VALUE = Number(CURVE, "Curve", FIRST_CURVE, 0, LAST_CURVE)
HALF_VALUE = HalfChoice(
    HALF, "Points drawn on", "right", list(HALVES), {label: half for half, label in HALVES.items()}
)
COUNT_VALUE = Number(COUNT, "Points drawn", 5, 1, MOST)
STEP_VALUE = Number(STEP, "Inner step", 0, 0, STEPS)  # a film begins with its first picture
RATE_VALUE = Choice(RATE, "Inner rate", "1", list(SCALES))
SNAP_VALUE = Switch(SNAP, "Points stay on the curve", True)
MANY = 100  # curves that the errors can be averaged over
THIS_CURVE, MANY_CURVES = "This curve", f"{MANY} such curves"
RACE_VALUE = Choice("sine_race", "Errors on", THIS_CURVE, [THIS_CURVE, MANY_CURVES])
PLAYER = Player("sine", STEP, STEPS)
BAR_KEY = "sine-step"
STICKY = f"<style>{sticky(BAR_KEY, '9rem')}</style>"


def restore_settings() -> None:
    """Begins the controls with what the address says of them."""
    restore(
        CURVE_VALUE, *_shape_values(CURVE_VALUE.current()),
        COUNT_VALUE, STEP_VALUE, HALF_VALUE, RATE_VALUE, SNAP_VALUE, RACE_VALUE,
    )  # fmt: skip
    st.session_state.setdefault(REVISION, 0)


def _shape_values(curve: float) -> tuple[UrlValue, UrlValue]:
    """Amplitude and phase, by default those of the curve."""
    amplitude, phase, _ = _sampled(int(curve))
    return (
        Number(AMPLITUDE, "Amplitude", amplitude, *AMPLITUDES, digits=1),
        Number(PHASE, "Phase", phase, *PHASES, digits=2),
    )


def step_bar() -> int:
    """The button that plays the steps and their slider; returns the chosen step."""
    st.html(STICKY)
    with st.container(key=BAR_KEY, horizontal=True, vertical_alignment="center"):
        PLAYER.button()
        step: int = st.slider(
            STEP_VALUE.label, 0, STEPS, int(STEP_VALUE.default), key=STEP, bind="query-params",
            help="0 is before the first gradient step on the points. Click the slider once, then "
            "the arrow keys move it.",
        )  # fmt: skip
    return step


def draw_controls(placed: int | None) -> None:
    """Which curve, and which points are drawn on it; `placed` points are now placed by hand."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.button("Another curve", icon=":material/casino:", on_click=_another_curve)
        st.segmented_control(
            HALF_VALUE.label, HALF_VALUE.options, default=HALF_VALUE.default,
            format_func=HALVES.__getitem__, key=HALF, required=True, on_change=_draw_points,
            bind="query-params",
        )  # fmt: skip
        st.slider(
            COUNT_VALUE.label, 1, MOST, int(COUNT_VALUE.default), key=COUNT,
            on_change=_draw_points, bind="query-params", width=150,
        )  # fmt: skip
        # The controls keep their values: one that changed by itself might come back late from the
        # browser, and draw new points. The button is always there, so that nothing moves.
        replaced = "Draw again" if placed is None else f"Replace my {counted(placed, 'point')}"
        st.button(
            replaced, icon=":material/undo:", key="sine-again",
            on_click=_draw_points, disabled=placed is None, width=BUTTON_WIDTH,
            help="Replaces the points that you have moved, added or removed by those that the "
            "controls beside it ask for.",
        )  # fmt: skip
        with st.popover("Curve and rate", icon=":material/tune:", key=SETTINGS):
            _shape_controls()


def _shape_controls() -> None:
    """The shape of the curve, whether points stay on it, and how fast they are learnt."""
    amplitude, phase, _ = _sampled(st.session_state[CURVE])
    st.number_input(
        CURVE_VALUE.label, 0, LAST_CURVE, int(CURVE_VALUE.default), key=CURVE,
        on_change=_draw_curve, bind="query-params",
        help="The same number draws the same curve and points again.",
    )  # fmt: skip
    st.slider("Amplitude", *AMPLITUDES, amplitude, 0.1, key=AMPLITUDE, bind="query-params")
    st.slider("Phase", *PHASES, phase, 0.01, key=PHASE, bind="query-params")
    st.toggle(
        SNAP_VALUE.label, SNAP_VALUE.default, key=SNAP, bind="query-params",
        help="When off, points can be anywhere: you can mislead the network.",
    )  # fmt: skip
    st.select_slider(
        "Inner rate multiplier", SCALES, "1", key=RATE, bind="query-params",
        help="Multiplies the learning rate of the inner steps. 1 is the rate after training; "
        "if the rate is too high, the steps diverge.",
    )  # fmt: skip


def choose_race() -> bool:
    """Whether the errors are means over many curves."""
    shown = st.segmented_control(
        RACE_VALUE.label, RACE_VALUE.options, default=RACE_VALUE.default, required=True,
        key=RACE_VALUE.key, bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return shown == MANY_CURVES


def _draw_points() -> None:
    """New points in place of those that were placed by hand."""
    st.session_state[REVISION] += 1


def _draw_curve() -> None:
    """The amplitude, phase and points that belong to the chosen curve."""
    st.session_state[AMPLITUDE], st.session_state[PHASE], _ = _sampled(st.session_state[CURVE])
    _draw_points()


def _another_curve() -> None:
    """A random curve."""
    st.session_state[CURVE] = int(np.random.default_rng().integers(LAST_CURVE + 1))
    _draw_curve()


@st.cache_data(max_entries=64, show_spinner=False)
def _sampled(number: int) -> tuple[float, float, np.ndarray]:
    """`sampled_curve`, kept."""
    return sampled_curve(number)


def sampled_curve(number: int) -> tuple[float, float, np.ndarray]:
    """Amplitude, phase and the x of ten points (10,) of a curve, sampled as in training."""
    from core.data.sinusoids import sample_sinusoids
    from core.seeding import generator

    drawn = sample_sinusoids(1, MOST, generator("page", "sinusoid", number))
    amplitude, phase = (
        round(drawn.amplitude.item(), 1),
        min(round(drawn.phase.item(), 2), PHASES[1]),
    )
    return amplitude, phase, drawn.x[0, :, 0].double().numpy().round(2)


def height(x: np.ndarray) -> np.ndarray:
    """The curve at x (N,)."""
    amplitude, phase = st.session_state[AMPLITUDE], st.session_state[PHASE]
    heights: np.ndarray = amplitude * np.sin(x - phase)
    return heights


def _drawn_points() -> Points:
    """Points on the curve, as the controls ask for: one more leaves the others in place."""
    x = _sampled(st.session_state[CURVE])[2]
    return _on_curve(drawn_x(x, st.session_state[HALF] or "right", st.session_state[COUNT]))


def drawn_x(x: np.ndarray, half: str, count: int) -> np.ndarray:
    """The first `count` of a curve's points x (N,), on a half of HALVES."""
    first = x[:count]
    placed: dict[str, np.ndarray] = {"right": np.abs(first), "left": -np.abs(first), "whole": first}
    return placed[half]


def _on_curve(x: np.ndarray) -> Points:
    return np.stack([x, height(x)], axis=1)


def current_points() -> tuple[Points, bool]:
    """The points, and whether any was placed by hand, here or in the address."""
    drawn = _drawn_points()
    given = _points_from_address()
    points = placed_points(PAD, drawn if given is None else given, st.session_state[REVISION])
    if st.session_state[SNAP]:
        points = _on_curve(points[:, 0])
    by_hand = not np.array_equal(points, drawn)
    _write_points(points if by_hand else points[:0])
    return points, by_hand


def _points_from_address() -> Points | None:
    """What `_write_points` wrote, until new points are drawn; None where it makes no sense."""
    if st.session_state[REVISION] or POINTS not in st.query_params:
        return None
    pairs = [pair.split("_") for pair in st.query_params[POINTS].split("~")[: MOST + 1]]
    try:
        given = [[float(value) for value in pair] for pair in pairs]
        points = decode_points(given, (X_AXIS[:2], Y_AXIS[:2]))
    except ValueError:
        points = None
    if points is None:
        say(f"{st.query_params[POINTS][:40]!r} in the address are no points: others were drawn.")
    return points


def _write_points(points: Points) -> None:
    """Puts points into the address as 1.25_-3.4~2.5_0.1, so that a link opens them again."""
    write(POINTS, "~".join(f"{x:.4g}_{y:.4g}" for x, y in points))
