"""What the learners of a stream know, when they forget it, and what the order has to do with it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.labels import Band, add_bands
from core.figures.race import LOOKS, Look

GREY = "#9498a0"
RIGHT, WRONG = "#4c78dd", "#df7a16"
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}


class Mark(NamedTuple):
    """An accuracy on all classes after so many, beside the lines."""

    name: str
    classes: int
    accuracy: float


def stream_curves(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    marks: Sequence[Mark] = (),
    looks: Sequence[Look] = LOOKS,
) -> go.Figure:
    """Accuracy on all classes so far over the classes met, a line a learner.

    A curve is classes (N,) and accuracies (N,). Published results are `marks` beside the lines.
    """
    figure = go.Figure()
    for (name, (classes, accuracy)), look in zip(curves.items(), looks, strict=False):
        figure.add_scatter(
            x=classes, y=accuracy, name=name, mode="lines",
            line={"color": look.colour, "dash": look.dash, "width": look.width},
            hovertemplate="%{y:.1%}",
        )  # fmt: skip
    for place, mark in enumerate(marks):
        figure.add_scatter(
            x=[mark.classes], y=[mark.accuracy], name="published", mode="markers",
            legendgroup="published", showlegend=place == 0,
            marker={"symbol": "diamond-open", "size": 9, "color": GREY, "line": {"width": 2}},
            hovertemplate=f"{mark.name}: %{{y:.1%}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="classes met", rangemode="tozero", showgrid=False)
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_layout(margin=MARGIN, legend=LEGEND, hovermode="x", uirevision="stream")
    return figure


def forgetting(groups: Sequence[str], classes: np.ndarray, known: np.ndarray) -> go.Figure:
    """How much of each group of classes (G,), by when they came, was known when (G, F).

    `classes` (F,) is how many had come; NaN where nothing of a group had.
    """
    figure = go.Figure()
    figure.add_heatmap(
        x=classes, y=list(groups), z=known, zmin=0, zmax=1, ygap=1, hoverongaps=False,
        colorscale=[[0, _clear(RIGHT, 0.06)], [1, _clear(RIGHT, 0.95)]],
        colorbar={"tickformat": ".0%", "thickness": 10, "outlinewidth": 0, "len": 1},
        hovertemplate="characters %{y}, after %{x} classes: %{z:.0%} known<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title="classes met", showgrid=False, zeroline=False)
    figure.update_yaxes(title="came as number", autorange="reversed", type="category", ticks="")
    figure.update_layout(margin=MARGIN, dragmode=False)
    return figure


def grouped(right: np.ndarray, not_met: int, asked: int, groups: int) -> np.ndarray:
    """The share of right answers (G, F) of one learner, classes in `groups` by when they came.

    `right` (F, C) uint8 is right answers of `asked` for each class, `not_met` where it had not
    come.
    """
    shares = np.where(right == not_met, np.nan, right / asked)
    parts = np.array_split(shares, groups, axis=1)
    met = [np.isfinite(part).sum(1) for part in parts]
    sums = [np.nansum(part, axis=1) for part in parts]
    return np.stack(
        [
            np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
            for total, n in zip(sums, met, strict=True)
        ]
    )


def order_curves(
    sortedness: np.ndarray, curves: Mapping[str, np.ndarray], looks: Sequence[Look] = LOOKS
) -> go.Figure:
    """Accuracy on all classes at the end over the order of the stream (S,), a line a learner (S,).

    The axis runs from shuffled (0) to class after class (1).
    """
    figure = stream_curves({name: (sortedness, y) for name, y in curves.items()}, looks=looks)
    figure.update_traces(mode="lines+markers", marker={"size": 7})
    figure.update_xaxes(
        title=None, tickvals=[0, 0.5, 1], ticktext=["shuffled", "half sorted", "sorted"],
        range=[-0.1, 1.1],
    )  # fmt: skip
    figure.update_layout(uirevision="order")
    return figure


def feature_curves(met: np.ndarray, curves: Mapping[str, Band]) -> go.Figure:
    """Accuracy on all classes so far over the classes met (K,), a line with its band a network."""
    figure = go.Figure()
    add_bands(figure, met, curves)
    figure.update_xaxes(title="classes met", rangemode="tozero", showgrid=False)
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_layout(margin=MARGIN, legend=LEGEND, hovermode="x unified", uirevision="features")
    return figure


def interference(change: np.ndarray, largest: float) -> go.Figure:
    """How logits of old classes change by one example of a new one: (drawings of C, logits of C).

    `largest` is the change in full colour, to compare several pictures.
    """
    figure = go.Figure()
    names = np.arange(1, len(change) + 1)
    figure.add_heatmap(
        x=names, y=names, z=change, zmid=0, zmin=-largest, zmax=largest, xgap=1, ygap=1,
        colorscale=[[0, WRONG], [0.5, "rgba(148,152,160,0.12)"], [1, RIGHT]],
        colorbar={"thickness": 10, "outlinewidth": 0, "len": 1, "tickformat": ".2~f"},
        hovertemplate="drawings of %{y}, logit of %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    fixed = {
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "tickvals": [1, 5, 10, 15, 20],
        "fixedrange": True,
    }
    figure.update_xaxes(title="logit of character", **fixed)
    figure.update_yaxes(title="drawings of character", autorange="reversed", **fixed)
    figure.update_layout(margin=MARGIN, dragmode=False)
    return figure


def _clear(colour: str, alpha: float) -> str:
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgba({red},{green},{blue},{alpha})"
