"""Digits that get their names from a few labels: their pictures, and how many names are right."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.figures.labels import LOOKS
from core.figures.pictures import png


def digit_png(picture: np.ndarray) -> str:
    """uint8 (28, 28) with ink = 255 as a data URL, white on black."""
    return png(picture)


def digit_sheet(pictures: np.ndarray, columns: int) -> str:
    """Pictures uint8 (N, H, W) in rows of `columns`, as a data URL; the last row is filled up."""
    count, height, width = pictures.shape
    rows = -(-count // columns)
    filled = np.zeros((rows * columns, height, width), np.uint8)
    filled[:count] = pictures
    sheet = filled.reshape(rows, columns, height, width).transpose(0, 2, 1, 3)
    return png(sheet.reshape(rows * height, columns * width))


def naming_curves(curves: Mapping[str, np.ndarray]) -> go.Figure:
    """The share of names that are right after each label (L,), a line a way; the first is broad."""
    figure = go.Figure()
    for index, (way, shares) in enumerate(curves.items()):
        colour, shape = LOOKS[index]
        figure.add_scatter(
            x=np.arange(1, len(shares) + 1), y=shares, name=way, mode="lines+markers",
            line={"width": 2 if index else 3.5, "color": colour},
            marker={"size": 6, "symbol": shape}, hovertemplate="%{y:.1%}",
        )  # fmt: skip
    longest = max(map(len, curves.values()))
    figure.update_xaxes(
        title="labels given", range=[0.5, max(10, longest) + 0.5], tickformat="d", showgrid=False
    )
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return figure.update_layout(
        hovermode="x unified", margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
