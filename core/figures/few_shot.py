"""Pictures of a task being learnt: the examples, the queries with their answers, the curves.

The ink of a picture has the colour of the predicted class. Wrong answers also have a cross and a
dashed frame.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.panel_layout import CAPTION, LEFT, SEPARATION, PanelLayout, panel_layout
from core.figures.pictures import (
    FINE,
    FRAME,
    SIDE,
    UNDECIDED,
    answers,
    blank,
    class_colour,
    class_name,
    credit,
    frame_wrong,
    paint,
    png,
)


class TaskFrames(NamedTuple):
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
        """Share of correct queries after each step (S + 1,). An undecided one counts as a guess."""
        n_queries, n_way = self.probability.shape[1:]
        truth = np.repeat(np.arange(n_way), n_queries // n_way)
        score: np.ndarray = credit(answers(self.probability), truth, n_way).mean(-1)
        return score


def panel_shape(n_way: int, k_shot: int, n_query: int) -> float:
    """Height over width of a task panel, so that a page can give it the room it needs."""
    layout = panel_layout(n_way, k_shot, n_query)
    return (layout.height + CAPTION) / layout.width


def task_panel(
    support: np.ndarray, query: np.ndarray, probability: np.ndarray, notes: Sequence[str] = ()
) -> go.Figure:
    """One task after one step: a row per class, examples at the left, queries at the right.

    Args:
        support: (n_way * k_shot, 28, 28) uint8, rows sorted by class.
        query: (n_way * n_query, 28, 28) uint8, likewise.
        probability: (n_way * n_query, n_way) of each class for each query.
        notes: a line on each query, for the pointer.
    """
    n_way = probability.shape[1]
    shots = support.reshape(n_way, -1, SIDE, SIDE)
    queries = query.reshape(n_way, -1, SIDE, SIDE)
    layout = panel_layout(n_way, shots.shape[1], queries.shape[1])
    beliefs = probability.reshape(n_way, -1, n_way)[:, : layout.n_query]
    lines = np.array(notes or [""] * len(query)).reshape(n_way, -1)
    fixed = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return go.Figure(  # at once: adding one part after the other is slow
        [
            _pictures(layout, shots, queries, answers(beliefs)),
            _letters(layout),
            *_answers(layout, beliefs, lines),
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
    """A task panel (Q, n_way) in words, for a screen reader."""
    n_queries, n_way = probability.shape
    truth = np.repeat(np.arange(n_way), n_queries // n_way)
    given = answers(probability)
    if (given == UNDECIDED).all():
        return (
            f"{n_way} classes, {n_queries} queries: all are guesses, of which {1 / n_way:.0%} are "
            "right."
        )
    right = int((given == truth).sum())
    sure = probability.max(1).mean()
    return (
        f"{n_way} classes, {n_queries} queries: {right} classified correctly, "
        f"with a mean confidence of {sure:.0%}."
    )


def learning_curves(support_loss: np.ndarray, score: np.ndarray, step: int, name: str) -> go.Figure:
    """Score on the queries and loss on the support set after each inner step (S + 1,).

    `step` has a ring. The score is shown in per cent where `name` contains "accuracy".
    """
    percent = "accuracy" in name.lower()
    steps = np.arange(len(score))
    above, below = {"xaxis": "x", "yaxis": "y"}, {"xaxis": "x2", "yaxis": "y2"}
    whole = {"tickformat": ".0%", "range": [0, 1.06]} if percent else {"rangemode": "tozero"}
    ticks: dict[str, object] = {"dtick": 1 if len(steps) <= 11 else 5, "showgrid": False}
    if len(steps) == 1:  # no inner step: a single point, in the middle
        ticks |= {"tickvals": [0], "range": [-1, 1]}
    head = {"x": 0, "xref": "paper", "xanchor": "left", "yref": "paper", "yanchor": "bottom",
            "showarrow": False, "font": {"size": 14}}  # fmt: skip
    return go.Figure(
        [
            *_marked_line(steps, score, step, ".0%" if percent else ".3f", above),
            *_marked_line(steps, support_loss, step, ".3f", below),
        ],
        {
            "annotations": [
                {"text": name, "y": 1, **head}, {"text": "Support loss", "y": 0.4, **head},
            ],
            "xaxis": {"matches": "x2", "showticklabels": False, "anchor": "y", **ticks},
            "xaxis2": {"title": {"text": "inner step"}, "anchor": "y2", **ticks},
            "yaxis": {"domain": [0.6, 1], **whole},
            "yaxis2": {"domain": [0, 0.4], "rangemode": "tozero"},
            "showlegend": False,
            "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
            "uirevision": "curves",
        },
    )  # fmt: skip


def _marked_line(
    steps: np.ndarray, values: np.ndarray, step: int, shown: str, axes: dict[str, str]
) -> list[go.Scatter]:
    """A line over the steps, with a ring around `step`."""
    line = go.Scatter(
        x=steps, y=values, mode="lines+markers", marker={"size": 6},
        hovertemplate=f"step %{{x}}: %{{y:{shown}}}<extra></extra>", **axes,
    )  # fmt: skip
    ring = go.Scatter(
        x=[step], y=[values[step]], mode="markers", hoverinfo="skip", cliponaxis=False,
        marker={"size": 15, "symbol": "circle-open", "line": {"width": 3}}, **axes,
    )  # fmt: skip
    return [line, ring]


def _pictures(
    layout: PanelLayout, shots: np.ndarray, queries: np.ndarray, given: np.ndarray
) -> go.Image:
    """Every picture in its place, in the colour of its class or of the predicted one."""
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
    """The letter of each class, at the left of its row."""
    labels = range(layout.n_way)
    corners = np.array([layout.corner(label) for label in labels])
    return go.Scatter(
        x=corners[:, 0] + LEFT / 2, y=corners[:, 1] + SIDE / 2, mode="text",
        text=[f"<b>{class_name(label)}</b>" for label in labels], hoverinfo="skip",
        textfont={"size": 18, "color": [class_colour(label) for label in labels]},
    )  # fmt: skip


def _heads(layout: PanelLayout) -> list[dict[str, object]]:
    """The headings of the columns, above each block."""
    lefts = [block * (layout.block_width + SEPARATION) for block in range(layout.blocks)]
    places = {"support": LEFT, "queries": layout.query_left}
    look = {"y": -CAPTION / 2, "showarrow": False, "xanchor": "left", "font": {"size": 13}}
    return [{"x": left + places[text], "text": text, **look} for left in lefts for text in places]


def _answers(layout: PanelLayout, beliefs: np.ndarray, notes: np.ndarray) -> list[go.Scatter]:
    """Below each query the predicted class; under the pointer the three likeliest and its note."""
    places = [(label, index) for label in range(layout.n_way) for index in range(layout.n_query)]
    centres = np.array([layout.query(*place) for place in places]) + SIDE / 2
    captions = go.Scatter(
        x=centres[:, 0], y=centres[:, 1] + SIDE / 2 + (CAPTION + FRAME) / 2, mode="text",
        text=[_answer(place[0], beliefs[place]) for place in places],
        textfont={"size": 11.5}, hoverinfo="skip",
    )  # fmt: skip
    hover = go.Scatter(
        x=centres[:, 0], y=centres[:, 1], mode="markers",
        marker={"size": 1, "opacity": 0, "color": [class_colour(label) for label, _ in places]},
        hovertext=[_belief(place[0], beliefs[place], notes[place]) for place in places],
        hoverinfo="text",
    )  # fmt: skip
    return [captions, hover]


def _answer(label: int, belief: np.ndarray) -> str:
    answer = int(answers(belief))
    if answer == UNDECIDED:
        return f"? {belief[0]:.0%}"
    if answer == label:
        return f"✓ {class_name(answer)} {belief[answer]:.0%}"
    return f"<b>✗ {class_name(answer)}</b> {belief[answer]:.0%}"


def _belief(label: int, belief: np.ndarray, note: str) -> str:
    likeliest = np.argsort(-belief, kind="stable")[:3]
    taken = "<br>".join(f"{class_name(index)} {belief[index]:.1%}" for index in likeliest)
    below = f"<br>{note}" if note else ""
    return f"A query of class <b>{class_name(label)}</b>, predicted as<br>{taken}{below}"
