"""Pictures of the inside of a learner: what moves, what stays alike, where it goes, what pulls it.

The symbols of the algorithm have a colour each, the same in its formulas and in these pictures.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

# Mid-tones that stand out on white as on black.
SUPPORT = "#1f9e78"
QUERY = "#d1478f"
START = "#4c78dd"  # theta
ADAPTED = "#8f6fe0"  # theta'
TOOLBAR = 24  # px for Plotly's toolbar, above titles that it would lie on
INNER_RATE = "#df7a16"  # alpha, and the inner steps that it scales
OUTER_RATE = "#d2564a"  # beta, and the meta-gradient that it scales
OTHER = "#8a93a6"  # what is only compared with

FLOOR = 1e-3  # the lowest loss that a surface tells from zero
TICKS = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20])
LINES = 14  # of a surface
MOST_DIGITS = 6  # after the point


class Surface(NamedTuple):
    """A loss (R, C) on a plane at x (C,) and y (R,), and a path there (S + 1, 2).

    path_loss (S + 1,) is that of the path itself, which may be a little off the plane.
    """

    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    path: np.ndarray
    path_loss: np.ndarray


def telling(value: float, whole: float, digits: int) -> str:
    """`value` with so many digits, or more, up to six, if it takes them to tell it from 0 and from
    `whole`: 99.9 of 100 is not all.
    """
    for enough in range(digits, MOST_DIGITS + 1):
        if round(value, enough) not in (0, whole):
            return f"{value:.{enough}f}"
    return f"{value:.{digits}f}"


def two_digits(value: float) -> str:
    """The first two digits that are not zero: 0.0063, 0.66 and 12."""
    return np.format_float_positional(value, precision=2, fractional=False, trim="-")


def layer_movement(
    layers: Sequence[str], relative: np.ndarray, interval: np.ndarray, share: np.ndarray, top: float
) -> go.Figure:
    """How far each layer is from its start after each step, and its share in what all moved.

    A row a layer, the last one, nearest to the answers, on top; a column an inner step, from 1.

    Args:
        relative: (S, L) distance over the length at the start, NaN where that was zero.
        interval: (S, L) half-width of its 95 % interval.
        share: (L,) of the squared distance that all layers went together.
        top: the relative distance with the strongest colour, for figures to be compared.
    """
    figure = make_subplots(
        cols=2, shared_yaxes=True, column_widths=[0.7, 0.3], horizontal_spacing=0.03,
        subplot_titles=("distance / length, %", "share of distance²"),
    )  # fmt: skip
    percent = 100 * relative.T
    steps = np.arange(1, len(relative) + 1)
    figure.add_heatmap(
        x=steps, y=list(layers), z=percent, zmin=0, zmax=100 * top, colorscale=_tint(INNER_RATE),
        showscale=False, xgap=3, ygap=3, customdata=100 * interval.T, hoverongaps=False,
        hovertemplate="%{y}, step %{x}: %{z:.3f} ± %{customdata:.3f} %<extra></extra>",
        row=1, col=1,
    )  # fmt: skip
    for layer, row in zip(layers, percent, strict=True):  # in the page's own ink
        figure.add_scatter(
            x=steps, y=[layer] * len(steps), mode="text", hoverinfo="skip", row=1, col=1,
            text=["" if np.isnan(value) else two_digits(value) for value in row],
        )  # fmt: skip
    for row in np.flatnonzero(np.isnan(relative).all(0)).tolist():
        figure.add_annotation(
            x=steps.mean(), y=layers[row], text="from zero: no ratio", showarrow=False, row=1, col=1
        )
    figure.add_bar(
        x=share, y=list(layers), orientation="h", marker={"color": INNER_RATE}, cliponaxis=False,
        text=[f"{telling(100 * part, 100, 2)}%" for part in share], textfont={"size": 13},
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
        showlegend=False,
        bargap=0.1,
        dragmode=False,
        margin={"l": 8, "r": 8, "t": 26 + TOOLBAR, "b": 8},
    )
    return figure


def similarity_bars(
    layers: Sequence[str], similar: Mapping[str, tuple[np.ndarray, np.ndarray]], unlike: np.ndarray
) -> go.Figure:
    """How alike each layer (L,) is before and after: a row a layer, a bar a start.

    Args:
        similar: for one or two starts by name the CKA (L,) and half-widths of its 95 % interval.
        unlike: (L,) that of two networks of different weights, as a yardstick.
    """
    figure = go.Figure()
    bars = list(zip(similar.items(), (ADAPTED, OTHER), (1, 2), strict=False))
    for (name, (value, interval)), colour, rank in reversed(bars):  # the last one drawn is on top
        figure.add_bar(
            x=value, y=list(layers), orientation="h", name=name, marker={"color": colour},
            legendrank=rank, customdata=interval,
            text=[telling(each, 1, 4) for each in value], textposition="inside",
            insidetextanchor="start", insidetextfont={"color": "white"},
            hovertemplate=f"{name}, %{{y}}: %{{x:.4f}} ± %{{customdata:.4f}}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=unlike, y=list(layers), name="different weights", mode="markers", legendrank=3,
        marker={"symbol": "line-ns", "size": 44, "line": {"width": 4, "color": OUTER_RATE}},
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
    """A surface as contours, on a logarithmic scale over `span`, with the path from theta on it.

    Both axes have one unit, so that lengths and angles are true. `colour` is that of the heights:
    valleys are clear.
    """
    low, high = (math.log10(max(end, FLOOR)) for end in span)
    ticks = TICKS[(np.log10(TICKS) >= low) & (np.log10(TICKS) <= high)]
    figure = go.Figure(go.Contour(
        x=surface.x, y=surface.y, z=np.log10(np.maximum(surface.loss, FLOOR)),
        zmin=low, zmax=high, colorscale=_tint(colour), customdata=surface.loss,
        contours={"coloring": "heatmap", "start": low, "end": high, "size": (high - low) / LINES},
        line={"width": 1, "color": colour}, hovertemplate="loss %{customdata:.3f}<extra></extra>",
        colorbar={"tickvals": np.log10(ticks), "ticktext": [f"{tick:g}" for tick in ticks],
                  "thickness": 12, "outlinewidth": 0, "len": 0.9},
    ))  # fmt: skip
    x, y = surface.path.T
    figure.add_scatter(
        x=x, y=y, mode="lines+markers", line={"width": 3, "color": INNER_RATE}, marker={"size": 7},
        customdata=surface.path_loss, text=[f"step {step}" for step in range(len(x))],
        hovertemplate="%{text}: loss %{customdata:.3f}<extra></extra>",
    )  # fmt: skip
    for place, name, tone in ((0, "θ", START), (-1, "θ′", ADAPTED)):
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
        ("meta-gradient", whole, tail, tip, OUTER_RATE),
        ("first-order part", first_order, tail, corner, QUERY),
        ("second-order part", second_order, corner, tip, INNER_RATE),
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
    """An arc from the right to `turn`, with the angle beside it."""
    arc = np.linspace(0, turn, 30)
    figure.add_scatter(
        x=radius * np.cos(arc), y=radius * np.sin(arc), mode="lines", showlegend=False,
        line={"width": 2, "color": OTHER},
    )  # fmt: skip
    figure.add_scatter(
        x=[1.2 * radius * math.cos(turn / 2)], y=[1.2 * radius * math.sin(turn / 2)], mode="text",
        text=f"<b>{math.degrees(turn):.0f}°</b>", textposition="middle right", showlegend=False,
        textfont={"size": 16},
    )  # fmt: skip


def _tint(colour: str) -> list[list[object]]:
    """A colour scale from clear to `colour`: what is low shows the page's own paper."""
    red, green, blue = bytes.fromhex(colour[1:])
    return [
        [share, f"rgba({red},{green},{blue},{0.04 + 0.56 * share:.2f})"] for share in (0.0, 1.0)
    ]
