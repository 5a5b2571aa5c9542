"""Label efficiency of an embedding: accuracy over the number of labels, and confusions."""

from collections.abc import Collection, Mapping

import numpy as np
import plotly.graph_objects as go

# Mid-tones that stand out on white as on black, and a shape each for who cannot tell them apart.
LOOKS = (
    ("#12988a", "diamond"), ("#d0509a", "square"), ("#4c78dd", "circle"),
    ("#8f6fe0", "triangle-up"), ("#d56f10", "x"), ("#7f899d", "cross"),
)  # fmt: skip
RIGHT, WRONG = "#4c78dd", "#d2564a"
Band = tuple[np.ndarray, np.ndarray]  # means (K,) and half-widths of their intervals (K,)


def label_curves(
    per_class: np.ndarray, curves: Mapping[str, Band], dashed: Collection[str] = ()
) -> go.Figure:
    """Accuracy over the labels of each class (K,), on a logarithmic axis, each curve with its band.

    At most as many curves as there are LOOKS; the last value of `per_class` is all labels. The
    curves whose names are in `dashed` are drawn so.
    """
    figure = go.Figure()
    add_bands(figure, per_class, curves, dashed)
    ticks = [f"{count:,}" for count in per_class[:-1]] + [f"all ({per_class[-1]:,})"]
    figure.update_xaxes(
        type="log", title="labels per class", tickvals=per_class, ticktext=ticks, showgrid=False
    )
    figure.update_yaxes(tickformat=".0%", range=[None, 1])
    figure.update_layout(
        hovermode="x unified", margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    return figure


def add_bands(
    figure: go.Figure, x: np.ndarray, curves: Mapping[str, Band], dashed: Collection[str] = ()
) -> None:
    """Adds curves over x (K,), each with its band; those whose names are in `dashed` are dashed."""
    for (name, (mean, interval)), (colour, shape) in zip(curves.items(), LOOKS, strict=False):
        figure.add_scatter(
            x=np.concatenate([x, x[::-1]]),
            y=np.concatenate([mean + interval, (mean - interval)[::-1]]),
            fill="toself", fillcolor=_clear(colour, 0.12), mode="none", hoverinfo="skip",
            legendgroup=name, showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=x, y=mean, name=name, mode="lines+markers", legendgroup=name,
            line={"width": 2.5, "color": colour, "dash": "dash" if name in dashed else "solid"},
            marker={"size": 8, "symbol": shape}, customdata=interval,
            hovertemplate="%{y:.1%} ± %{customdata:.1%}",
        )  # fmt: skip


def confusion_matrix(counts: np.ndarray) -> go.Figure:
    """How many digits of each class (rows of (C, C)) are classified as which (columns).

    Mistakes have a colour scale of their own: on one with the diagonal they would all be faint.
    """
    classes = [str(label) for label in range(len(counts))]
    is_right = np.eye(len(counts), dtype=bool)
    mistakes = np.where(is_right, np.nan, counts.astype(float))
    right = np.where(is_right, 1.0, np.nan)
    figure = go.Figure()
    for values, colour, top in ((mistakes, WRONG, np.nanmax(mistakes)), (right, RIGHT, 1.0)):
        figure.add_heatmap(
            x=classes, y=classes, z=values, zmin=0, zmax=max(1.0, top), showscale=False,
            colorscale=[[0, _clear(colour, 0.0)], [1, _clear(colour, 0.55)]], xgap=1, ygap=1,
            customdata=counts, hoverongaps=False,
            hovertemplate="%{customdata} digits %{y} classified as %{x}<extra></extra>",
        )  # fmt: skip
    rows, columns = np.nonzero(counts)
    figure.add_scatter(  # in the page's own ink
        x=[classes[column] for column in columns], y=[classes[row] for row in rows],
        text=[str(counts[place]) for place in zip(rows, columns, strict=True)], mode="text",
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    fixed = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "dtick": 1}
    figure.update_xaxes(title="classified as", type="category", **fixed)
    figure.update_yaxes(title="digit", type="category", autorange="reversed", **fixed)
    figure.update_layout(dragmode=False, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    return figure


def _clear(colour: str, alpha: float) -> str:
    red, green, blue = bytes.fromhex(colour[1:])
    return f"rgba({red},{green},{blue},{alpha})"
