"""The race: one task learnt from several initialisations, a curve and a picture for each."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.pictures import (
    GREY,
    SIDE,
    TIGHT,
    UNDECIDED,
    answers,
    blank,
    frame_wrong,
    paint,
    png,
)
from core.figures.words import counted

AXIS_TOP = 1.05  # of the accuracy axis
LABEL_SHARE = 0.062  # of the axis, for the label at the end of a line
THIN_LINE = {"color": GREY, "width": 1.5, "dash": "dot"}
LABEL_WIDTH = 176  # px
SMALL_MARKER, LARGE_MARKER = 7, 12  # px; large at the chosen step
HEADING, TOOLBAR = 24, 26  # px above the lines: the heading of the names, above it Plotly's toolbar
LEADER = 16  # px from the end of a line to its label
ONE_COLUMN_WAYS = 10  # up to so many classes stand in one column, more in two
FEW_QUERIES = 3  # of each class, shown in two columns


class Look(NamedTuple):
    """A line's colour, dash and width; lines are told apart by their labels and dashes too."""

    colour: str
    dash: str
    width: float


# Mid-tones that stand out on white as on black. The first is the page's subject.
LOOKS = (
    Look("#4c78dd", "solid", 4.5), Look("#2f9bc1", "dash", 2.5), Look("#8f6fe0", "dashdot", 2.5),
    Look("#1f9e78", "longdash", 2.5), Look("#df7a16", "solid", 2.5), Look("#d1478f", "dash", 2.5),
    Look("#8a8f98", "dot", 3),
)  # fmt: skip
# Of one's own network among them: told apart from each by the colour blind too.
OWN_LOOK = Look("#9c6b30", "longdashdot", 3.5)


class Lane(NamedTuple):
    """The curve of one initialisation: its name and the accuracy after each step (S + 1,).

    `interval` (S + 1,) is the half-width of the interval of a mean over tasks, None for one task.
    """

    title: str
    accuracy: np.ndarray
    interval: np.ndarray | None = None

    def score(self, step: int) -> str:
        """The accuracy after `step` with the digits that it deserves: 96%, or 96.4% of a mean."""
        return f"{self.accuracy[step]:.{0 if self.interval is None else 1}%}"

    def score_with_interval(self, step: int) -> str:
        """The same with its interval, if it has one: 96.4 ± 1.2 %."""
        if self.interval is None:
            return self.score(step)
        return f"{100 * self.accuracy[step]:.1f} ± {100 * self.interval[step]:.1f} %"


def race_curves(
    lanes: Sequence[Lane], step: int, chance: float, looks: Sequence[Look] = LOOKS
) -> go.Figure:
    """Query accuracy against inner step, one line per initialisation, named at its end.

    The accuracy beside a name is that of the line's end. `step` is marked; `chance` is the accuracy
    of guessing; `looks` are those of the lines.
    """
    steps = np.arange(len(lanes[0].accuracy))
    last = len(steps) - 1
    sizes = np.where(steps == step, LARGE_MARKER, SMALL_MARKER)
    chosen_step = {"type": "line", "x0": step, "x1": step, "y0": 0, "y1": 1, "yref": "paper"}
    guessing = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": chance, "y1": chance}
    drawn = list(zip(lanes, looks, strict=True))
    return go.Figure(  # at once: adding one part after the other is slow
        # The first on top.
        [
            line
            for lane, look in reversed(drawn)
            for line in accuracy_lines(lane, look, steps, sizes)
        ],
        {
            "shapes": [{**shape, "line": THIN_LINE} for shape in (chosen_step, guessing)],
            "annotations": [
                *names_at_ends(lanes, looks, last),
                heading_of_names(last, f"after {counted(last)}"),
                _note_on_guessing(last, chance),
            ],
            "showlegend": False,
            "hovermode": "x unified",
            "uirevision": "race",
            "margin": {"l": 8, "r": LABEL_WIDTH, "t": TOOLBAR + HEADING, "b": 8},
            "xaxis": {
                "title": {"text": "inner step"}, "range": [-0.02 * last if last else -1, last],
                "dtick": 1 if last <= 10 else 5, "tick0": 0, "showgrid": False, "zeroline": False,
                **({} if last else {"tickvals": [0]}),  # a single point
            },
            "yaxis": {
                "title": {"text": "query accuracy"}, "tickformat": ".0%", "range": [0, AXIS_TOP],
                "dtick": 0.25,
            },
        },
    )  # fmt: skip


def accuracy_lines(
    lane: Lane, look: Look, x: np.ndarray, sizes: np.ndarray | int = SMALL_MARKER
) -> list[go.Scatter]:
    """The line of one initialisation, over the band of its interval if it has one.

    `x` (S + 1,) are the places of its accuracies, `sizes` those of its markers in px.
    """
    line = go.Scatter(
        x=x, y=lane.accuracy, name=lane.title, mode="lines+markers",
        marker={"size": sizes, "opacity": 1, "line": {"width": 0}},
        line={"color": look.colour, "dash": look.dash, "width": look.width},
        hovertemplate="%{y:.0%}", cliponaxis=False,
    )  # fmt: skip
    if lane.interval is None:
        return [line]
    line.customdata = lane.interval
    line.hovertemplate = "%{y:.1%} ± %{customdata:.1%}"
    low, high = lane.accuracy - lane.interval, lane.accuracy + lane.interval
    band = go.Scatter(
        x=np.concatenate([x, x[::-1]]), y=np.concatenate([high, low[::-1]]),
        fill="toself", fillcolor=look.colour, opacity=0.2, mode="none", hoverinfo="skip",
    )  # fmt: skip
    return [band, line]


def names_at_ends(
    lanes: Sequence[Lane], looks: Sequence[Look], x: float, gap: float = LABEL_SHARE
) -> list[dict[str, object]]:
    """The name of each line at its end `x`, with its accuracy there.

    None is nearer to another than `gap` of accuracy.
    """
    ends = np.array([lane.accuracy[-1] for lane in lanes])
    places = spread(ends, gap, AXIS_TOP)
    texts = [f"<b>{lane.title}</b> {lane.score(-1)}" for lane in lanes]
    return [
        {
            "x": x, "y": end, "ax": LEADER, "axref": "pixel", "ay": place,
            "ayref": "y", "xanchor": "left", "text": text,
            "font": {"color": look.colour, "size": 14}, "arrowhead": 0, "arrowwidth": 1,
            "arrowcolor": look.colour, "standoff": 4,
        }
        for lane, text, look, end, place in zip(lanes, texts, looks, ends, places, strict=True)
    ]  # fmt: skip


def heading_of_names(x: float, text: str) -> dict[str, object]:
    """What the accuracies beside the names at `x` are of."""
    return {
        "x": x, "xshift": LEADER, "y": 1, "yref": "paper",
        "text": text, "showarrow": False, "xanchor": "left",
        "yanchor": "bottom", "font": {"size": 13, "color": GREY},
    }  # fmt: skip


def _note_on_guessing(last: int, chance: float) -> dict[str, object]:
    return {
        "x": last, "y": chance, "text": "guessing", "showarrow": False, "xanchor": "right",
        "yanchor": "top", "font": {"size": 12, "color": GREY},
    }  # fmt: skip


def spread(values: np.ndarray, gap: float, top: float) -> np.ndarray:
    """Places near `values`, at least `gap` from each other and none above `top` - `gap` / 2.

    The order is that of the values, the first of equal ones highest.
    """
    places, order = np.empty(len(values)), np.argsort(-values, kind="stable")
    ceiling, floor = top - gap / 2, gap / 2
    for index in order:
        places[index] = min(values[index], ceiling)
        ceiling = places[index] - gap
    for index in order[::-1]:  # back up where there was no room below
        places[index] = max(places[index], floor)
        floor = places[index] + gap
    return places


class Answers(NamedTuple):
    """A picture as a data URL and its height over its width."""

    source: str
    shape: float


def answer_picture(query: np.ndarray, probability: np.ndarray) -> Answers:
    """Queries in the colours of their predicted classes, a row per class.

    Wrong ones have a dashed frame. Of many classes some queries are left out.

    Args:
        query: (n_way * n_query, 28, 28) uint8, rows sorted by class.
        probability: (n_way * n_query, n_way) of each class for each query.
    """
    n_way = probability.shape[1]
    pictures = query.reshape(n_way, -1, SIDE, SIDE)
    given = answers(probability).reshape(n_way, -1)
    columns = 1 if n_way <= ONE_COLUMN_WAYS else 2
    shown = pictures.shape[1] if columns == 1 else min(FEW_QUERIES, pictures.shape[1])
    rows, pitch = -(-n_way // columns), SIDE + TIGHT
    width = columns * (shown * pitch + TIGHT) - TIGHT
    mosaic = blank(width + TIGHT, rows * pitch + TIGHT)
    for label in range(n_way):
        column, row = divmod(label, rows)
        for index in range(shown):
            x = TIGHT + column * (shown * pitch + TIGHT) + index * pitch
            y = TIGHT + row * pitch
            paint(mosaic, pictures[label, index], given[label, index], x, y)
            if given[label, index] not in (label, UNDECIDED):
                frame_wrong(mosaic, x, y)
    return Answers(png(mosaic), mosaic.shape[0] / mosaic.shape[1])
