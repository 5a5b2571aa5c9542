"""Pictures of a task being learnt: the examples, the queries with their answers, the curves.

The ink of a picture is drawn in the colour of the class that it is taken for, so that the film
changes colour as the network changes its mind. Wrong answers also carry a cross and a dashed frame.
"""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures.panel_layout import CAPTION, LEFT, SEPARATION, PanelLayout, panel_layout
from core.figures.pictures import (
    CLASS_COLOURS,
    FINE,
    SIDE,
    UNDECIDED,
    answers,
    blank,
    class_colour,
    class_name,
    frame_wrong,
    paint,
    png,
)


class TaskFilm(NamedTuple):
    """How one task of pictures is learnt, from before the first of S inner steps on.

    support (n_way * k_shot, 28, 28) and query (Q, 28, 28) uint8, rows sorted by class; probability
    (S + 1, Q, n_way) of each class for each query; support_loss (S + 1,).
    """

    support: np.ndarray
    query: np.ndarray
    probability: np.ndarray
    support_loss: np.ndarray

    @property
    def accuracy(self) -> np.ndarray:
        """Share of queries right after each step (S + 1,). To be undecided is to guess."""
        n_queries, n_way = self.probability.shape[1:]
        given = answers(self.probability)
        right = given == np.repeat(np.arange(n_way), n_queries // n_way)
        score: np.ndarray = np.where(given == UNDECIDED, 1 / n_way, right).mean(-1)
        return score


def panel_shape(n_way: int, k_shot: int, n_query: int) -> float:
    """Height over width of a task panel, so that a page can give it the room it needs."""
    layout = panel_layout(n_way, k_shot, n_query)
    return (layout.height + CAPTION) / layout.width


def task_panel(support: np.ndarray, query: np.ndarray, probability: np.ndarray) -> go.Figure:
    """One task at one moment: a row a class, its examples at the left, its queries at the right.

    Args:
        support: (n_way * k_shot, 28, 28) uint8, rows sorted by class.
        query: (n_way * n_query, 28, 28) uint8, likewise.
        probability: (n_way * n_query, n_way) of each class for each query.
    """
    n_way = probability.shape[1]
    shots = support.reshape(n_way, -1, SIDE, SIDE)
    queries = query.reshape(n_way, -1, SIDE, SIDE)
    layout = panel_layout(n_way, shots.shape[1], queries.shape[1])
    beliefs = probability.reshape(n_way, -1, n_way)[:, : layout.n_query]
    fixed = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return go.Figure(  # at once: adding one part after the other is slow
        [
            _pictures(layout, shots, queries, answers(beliefs)),
            _letters(layout),
            *_answers(layout, beliefs),
        ],
        {
            "annotations": _heads(layout),
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverdistance": 30,
            "xaxis": {"range": [0, layout.width], "constraintoward": "left", **fixed},
            "yaxis": {
                "range": [layout.height, -CAPTION], "scaleanchor": "x", "constraintoward": "top",
                **fixed,
            },
        },
    )  # fmt: skip


def task_panel_alt(probability: np.ndarray) -> str:
    """What a screen reader says of a task panel."""
    n_queries, n_way = probability.shape
    truth = np.repeat(np.arange(n_way), n_queries // n_way)
    right = int((answers(probability) == truth).sum())
    sure = probability.max(1).mean()
    return (
        f"{n_way} classes, {n_queries} queries: {right} answered rightly, "
        f"with a mean confidence of {sure:.0%}."
    )


def learning_curves(support_loss: np.ndarray, score: np.ndarray, step: int, name: str) -> go.Figure:
    """Score on the queries and loss on the support set after each inner step (S + 1,).

    `step` is the one looked at. The score is an accuracy in per cent where `name` says so.
    """
    percent = "accuracy" in name.lower()
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.2,
                           subplot_titles=(name, "Support loss"))  # fmt: skip
    steps = np.arange(len(score))
    for row, values in enumerate((score, support_loss), start=1):
        shown = ".0%" if percent and row == 1 else ".3f"
        figure.add_scatter(
            x=steps, y=values, mode="lines+markers", marker={"size": 6}, row=row, col=1,
            hovertemplate=f"step %{{x}}: %{{y:{shown}}}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[step], y=[values[step]], mode="markers", row=row, col=1, hoverinfo="skip",
            marker={"size": 15, "symbol": "circle-open", "line": {"width": 3}},
        )  # fmt: skip
    top = {"tickformat": ".0%", "range": [0, 1.06]} if percent else {"rangemode": "tozero"}
    figure.update_yaxes(row=1, col=1, **top)
    figure.update_yaxes(row=2, col=1, rangemode="tozero")
    figure.update_xaxes(dtick=1 if len(steps) <= 11 else 5, showgrid=False)
    figure.update_xaxes(row=2, col=1, title="inner step")
    figure.update_annotations(font={"size": 14}, x=0, xanchor="left")
    figure.update_layout(
        showlegend=False, margin={"l": 8, "r": 8, "t": 28, "b": 8}, uirevision="curves"
    )
    return figure


def sinusoid_fit(
    curve: tuple[np.ndarray, np.ndarray],
    support: tuple[np.ndarray, np.ndarray],
    prediction: np.ndarray,
    step: int,
) -> go.Figure:
    """The true curve, the support points, and what is predicted after each step up to `step`.

    curve and support are (x, y) of (P,) and (K,); prediction is (S + 1, P).
    """
    x, y = curve
    figure = go.Figure()
    figure.add_scatter(x=x, y=y, name="true curve", mode="lines", line={"dash": "dash", "width": 2})
    for earlier in range(step):
        figure.add_scatter(
            x=x, y=prediction[earlier], mode="lines", opacity=0.25, showlegend=False,
            line={"width": 1.5, "color": CLASS_COLOURS[1]}, hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=x, y=prediction[step], name=f"after {step} step{'' if step == 1 else 's'}", mode="lines",
        line={"width": 4, "color": CLASS_COLOURS[1]},
    )  # fmt: skip
    figure.add_scatter(
        x=support[0], y=support[1], name="support points", mode="markers",
        marker={"size": 12, "symbol": "diamond", "color": CLASS_COLOURS[2]},
    )  # fmt: skip
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8}, uirevision="sinusoid",
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )  # fmt: skip
    figure.update_xaxes(title="x", range=[-5.2, 5.2])
    figure.update_yaxes(title="y", range=[-5.6, 5.6])
    return figure


def _pictures(
    layout: PanelLayout, shots: np.ndarray, queries: np.ndarray, given: np.ndarray
) -> go.Image:
    """Every picture in its place, in the colour of the class that it is, or is taken for."""
    mosaic = blank(layout.width, CAPTION + layout.height)
    for label in range(layout.n_way):
        for index, picture in enumerate(shots[label]):
            x, y = layout.shot(label, index)
            paint(mosaic, picture, label, x, CAPTION + y, layout.shot_side)
        for index, picture in enumerate(queries[label, : layout.n_query]):
            x, y = layout.query(label, index)
            paint(mosaic, picture, given[label, index], x, CAPTION + y)
            if given[label, index] not in (label, UNDECIDED):
                frame_wrong(mosaic, x, CAPTION + y)
    fine = {"dx": 1 / FINE, "dy": 1 / FINE, "x0": 0.5 / FINE, "y0": 0.5 / FINE - CAPTION}
    return go.Image(source=png(mosaic), zsmooth="fast", hoverinfo="skip", **fine)


def _letters(layout: PanelLayout) -> go.Scatter:
    """The letter of each row's class, at its left."""
    labels = range(layout.n_way)
    corners = np.array([layout.corner(label) for label in labels])
    return go.Scatter(
        x=corners[:, 0] + LEFT / 2, y=corners[:, 1] + SIDE / 2, mode="text",
        text=[f"<b>{class_name(label)}</b>" for label in labels], hoverinfo="skip",
        textfont={"size": 18, "color": [class_colour(label) for label in labels]},
    )  # fmt: skip


def _heads(layout: PanelLayout) -> list[dict[str, object]]:
    """What the columns are, above each block."""
    lefts = [block * (layout.block_width + SEPARATION) for block in range(layout.blocks)]
    places = {"support": LEFT, "queries": layout.query_left}
    look = {"y": -CAPTION / 2, "showarrow": False, "xanchor": "left", "font": {"size": 13}}
    return [{"x": left + places[text], "text": text, **look} for left in lefts for text in places]


def _answers(layout: PanelLayout, beliefs: np.ndarray) -> list[go.Scatter]:
    """Below each query the class it is taken for and how surely; under the pointer, what else."""
    places = [(label, index) for label in range(layout.n_way) for index in range(layout.n_query)]
    centres = np.array([layout.query(*place) for place in places]) + SIDE / 2
    captions = go.Scatter(
        x=centres[:, 0], y=centres[:, 1] + SIDE / 2 + CAPTION / 2, mode="text",
        text=[_answer(place[0], beliefs[place]) for place in places],
        textfont={"size": 11.5}, hoverinfo="skip",
    )  # fmt: skip
    hover = go.Scatter(
        x=centres[:, 0], y=centres[:, 1], mode="markers",
        marker={"size": 1, "opacity": 0, "color": [class_colour(label) for label, _ in places]},
        hovertext=[_belief(place[0], beliefs[place]) for place in places], hoverinfo="text",
    )  # fmt: skip
    return [captions, hover]


def _answer(label: int, belief: np.ndarray) -> str:
    answer = int(answers(belief))
    if answer == UNDECIDED:
        return f"? {belief[0]:.0%}"
    if answer == label:
        return f"✓ {class_name(answer)} {belief[answer]:.0%}"
    return f"<b>✗ {class_name(answer)}</b> {belief[answer]:.0%}"


def _belief(label: int, belief: np.ndarray) -> str:
    likeliest = np.argsort(-belief, kind="stable")[:3]
    taken = "<br>".join(f"{class_name(index)} {belief[index]:.1%}" for index in likeliest)
    return f"A query of class <b>{class_name(label)}</b>, taken for<br>{taken}"
