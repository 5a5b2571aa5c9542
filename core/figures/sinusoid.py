"""Figures of a curve that is learnt from a few points on it, from one initialisation or several."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.words import counted

# MAML, pre-trained, random, one's own: mid-tones that stand out on white as on black, and dashes.
COLOURS = ("#4c78dd", "#df7a16", "#8a8f98", "#9c6b30")
DASHES = ("solid", "dash", "dot", "longdashdot")
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
