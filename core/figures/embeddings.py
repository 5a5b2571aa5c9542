"""Figures of an embedding: its accuracy and geometry over the steps of a run."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.figures.curves import Curve, training_curves

INK = (92, 128, 214)
# Observable 10, the charts' colours on a light page. Those of a dark page are too similar for dots.
DIGIT_COLOURS = (
    "#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951",
    "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0",
)  # fmt: skip


def neighbour_curve(accuracy: Curve, baselines: Mapping[str, float]) -> go.Figure:
    """k-NN accuracy over the steps, with a flat dotted line for each baseline by its name."""
    figure = training_curves({"this encoder": accuracy}, "k-NN accuracy", percent=True)
    steps = accuracy[0]
    last = float(steps[-1]) if len(steps) else 1.0
    for name, value in baselines.items():
        figure.add_scatter(
            x=[0, last],
            y=[value, value],
            name=name,
            mode="lines",
            line={"dash": "dot", "width": 2},
            hovertemplate="%{y:.1%}",
        )
    figure.update_layout(showlegend=True)
    return without_step(figure)


def geometry_curve(alignment: Curve, uniformity: Curve) -> go.Figure:
    """Alignment and uniformity over the steps (Wang & Isola 2020): lower is better for both."""
    curves = {"alignment": alignment, "uniformity": uniformity}
    figure = without_step(training_curves(curves, "Alignment and uniformity"))
    for (name, (_, values)), side in zip(curves.items(), ("top", "bottom"), strict=True):
        if len(values):  # named at the line, since a legend would take half of a small chart
            figure.add_annotation(
                x=1, xref="paper", y=float(values[-1]), text=name, showarrow=False,
                xanchor="right", yanchor=side,
            )  # fmt: skip
    return figure.update_layout(showlegend=False)


def without_step(figure: go.Figure) -> go.Figure:
    """The figure without the title of its x axis, whose room a small chart needs for the legend."""
    figure.update_xaxes(title=None)
    figure.update_layout(legend={"y": -0.18})
    return figure


def picture_sheet(ink: np.ndarray, scale: int = 2, gap: int = 4) -> np.ndarray:
    """Pictures (R, C, H, W) in [0, 1] as one sheet of R rows: RGBA uint8, enlarged.

    Paper is transparent, and ink a grey-blue that is legible on a light page and on a dark one.
    """
    rows, height = ink.shape[0], ink.shape[2]
    enlarged = np.kron(ink, np.ones((1, 1, scale, scale)))
    framed = np.pad(enlarged, ((0, 0), (0, 0), (0, gap), (0, gap)))
    sheet = framed.transpose(0, 2, 1, 3).reshape(rows * (height * scale + gap), -1)
    alpha = np.round(sheet[:-gap, :-gap] * 255).astype(np.uint8)
    colour = np.broadcast_to(np.array(INK, dtype=np.uint8), (*alpha.shape, 3))
    return np.concatenate([colour, alpha[..., None]], axis=2)
