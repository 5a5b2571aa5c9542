"""Pictures of a task being learnt: the examples, the queries with their answers, the curves.

A class has a letter and a colour. The ink of a picture is drawn in the colour of the class that it
is taken for, so that the film changes colour as the network changes its mind. Wrong answers also
carry a cross and a dashed frame.
"""

import base64
from io import BytesIO
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

SIDE = 28  # pixels of a picture; the unit of the layout below
GAP = 5  # between pictures
CAPTION = 11  # below a picture, for its answer
LEFT = 16  # of the examples, for the letters
SEPARATION = 16  # between examples and queries

# Mid-tones that stand out on white as on black; the letters tell apart what an eye cannot.
CLASS_COLOURS = (
    "#4c78dd", "#df7a16", "#1f9e78", "#d1478f", "#8f6fe0",
    "#a8842c", "#2f9bc1", "#d2564a", "#6f9a2d", "#8c7b75",
)  # fmt: skip
WRONG = "#d64545"
PAPER = 26  # alpha of 255: how much of its colour a picture's background has


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
        """Share of queries answered rightly after each step (S + 1,)."""
        n_queries, n_way = self.probability.shape[1:]
        truth = np.repeat(np.arange(n_way), n_queries // n_way)
        right: np.ndarray = (self.probability.argmax(-1) == truth).mean(-1)
        return right


def class_name(index: int) -> str:
    """A, B, C, ... for the classes of a task, which have no names of their own."""
    return chr(ord("A") + index)


def task_panel(support: np.ndarray, query: np.ndarray, probability: np.ndarray) -> go.Figure:
    """One task at one moment: a row a class, its examples at the left, its queries at the right.

    Args:
        support: (n_way * k_shot, 28, 28) uint8, rows sorted by class.
        query: (n_way * n_query, 28, 28) uint8, likewise.
        probability: (n_way * n_query, n_way) of each class for each query.
    """
    n_way = probability.shape[1]
    classes = np.arange(n_way)
    answers = probability.argmax(1).reshape(n_way, -1)
    shots = support.reshape(n_way, -1, SIDE, SIDE)
    queries = query.reshape(n_way, -1, SIDE, SIDE)
    xs, ys = _places(n_way, shots.shape[1], queries.shape[1])
    taken_for = np.concatenate([np.repeat(classes[:, None], shots.shape[1], 1), answers], axis=1)
    mosaic = _mosaic(np.concatenate([shots, queries], axis=1), taken_for, xs, ys)
    height, width = mosaic.shape[:2]

    figure = go.Figure(go.Image(source=_png(mosaic), x0=0.5, y0=0.5, hoverinfo="skip"))
    answer_xs = xs[shots.shape[1] :]
    _write_letters(figure, ys)
    _write_answers(figure, probability.reshape(n_way, -1, n_way), answers, answer_xs, ys)
    _frame_wrong(figure, answers, answer_xs, ys)
    _write_heads(figure, xs[0], answer_xs[0])
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False, dragmode=False, hovermode=False
    )
    fixed = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=[0, width], constrain="domain", **fixed)
    figure.update_yaxes(
        range=[height, -CAPTION],
        scaleanchor="x",
        constrain="domain",
        constraintoward="top",
        **fixed,
    )
    return figure


def panel_shape(n_way: int, k_shot: int, n_query: int) -> float:
    """Height over width of a task panel, so that a page can give it the room it needs."""
    xs, ys = _places(n_way, k_shot, n_query)
    return float((ys[-1] + SIDE + 2 * CAPTION) / (xs[-1] + SIDE + GAP))


def task_panel_alt(probability: np.ndarray) -> str:
    """What a screen reader says of a task panel."""
    n_queries, n_way = probability.shape
    truth = np.repeat(np.arange(n_way), n_queries // n_way)
    right = int((probability.argmax(1) == truth).sum())
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


def _places(n_way: int, k_shot: int, n_query: int) -> tuple[np.ndarray, np.ndarray]:
    """Left edges of the columns (k_shot + n_query,) and top edges of the rows (n_way,)."""
    xs = LEFT + np.arange(k_shot + n_query) * (SIDE + GAP)
    xs[k_shot:] += SEPARATION
    return xs, np.arange(n_way) * (SIDE + CAPTION)


def _mosaic(
    pictures: np.ndarray, taken_for: np.ndarray, xs: np.ndarray, ys: np.ndarray
) -> np.ndarray:
    """RGBA of pictures (rows, columns, 28, 28) in the colours of their classes, in place."""
    canvas = np.zeros((ys[-1] + SIDE + CAPTION, xs[-1] + SIDE + GAP, 4), dtype=np.uint8)
    for row, y in enumerate(ys):
        for column, x in enumerate(xs):
            tile = canvas[y : y + SIDE, x : x + SIDE]
            tile[..., :3] = _rgb(_colour(taken_for[row, column]))
            tile[..., 3] = np.maximum(pictures[row, column], PAPER)
    return canvas


def _png(rgba: np.ndarray) -> str:
    """A picture as a data URL."""
    file = BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _colour(index: int) -> str:
    return CLASS_COLOURS[int(index) % len(CLASS_COLOURS)]


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _write_letters(figure: go.Figure, ys: np.ndarray) -> None:
    """The letter of each row's class, at its left."""
    figure.add_scatter(
        x=np.full(len(ys), LEFT / 2), y=ys + SIDE / 2, mode="text",
        text=[f"<b>{class_name(row)}</b>" for row in range(len(ys))],
        textfont={"size": 18, "color": [_colour(row) for row in range(len(ys))]},
    )  # fmt: skip


def _write_heads(figure: go.Figure, support_x: float, query_x: float) -> None:
    for x, text in ((support_x, "support"), (query_x, "queries and answers")):
        figure.add_annotation(
            x=x, y=-CAPTION / 2, text=text, showarrow=False, xanchor="left", font={"size": 13}
        )


def _write_answers(
    figure: go.Figure, probability: np.ndarray, answers: np.ndarray, xs: np.ndarray, ys: np.ndarray
) -> None:
    """Below each query: right or wrong, the class it is taken for, and how surely."""
    texts = [
        _answer(answers[row, column] == row, answers[row, column], probability[row, column].max())
        for row in range(len(ys))
        for column in range(len(xs))
    ]
    x, y = np.meshgrid(xs + SIDE / 2, ys + SIDE + CAPTION / 2)
    figure.add_scatter(x=x.ravel(), y=y.ravel(), mode="text", text=texts, textfont={"size": 11})


def _answer(is_right: bool, answer: int, sure: float) -> str:
    if is_right:
        return f"✓ {class_name(answer)} {sure:.0%}"
    return f"<b>✗ {class_name(answer)}</b> {sure:.0%}"


def _frame_wrong(figure: go.Figure, answers: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> None:
    for row, column in np.argwhere(answers != np.arange(len(ys))[:, None]):
        x, y = xs[column], ys[row]
        figure.add_shape(
            type="rect", x0=x - 1, x1=x + SIDE + 1, y0=y - 1, y1=y + SIDE + 1,
            line={"color": WRONG, "width": 2.5, "dash": "dash"},
        )  # fmt: skip
