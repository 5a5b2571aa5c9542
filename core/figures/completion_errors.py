"""The error of completions over the share of pixels hidden, and by kind of mask."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

# These stand out on white and on black. Untrained methods are warm or grey. The symbols tell the
# methods apart without colours.
COLOURS = ("#4c78dd", "#1f9e78", "#df7a16", "#d2564a", "#8a93a6")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
TICKS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def errors_by_share(shares: np.ndarray, errors: Mapping[str, np.ndarray]) -> go.Figure:
    """Mean squared error (K,) of each method, over the shares (K,) of random pixels hidden."""
    figure = go.Figure()
    for (name, values), colour, symbol in zip(errors.items(), COLOURS, SYMBOLS, strict=True):
        figure.add_scatter(
            x=shares, y=values, name=name, mode="lines+markers",
            line={"width": 2.5, "color": colour}, marker={"size": 8, "symbol": symbol},
            hovertemplate="%{y:.4f}",
        )  # fmt: skip
    figure.update_xaxes(title="share of pixels hidden at random", tickformat=".0%", showgrid=False)
    return _laid_out(figure)


def errors_by_kind(kinds: Sequence[str], errors: Mapping[str, np.ndarray]) -> go.Figure:
    """Mean squared error (K,) of each method, as points over K kinds of mask."""
    figure = go.Figure()
    for (name, values), colour, symbol in zip(errors.items(), COLOURS, SYMBOLS, strict=True):
        figure.add_scatter(
            x=list(kinds), y=values, name=name, mode="markers",
            marker={"size": 11, "color": colour, "symbol": symbol}, hovertemplate="%{y:.4f}",
        )  # fmt: skip
    figure.update_xaxes(showgrid=False)
    return _laid_out(figure)


def _laid_out(figure: go.Figure) -> go.Figure:
    """The axis is logarithmic, since errors differ tenfold."""
    figure.update_yaxes(
        title="MSE of hidden pixels", type="log", tickvals=TICKS, ticktext=[f"{t:g}" for t in TICKS]
    )
    figure.update_layout(
        hovermode="x unified", margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    return figure
