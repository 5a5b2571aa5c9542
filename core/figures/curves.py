"""Training curves: a scalar over the steps of a run, or of several."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

Curve = tuple[np.ndarray, np.ndarray]  # steps (N,), values (N,)
POINTS = 500  # more than a chart has pixels to tell apart


def thin(steps: np.ndarray, values: np.ndarray, limit: int = POINTS) -> Curve:
    """At most `limit` points: means over buckets of neighbours, NaN and infinity left out.

    The buckets' width is a power of two, so that they stay where they are while a curve grows and
    the line on screen does not shimmer. The newest value is kept as it is.
    """
    if len(steps) == 0:
        return steps, values
    width = 1
    while -(-len(steps) // width) > limit - 1:
        width *= 2
    finite = np.where(np.isfinite(values), values, np.nan)
    if width == 1:
        return steps, finite
    starts = np.arange(0, len(steps), width)
    counts = np.add.reduceat(np.isfinite(finite).astype(np.float64), starts)
    sums = np.add.reduceat(np.nan_to_num(finite), starts)
    means = np.divide(sums, counts, out=np.full(len(starts), np.nan), where=counts > 0)
    middles = np.add.reduceat(steps, starts) / np.diff(np.append(starts, len(steps)))
    return np.append(middles, steps[-1]), np.append(means, finite[-1])


def training_curves(
    curves: Mapping[str, Curve], title: str, percent: bool = False, log: bool = False
) -> go.Figure:
    """One chart with a line a curve, thinned. `percent` is for fractions, `log` for a log axis."""
    figure = go.Figure()
    for name, (steps, values) in curves.items():
        x, y = thin(steps, values)
        mode = "lines+markers" if len(x) < 30 else "lines"
        figure.add_scatter(x=x, y=y, name=name, mode=mode, line={"width": 2}, marker={"size": 5})
    several = len(curves) > 1
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0, "xref": "container", "xanchor": "left"},
        margin={"l": 8, "r": 8, "t": 44, "b": 8},
        hovermode="x unified",
        showlegend=several,
        legend={"orientation": "h", "x": 0, "y": -0.18, "yanchor": "top"},
        uirevision=title,  # zoom survives each new figure
    )
    figure.update_xaxes(  # a small chart has room for its legend or for the axis's name
        title=None if several else "step", rangemode="tozero", showgrid=False, automargin=True
    )
    figure.update_yaxes(
        type="log" if log else "linear", tickformat=".0%" if percent else "", automargin=True
    )
    return figure
