"""The race over curves: the errors of every initialisation, on one curve or as means over many."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.numbers import LOG_TICKS
from core.figures.sinusoid import (
    COLOURS,
    DASHES,
    GREY,
    HATCHED,
    LARGEST_ERROR,
    Fit,
    Task,
    error_label,
    half_errors,
    squared_errors,
)
from core.figures.words import counted

LOG_FROM = 50.0  # times the smallest error: beyond it only a logarithmic axis shows both
LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
MARGIN = {"l": 8, "r": 8, "t": 64, "b": 8}


class ErrorLane(NamedTuple):
    """The mean squared errors of one initialisation, by place, after each of S steps (3, S + 1).

    The places are those of `PLACES`. `interval`, of the same shape, is the half-width of the 95 %
    interval of means over many curves; None for one curve.
    """

    title: str
    errors: np.ndarray
    interval: np.ndarray | None = None

    def label(self, place: int, step: int) -> str:
        """The error at a place after a step: 0.27, or 0.34 ± 0.10 of a mean."""
        error = self.errors[place, step]
        if self.interval is None or not error <= LARGEST_ERROR:
            return error_label(error)
        return f"{error_label(error)} ± {error_label(self.interval[place, step])}"


LEFT, RIGHT, WHOLE = 0, 1, 2
PLACES = ("on the left half", "on the right half", "over the whole range")


def lane_of(task: Task, fit: Fit) -> ErrorLane:
    """The errors of a fit of one curve."""
    return ErrorLane(fit.title, np.stack([*half_errors(task, fit), squared_errors(task, fit)]))


def blind_place(task: Task) -> int:
    """Where to measure: the half without points; the whole range where both have some."""
    return WHOLE if task.unseen is None else task.unseen


def error_curves(lanes: Sequence[ErrorLane], place: int, step: int) -> go.Figure:
    """The error at a place against inner step, a line per initialisation, over its interval."""
    figure = go.Figure()
    shown = [np.where(lane.errors[place] <= LARGEST_ERROR, lane.errors[place], np.nan)
             for lane in lanes]  # fmt: skip
    is_log = _spans_decades(shown)
    for lane, values, colour, dash in zip(lanes, shown, COLOURS, DASHES, strict=False):
        if lane.interval is not None:
            figure.add_trace(_band(values, lane.interval[place], colour))
        figure.add_scatter(
            x=np.arange(len(values)), y=values, name=lane.title, mode="lines+markers",
            marker={"size": 5}, line={"color": colour, "dash": dash, "width": 3},
            customdata=None if lane.interval is None else lane.interval[place],
            hovertemplate="%{y:.3g}" + ("" if lane.interval is None else " ± %{customdata:.2g}"),
        )  # fmt: skip
    figure.add_vline(x=step, line={"color": GREY, "width": 1.5, "dash": "dot"})
    figure.update_layout(
        title=f"Error {PLACES[place]} against inner step", margin=MARGIN, hovermode="x unified",
        uirevision="errors", legend=LEGEND,
    )  # fmt: skip
    title = "mean squared error"
    if is_log:
        figure.update_yaxes(title=title, type="log", tickformat=LOG_TICKS, nticks=8)
    else:
        figure.update_yaxes(title=title, range=[0, _top(lanes, shown, place)])
    last = len(shown[0]) - 1
    figure.update_xaxes(
        title="inner step", range=[-0.02 * last, 1.02 * last], showgrid=False, zeroline=False,
        dtick=1 if last <= 10 else 5,
    )  # fmt: skip
    return figure


def _spans_decades(shown: Sequence[np.ndarray]) -> bool:
    values = np.concatenate(shown)
    positive = values[values > 0]
    return len(positive) > 0 and float(positive.max()) > LOG_FROM * float(positive.min())


def _top(lanes: Sequence[ErrorLane], shown: Sequence[np.ndarray], place: int) -> float:
    """Of the axis: above every line and its interval."""
    tops = [
        values if lane.interval is None else values + np.nan_to_num(lane.interval[place], posinf=0)
        for lane, values in zip(lanes, shown, strict=True)
    ]
    finite = np.concatenate(tops)
    finite = finite[np.isfinite(finite)]
    return 1.1 * max(1.0, *finite.tolist()) if len(finite) else LARGEST_ERROR


def _band(values: np.ndarray, interval: np.ndarray, colour: str) -> go.Scatter:
    """A mean's 95 % interval; below a logarithmic axis it ends at a tenth of the mean."""
    known = np.isfinite(values) & np.isfinite(interval)
    steps, mean, half = np.flatnonzero(known), values[known], interval[known]
    low, high = np.maximum(mean - half, mean / 10), mean + half
    return go.Scatter(
        x=np.concatenate([steps, steps[::-1]]), y=np.concatenate([high, low[::-1]]),
        fill="toself", fillcolor=colour, opacity=0.2, mode="none", hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip


def half_bars(lanes: Sequence[ErrorLane], names: Sequence[str], blind: int, step: int) -> go.Figure:
    """The error after `step` on each half, the half without points first.

    `names` are those of the left and the right half. The other half is hatched: the legend has one
    colour, so only that tells the two apart.
    """
    figure = go.Figure()
    order = (RIGHT, LEFT) if blind == RIGHT else (LEFT, RIGHT)
    heights = np.stack([lane.errors[:2, step] for lane in lanes])  # (lanes, 2)
    for half in order:
        figure.add_bar(
            x=[lane.title for lane in lanes], y=np.minimum(heights[:, half], LARGEST_ERROR),
            name=names[half], text=[_in_two_lines(lane.label(half, step)) for lane in lanes],
            textposition="outside", cliponaxis=False, hoverinfo="skip",
            marker={
                "color": list(COLOURS[: len(lanes)]),
                "pattern": HATCHED if half == order[1] else {},
            },
        )  # fmt: skip
    figure.update_layout(
        title=f"Error after {counted(step)}, by half", barmode="group", bargap=0.3, bargroupgap=0.1,
        margin=MARGIN, uirevision="halves", legend=LEGEND,
    )  # fmt: skip
    top = 1.3 * max(1.0, float(np.minimum(heights, 20).max()))
    figure.update_yaxes(title="mean squared error", range=[0, top])
    return figure


def _in_two_lines(label: str) -> str:
    """An error above its interval: a bar is narrow."""
    return label.replace(" ± ", "<br>± ")
