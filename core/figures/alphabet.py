"""A drawn alphabet: pictures of its symbols, and how likely a drawing is to be each of them.

A symbol is identified by a number, which gives it the letter and colour of that class.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from core.figures.pictures import (
    CLASS_COLOURS,
    GREY,
    SIDE,
    UNDECIDED,
    blank,
    class_name,
    paint,
    png,
)

SAMPLE_BRIGHTNESS = 0.55  # of a sample below the pen; 1 is white
BARS_TOP = 22  # px above the first bar, for the label of the dotted line
PICTURE_WIDTH = 0.16  # of a full bar, for the picture in front of it


def symbol_png(picture: np.ndarray, number: int = UNDECIDED) -> str:
    """uint8 (28, 28) in the colours of its symbol, as a data URL."""
    mosaic = blank(SIDE, SIDE)
    paint(mosaic, picture, number, 0, 0)
    return png(mosaic)


def sample_below_pen(picture: np.ndarray, side: int) -> np.ndarray:
    """uint8 (28, 28) smoothly enlarged and dimmed, to be drawn over: uint8 (side, side)."""
    large = np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))
    return (SAMPLE_BRIGHTNESS * large).astype(np.uint8)


def symbol_bars(
    probability: np.ndarray,
    pictures: Sequence[np.ndarray | None],
    numbers: Sequence[int],
    marks_start: bool = True,
) -> go.Figure:
    """How likely a drawing is to be each of n symbols: probability (n,), summing to 1.

    Each bar has the symbol's letter and an example uint8 (28, 28) in front, if there is one. A
    symbol that takes no part has NaN, and no bar. `marks_start` draws a dotted line at 1/n of those
    that do, the probability before learning.
    """
    rows = np.arange(len(numbers))
    takes_part = ~np.isnan(probability)
    figure = go.Figure(
        go.Bar(
            x=np.where(takes_part, probability, 0), y=rows, orientation="h", width=0.62,
            hoverinfo="skip",
            marker={"color": [CLASS_COLOURS[number] for number in numbers], "cornerradius": 4},
            text=["" if np.isnan(share) else f"<b>{share:.0%}</b>" for share in probability],
            textposition="outside",
            textfont={"size": 16}, cliponaxis=False,
        )
    )  # fmt: skip
    for row, picture, number in zip(rows, pictures, numbers, strict=True):
        if picture is None:
            continue
        figure.add_layout_image(
            source=symbol_png(picture, number), xref="x", yref="y",
            x=-PICTURE_WIDTH, y=row, sizex=PICTURE_WIDTH, sizey=0.9, xanchor="left",
            yanchor="middle",
        )  # fmt: skip
    if marks_start and takes_part.any():
        figure.add_vline(
            x=1 / takes_part.sum(), line={"dash": "dot", "width": 1.5, "color": GREY},
            annotation={"text": "before learning", "font": {"size": 12}, "yanchor": "bottom"},
            annotation_position="top right",
        )  # fmt: skip
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": BARS_TOP if marks_start else 0, "b": 4},
        dragmode=False,
        uirevision="bars",
    )
    figure.update_xaxes(range=[-PICTURE_WIDTH - 0.03, 1.16], visible=False, fixedrange=True)
    figure.update_yaxes(
        tickvals=rows, ticktext=[_letter(number) for number in numbers], tickfont={"size": 18},
        range=[len(rows) - 0.5, -0.5], showgrid=False, zeroline=False, fixedrange=True,
    )  # fmt: skip
    return figure


def symbol_curves(probability: np.ndarray, numbers: Sequence[int], step: int) -> go.Figure:
    """The same after each inner step: probability (S + 1, n). `step` has a ring."""
    steps = np.arange(len(probability))
    figure = go.Figure()
    for number, shares in zip(numbers, probability.T, strict=True):
        colour, name = CLASS_COLOURS[number], class_name(number)
        figure.add_scatter(
            x=steps, y=shares, name=name, mode="lines+markers",
            line={"color": colour, "width": 2.5}, marker={"size": 6},
            hovertemplate=f"{name} %{{y:.1%}}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[step], y=[shares[step]], mode="markers", hoverinfo="skip", showlegend=False,
            marker={"size": 14, "symbol": "circle-open", "color": colour, "line": {"width": 3}},
        )  # fmt: skip
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 28, "b": 8}, uirevision="curves", hovermode="x",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    figure.update_xaxes(title="inner step", dtick=1, showgrid=False)
    figure.update_yaxes(tickformat=".0%", range=[-0.03, 1.06])
    return figure


def symbol_bars_alt(probability: np.ndarray, numbers: Sequence[int]) -> str:
    """The bars in words, for a screen reader: A 93%, B 5%, C 2%."""
    pairs = zip(numbers, probability, strict=True)
    return ", ".join(f"{class_name(number)} {share:.0%}" for number, share in pairs)


def _letter(number: int) -> str:
    return f'<b><span style="color:{CLASS_COLOURS[number]}">{class_name(number)}</span></b>'
