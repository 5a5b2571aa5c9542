"""Figures of adaptation: movement and similarity of layers, loss landscape, meta-gradient.

Each symbol of the algorithm has one colour, in its formulas and in these figures.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures.numbers import distinct_digits, log_ticks, two_digits

# Mid-tones that stand out on white as on black.
SUPPORT_COLOUR = "#1f9e78"
QUERY_COLOUR = "#d1478f"
INITIALISATION_COLOUR = "#4c78dd"  # theta
ADAPTED_COLOUR = "#8f6fe0"  # theta'
TOOLBAR = 24  # px above the titles, for Plotly's toolbar
INNER_RATE_COLOUR = "#df7a16"  # alpha, and the inner steps that it scales
OUTER_RATE_COLOUR = "#d2564a"  # beta, and the meta-gradient that it scales
OTHER_COLOUR = "#8a93a6"  # of the comparison

LOSS_FLOOR = 1e-3  # the lowest loss on a surface's logarithmic scale
CONTOUR_LINES = 14


class Surface(NamedTuple):
    """A loss (R, C) on a plane at x (C,) and y (R,), and a path there (S + 1, 2).

    path_loss (S + 1,) is the loss on the path itself, which may lie a little off the plane.
    """

    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    path: np.ndarray
    path_loss: np.ndarray


def layer_movement(
    layers: Sequence[str], relative: np.ndarray, interval: np.ndarray, share: np.ndarray, top: float
) -> go.Figure:
    """Distance of each layer from the initialisation after each step, and its share of the whole.

    A row per layer, the head on top; a column per inner step, from 1.

    Args:
        relative: (S, L) distance over the length at initialisation, NaN where that was zero.
        interval: (S, L) half-width of its 95 % interval.
        share: (L,) of the squared distance of all layers.
        top: the relative distance with the strongest colour, for figures to be compared.
    """
    figure = make_subplots(
        cols=2, shared_yaxes=True, column_widths=[0.7, 0.3], horizontal_spacing=0.03,
        subplot_titles=("distance / length, %", "share of distance²"),
    )  # fmt: skip
    _add_distances(figure, layers, relative, interval, top)
    figure.add_bar(
        x=share, y=list(layers), orientation="h", cliponaxis=False,
        marker={"color": INNER_RATE_COLOUR}, textfont={"size": 13},
        text=[f"{distinct_digits(100 * part, 100, 2)}%" for part in share],
        textposition=["inside" if part > 0.5 else "outside" for part in share],
        insidetextfont={"color": "white"}, hovertemplate="%{y}: %{x:.3%}<extra></extra>",
        row=1, col=2,
    )  # fmt: skip
    figure.update_xaxes(title="inner step", dtick=1, row=1, col=1)
    figure.update_xaxes(range=[0, 1], showticklabels=False, row=1, col=2)
    figure.update_xaxes(showgrid=False, zeroline=False, ticks="", fixedrange=True)
    figure.update_yaxes(showgrid=False, ticks="", fixedrange=True)
    figure.update_annotations(font={"size": 13})
    figure.update_layout(
        showlegend=False, bargap=0.1, dragmode=False,
        margin={"l": 8, "r": 8, "t": 26 + TOOLBAR, "b": 8},
    )  # fmt: skip
    return figure


def _add_distances(
    figure: go.Figure, layers: Sequence[str], relative: np.ndarray, interval: np.ndarray, top: float
) -> None:
    """The distances as a heatmap with the number in each cell."""
    percent = 100 * relative.T
    steps = np.arange(1, len(relative) + 1)
    figure.add_heatmap(
        x=steps, y=list(layers), z=percent, zmin=0, zmax=100 * top, showscale=False, xgap=3, ygap=3,
        colorscale=_tint(INNER_RATE_COLOUR), customdata=100 * interval.T, hoverongaps=False,
        hovertemplate="%{y}, step %{x}: %{z:.3f} ± %{customdata:.3f} %<extra></extra>",
        row=1, col=1,
    )  # fmt: skip
    for layer, row in zip(layers, percent, strict=True):  # text in the colour of the page
        figure.add_scatter(
            x=steps, y=[layer] * len(steps), mode="text", hoverinfo="skip", row=1, col=1,
            text=["" if np.isnan(value) else two_digits(value) for value in row],
        )  # fmt: skip
    for row in np.flatnonzero(np.isnan(relative).all(0)).tolist():
        figure.add_annotation(
            x=steps.mean(), y=layers[row], text="starts at zero: no ratio", showarrow=False,
            row=1, col=1,
        )  # fmt: skip


def similarity_bars(
    layers: Sequence[str], similar: Mapping[str, tuple[np.ndarray, np.ndarray]], unlike: np.ndarray
) -> go.Figure:
    """Similarity of each layer (L,) before and after: a row per layer, a bar per initialisation.

    Args:
        similar: for one or two initialisations by name the CKA (L,) and half-widths of its 95 %
            interval.
        unlike: (L,) the CKA of two networks with different weights, for comparison.
    """
    figure = go.Figure()
    bars = list(zip(similar.items(), (ADAPTED_COLOUR, OTHER_COLOUR), (1, 2), strict=False))
    for (name, (value, interval)), colour, rank in reversed(bars):  # the last one drawn is on top
        figure.add_bar(
            x=value, y=list(layers), orientation="h", name=name, marker={"color": colour},
            legendrank=rank, customdata=interval,
            text=[distinct_digits(each, 1, 4) for each in value], textposition="inside",
            insidetextanchor="start", insidetextfont={"color": "white"},
            hovertemplate=f"{name}, %{{y}}: %{{x:.4f}} ± %{{customdata:.4f}}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=unlike, y=list(layers), name="different weights", mode="markers", legendrank=3,
        marker={"symbol": "line-ns", "size": 44, "line": {"width": 4, "color": OUTER_RATE_COLOUR}},
        hovertemplate="different weights, %{y}: %{x:.4f}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 1.02], title="linear CKA: 1 is the same", fixedrange=True)
    figure.update_yaxes(showgrid=False, fixedrange=True)
    figure.update_layout(
        bargap=0.3, dragmode=False, margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    return figure


def loss_surface(surface: Surface, span: tuple[float, float], title: str, colour: str) -> go.Figure:
    """A loss as contours on a logarithmic scale over `span`, with the path from theta on it.

    Both axes have one unit, so lengths and angles are true. High loss has the strongest `colour`.
    """
    low, high = (math.log10(max(end, LOSS_FLOOR)) for end in span)
    spacing = (high - low) / CONTOUR_LINES
    ticks = log_ticks(10**low, 10**high)
    figure = go.Figure(go.Contour(
        x=surface.x, y=surface.y, z=np.log10(np.maximum(surface.loss, LOSS_FLOOR)),
        zmin=low, zmax=high, colorscale=_tint(colour), customdata=surface.loss,
        contours={"coloring": "heatmap", "start": low, "end": high, "size": spacing},
        line={"width": 1, "color": colour}, hovertemplate="loss %{customdata:.3f}<extra></extra>",
        colorbar={"tickvals": np.log10(ticks), "ticktext": [f"{tick:.3g}" for tick in ticks],
                  "thickness": 12, "outlinewidth": 0, "len": 0.9},
    ))  # fmt: skip
    x, y = surface.path.T
    figure.add_scatter(
        x=x, y=y, mode="lines+markers", marker={"size": 7},
        line={"width": 3, "color": INNER_RATE_COLOUR},
        customdata=surface.path_loss, text=[f"step {step}" for step in range(len(x))],
        hovertemplate="%{text}: loss %{customdata:.3f}<extra></extra>",
    )  # fmt: skip
    for place, name, tone in ((0, "θ", INITIALISATION_COLOUR), (-1, "θ′", ADAPTED_COLOUR)):
        figure.add_scatter(
            x=x[place, None], y=y[place, None], mode="markers+text", text=f"<b>{name}</b>",
            marker={"size": 24, "color": tone, "line": {"width": 2, "color": "white"}},
            textfont={"size": 15, "color": "white"}, hoverinfo="skip",
        )  # fmt: skip
    figure.update_layout(
        title={"text": title, "font": {"color": colour}}, showlegend=False,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
    )  # fmt: skip
    ends = {"range": [surface.x[0], surface.x[-1]]}, {"range": [surface.y[0], surface.y[-1]]}
    figure.update_xaxes(**ends[0], title="first direction", constrain="domain")
    figure.update_yaxes(**ends[1], title="second direction", constrain="domain",
                        scaleanchor="x")  # fmt: skip
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        axis.update(zeroline=False, showgrid=False, nticks=6)
    return figure


def gradient_triangle(
    whole: float, first_order: float, second_order: float, angle: float
) -> go.Figure:
    """A meta-gradient as the sum of its two parts, in the plane that holds all three.

    The arguments are their lengths and the angle in degrees between the whole and its first-order
    part, which lies to the right.
    """
    turn = math.radians(angle)
    tail, corner = np.zeros(2), np.array([first_order, 0.0])
    tip = whole * np.array([math.cos(turn), math.sin(turn)])
    figure = go.Figure()
    for name, length, start, end, colour in (
        ("meta-gradient", whole, tail, tip, OUTER_RATE_COLOUR),
        ("first-order part", first_order, tail, corner, QUERY_COLOUR),
        ("second-order part", second_order, corner, tip, INNER_RATE_COLOUR),
    ):
        _draw_arrow(figure, start, end, colour)
        figure.add_scatter(  # for the legend
            x=[None], y=[None], mode="lines", name=f"{name} {length:.2f}",
            line={"width": 4, "color": colour},
        )  # fmt: skip
    _draw_angle(figure, turn, 0.25 * min(whole, first_order))
    right = max(first_order, tip[0])
    margin = 0.06 * max(right, whole)
    fixed = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[min(0, tip[0]) - margin, right + margin], **fixed)
    figure.update_yaxes(range=[-margin, tip[1] + margin], scaleanchor="x", **fixed)
    figure.update_layout(
        hovermode=False, dragmode=False, margin={"l": 0, "r": 0, "t": 8, "b": 0},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False,
                "itemdoubleclick": False},
    )  # fmt: skip
    return figure


def _draw_arrow(figure: go.Figure, start: np.ndarray, end: np.ndarray, colour: str) -> None:
    figure.add_annotation(
        x=end[0], y=end[1], ax=start[0], ay=start[1], xref="x", yref="y", axref="x", ayref="y",
        showarrow=True, arrowhead=2, arrowwidth=5, arrowsize=0.8, arrowcolor=colour, text="",
    )  # fmt: skip


def _draw_angle(figure: go.Figure, turn: float, radius: float) -> None:
    """An arc of `turn` radians from the right, with the angle beside it."""
    arc = np.linspace(0, turn, 30)
    figure.add_scatter(
        x=radius * np.cos(arc), y=radius * np.sin(arc), mode="lines", showlegend=False,
        line={"width": 2, "color": OTHER_COLOUR},
    )  # fmt: skip
    figure.add_scatter(
        x=[1.2 * radius * math.cos(turn / 2)], y=[1.2 * radius * math.sin(turn / 2)], mode="text",
        text=f"<b>{math.degrees(turn):.0f}°</b>", textposition="middle right", showlegend=False,
        textfont={"size": 16},
    )  # fmt: skip


def _tint(colour: str) -> list[list[object]]:
    """A colour scale from almost transparent to `colour`."""
    red, green, blue = bytes.fromhex(colour[1:])
    return [
        [share, f"rgba({red},{green},{blue},{0.04 + 0.56 * share:.2f})"] for share in (0.0, 1.0)
    ]
