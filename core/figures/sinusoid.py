"""Figures of a curve that is learnt from a few points on it, from one initialisation or several."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.words import counted

# MAML, pre-trained, random: mid-tones that stand out on white as on black, and dashes.
COLOURS = ("#4c78dd", "#df7a16", "#8a8f98")
DASHES = ("solid", "dash", "dot")
GREY = "#8a8f98"
POINTS = "#1f9e78"
HATCHED = {"shape": "/", "fillmode": "replace", "solidity": 0.4, "size": 7}
LARGEST_ERROR = 1000  # that is shown; beyond it the steps diverge
CURVE_TOLERANCE = 0.05  # a point within this height of the curve is on it


def sinusoid_fit(
    curve: tuple[np.ndarray, np.ndarray],
    support: tuple[np.ndarray, np.ndarray],
    prediction: np.ndarray,
    step: int,
) -> go.Figure:
    """The true curve, the support points, and what is predicted after each step up to `step`.

    curve and support are (x, y) of (P,) and (K,); prediction is (S + 1, P).
    """
    x, y = curve
    figure = go.Figure()
    figure.add_scatter(x=x, y=y, name="true curve", mode="lines",
                       line={"dash": "dash", "width": 2, "color": GREY})  # fmt: skip
    for earlier in range(step):
        figure.add_scatter(
            x=x, y=prediction[earlier], mode="lines", opacity=0.25, showlegend=False,
            line={"width": 1.5, "color": COLOURS[0]}, hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=x, y=prediction[step], name=f"after {counted(step)}", mode="lines",
        line={"width": 4, "color": COLOURS[0]},
    )  # fmt: skip
    figure.add_scatter(
        x=support[0], y=support[1], name="support points", mode="markers",
        marker={"size": 12, "symbol": "diamond", "color": POINTS},
    )  # fmt: skip
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8}, uirevision="sinusoid",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    figure.update_xaxes(title="x", range=[-5.2, 5.2])
    figure.update_yaxes(title="y", range=[-5.6, 5.6])
    return figure


class Fit(NamedTuple):
    """The predictions from one initialisation after each of S steps: (S + 1, P) over P places."""

    title: str
    prediction: np.ndarray


class Task(NamedTuple):
    """A curve, x and y (P,), and the support points on it, (K,) each."""

    x: np.ndarray
    y: np.ndarray
    support_x: np.ndarray
    support_y: np.ndarray

    @property
    def halves(self) -> tuple[np.ndarray, np.ndarray]:
        """Which of the P places lie on the left, and which on the right half."""
        return self.x < 0, self.x >= 0

    @property
    def unseen(self) -> int | None:
        """The half without points: 0 for the left, 1 for the right; None where both have some."""
        counts = self.counts
        if 0 not in counts or counts == (0, 0):
            return None
        return counts.index(0)

    @property
    def counts(self) -> tuple[int, int]:
        """How many points the left and the right half have."""
        right = int((self.support_x >= 0).sum())
        return len(self.support_x) - right, right

    @property
    def n_off_curve(self) -> int:
        """How many points are not on the curve."""
        truth = np.interp(self.support_x, self.x, self.y)
        return int((np.abs(self.support_y - truth) > CURVE_TOLERANCE).sum())


def squared_errors(task: Task, fit: Fit, places: np.ndarray | slice = slice(None)) -> np.ndarray:
    """The mean squared distance to the curve over the places, after each step (S + 1,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        far = (fit.prediction[:, places] - task.y[places]).astype(np.float64)
        errors = np.square(far).mean(1)
    finite: np.ndarray = np.where(np.isnan(errors), np.inf, errors)
    return finite


def half_errors(task: Task, fit: Fit) -> np.ndarray:
    """The same over the left half and over the right half: (2, S + 1)."""
    return np.stack([squared_errors(task, fit, half) for half in task.halves])


def error_label(error: float) -> str:
    """An error with two digits after the point, or more where it is very small."""
    if not error <= LARGEST_ERROR:
        return "off the scale"
    return f"{error:.2f}" if error >= 0.01 else f"{error:.1g}"


def divergence(task: Task, fit: Fit) -> int | None:
    """The first step after which the error is off the scale; None where it never is."""
    lost = np.flatnonzero(~(squared_errors(task, fit) <= LARGEST_ERROR))
    return int(lost[0]) if len(lost) else None


def error_curves(task: Task, fits: Sequence[Fit], step: int) -> go.Figure:
    """The error over the whole range against inner step, a line per initialisation."""
    figure = go.Figure()
    errors = [squared_errors(task, fit) for fit in fits]
    for fit, values, colour, dash in zip(fits, errors, COLOURS, DASHES, strict=False):
        figure.add_scatter(
            x=np.arange(len(values)), y=np.where(values <= LARGEST_ERROR, values, np.nan),
            name=fit.title, mode="lines+markers", marker={"size": 5},
            line={"color": colour, "dash": dash, "width": 3}, hovertemplate="%{y:.3g}",
        )  # fmt: skip
    figure.add_vline(x=step, line={"color": GREY, "width": 1.5, "dash": "dot"})
    figure.update_layout(
        title="Error against inner step", margin={"l": 8, "r": 8, "t": 64, "b": 8},
        hovermode="x unified", uirevision="errors",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    # A line that diverges may leave the picture, but must not flatten the others.
    top = 1.15 * max(1.0, *(float(values[0]) for values in errors))
    figure.update_yaxes(title="mean squared error", range=[0, top])
    last = fits[0].prediction.shape[0] - 1
    figure.update_xaxes(
        title="inner step", range=[-0.02 * last, 1.02 * last], showgrid=False, zeroline=False,
        dtick=1 if last <= 10 else 5,
    )  # fmt: skip
    return figure


def half_bars(task: Task, fits: Sequence[Fit], step: int) -> go.Figure:
    """The error after `step` on each half, the half without points first.

    The other half is hatched: the legend has one colour, so only that tells the two apart.
    """
    figure = go.Figure()
    errors = np.stack([half_errors(task, fit)[:, step] for fit in fits])  # (fits, 2)
    order = (1, 0) if task.unseen == 1 else (0, 1)  # the half without points first
    for half in order:
        figure.add_bar(
            x=[fit.title for fit in fits], y=np.minimum(errors[:, half], LARGEST_ERROR),
            name=half_name(task, half), text=[error_label(error) for error in errors[:, half]],
            textposition="outside", cliponaxis=False, hoverinfo="skip",
            marker={"color": list(COLOURS), "pattern": HATCHED if half == order[1] else {}},
        )  # fmt: skip
    figure.update_layout(
        title=f"Error after {counted(step)}, by half", barmode="group", bargap=0.3, bargroupgap=0.1,
        margin={"l": 8, "r": 8, "t": 64, "b": 8}, uirevision="halves",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    top = 1.2 * max(1.0, float(np.minimum(errors, 20).max()))
    figure.update_yaxes(title="mean squared error", range=[0, top])
    return figure


def half_name(task: Task, half: int) -> str:
    """Left half, no points."""
    count = task.counts[half]
    points = "no points" if count == 0 else f"{count} point{'s' * (count > 1)}"
    return f"{('left', 'right')[half]} half, {points}"


def fit_alt(task: Task, fit: Fit, step: int) -> str:
    """One panel in words, for a screen reader."""
    left, right = (error_label(error) for error in half_errors(task, fit)[:, step])
    return (
        f"{fit.title} after {counted(step)}: mean squared error {left} on the left half and "
        f"{right} on the right half of the curve"
    )
