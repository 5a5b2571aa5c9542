"""A learner that asks: how well it tells unknown from known, and what it knows for its labels."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.lifelong import GREY, MARGIN
from core.figures.race import LOOKS, Look

POINT = 13  # px
END_LOOKS = LOOKS[0], LOOKS[4], LOOKS[3], LOOKS[5]
SHARES = {"fixedrange": True, "zeroline": False, "tickformat": ".0%", "dtick": 0.25}
CORNER = {"x": 1, "xanchor": "right", "y": 0.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}


class Operating(NamedTuple):
    """The point of a ROC at the threshold in use."""

    threshold: float
    false_alarms: float
    found: float


def roc_curve(false_alarms: np.ndarray, found: np.ndarray, point: Operating) -> go.Figure:
    """What share of unknown drawings is found, for the share of known ones that is asked about.

    The ROC is `false_alarms` (T,) and `found` (T,), both ascending; the threshold in use is marked.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": GREY, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=false_alarms, y=found, mode="lines", line={"color": LOOKS[0].colour, "width": 3},
        line_shape="hv", hovertemplate="%{y:.1%} found, %{x:.1%} asked for nothing<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[point.false_alarms], y=[point.found], mode="markers", cliponaxis=False,
        marker={"size": POINT, "color": LOOKS[4].colour, "line": {"width": 2, "color": "white"}},
        hovertemplate=f"threshold {point.threshold:.2f}: %{{y:.1%}} found, %{{x:.1%}} asked for "
        "nothing<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title="known, yet asked about", range=[-0.02, 1.03], **SHARES)
    figure.update_yaxes(title="unknown, and found", range=[0, 1.03], **SHARES)
    return figure.update_layout(margin=MARGIN, showlegend=False, dragmode=False)


def label_costs(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    ends: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    looks: tuple[Look, ...] = END_LOOKS,
) -> go.Figure:
    """The share named rightly over the labels spent, a line a way with a dot where it ends.

    A curve is labels (P,) and shares (P,). `ends` are the labels (T,) and shares (T,) at the ends
    of streams with thresholds (T,).
    """
    figure = go.Figure()
    if ends is not None:
        labels, right, thresholds = ends
        figure.add_scatter(
            x=labels, y=right, name="the end, for other thresholds", mode="lines",
            line={"color": GREY, "width": 1.5, "dash": "dot"}, customdata=thresholds,
            hovertemplate="threshold %{customdata:.2f}: %{x:,.0f} labels, %{y:.1%}<extra></extra>",
        )  # fmt: skip
    for (name, (labels, right)), look in zip(curves.items(), looks, strict=False):
        sizes = np.zeros(len(labels))
        sizes[-1:] = 10
        figure.add_scatter(
            x=labels, y=right, name=name, mode="lines+markers",
            line={"color": look.colour, "dash": look.dash, "width": look.width},
            marker={"size": sizes, "opacity": 1, "line": {"width": 0}},
            hovertemplate=f"{name}: %{{x:,}} labels, %{{y:.1%}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="labels spent", rangemode="tozero", showgrid=False, tickformat=",d")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return figure.update_layout(
        margin=MARGIN, legend=CORNER, hovermode="closest", uirevision="asking"
    )
