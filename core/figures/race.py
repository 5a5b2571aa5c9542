"""The race: one task learnt from several starting points, as a curve each and a picture each."""

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

TOP = 1.05  # of the accuracy axis
LABEL_SHARE = 0.062  # of the axis that a label at the end of a line takes
FAINT = {"color": GREY, "width": 1.5, "dash": "dot"}
LABEL_WIDTH = 176  # px
SMALL_MARKER, LARGE_MARKER = 7, 12  # px; large at the step looked at
HEAD, TOOLBAR = 24, 26  # px above the lines: of the names' head, and of Plotly's toolbar over it
LEADER = 16  # px from the end of a line to its label
FALL = 0.05  # of accuracy: more than one query of 25 makes
CLOSE = 0.02  # accuracies no farther apart are as good as equal
JUMP = 0.8  # of the whole gain, which makes a first step a jump
TALL_WAYS = 10  # more classes than that stand in two columns
FEW = 3  # queries of a class that are then shown


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


class Lane(NamedTuple):
    """What is drawn of one starting point: its name, and the accuracy after each step (S + 1,).

    `interval` (S + 1,) is the half-width of the interval of a mean over tasks, None for one task.
    """

    title: str
    accuracy: np.ndarray
    interval: np.ndarray | None = None


def race_curves(lanes: Sequence[Lane], step: int, chance: float) -> go.Figure:
    """Query accuracy against inner step, a line a starting point, each named at its end.

    `step` is the one looked at, whose accuracies stand beside the names; `chance` that of guessing.
    """
    last = len(lanes[0].accuracy) - 1
    looked_at = {"type": "line", "x0": step, "x1": step, "y0": 0, "y1": 1, "yref": "paper"}
    guessing = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": chance, "y1": chance}
    drawn = list(zip(lanes, LOOKS, strict=True))
    return go.Figure(  # at once: adding one part after the other is slow
        # The first on top.
        [line for lane, look in reversed(drawn) for line in _lines(lane, look, step)],
        {
            "shapes": [{**shape, "line": FAINT} for shape in (looked_at, guessing)],
            "annotations": [
                *_names(lanes, step), _head_of_names(lanes, step), _note_on_guessing(last, chance),
            ],
            "showlegend": False,
            "hovermode": "x unified",
            "uirevision": "race",
            "margin": {"l": 8, "r": LABEL_WIDTH, "t": TOOLBAR + HEAD, "b": 8},
            "xaxis": {
                "title": {"text": "inner step"}, "range": [-0.02 * last if last else -1, last],
                "dtick": 1 if last <= 10 else 5, "tick0": 0, "showgrid": False, "zeroline": False,
                **({} if last else {"tickvals": [0]}),  # nothing but the start, beside its names
            },
            "yaxis": {
                "title": {"text": "query accuracy"}, "tickformat": ".0%", "range": [0, TOP],
                "dtick": 0.25,
            },
        },
    )  # fmt: skip


def _lines(lane: Lane, look: Look, step: int) -> list[go.Scatter]:
    """The line of a starting point, over the band of its interval if it has one."""
    steps = np.arange(len(lane.accuracy))
    sizes = np.where(steps == step, LARGE_MARKER, SMALL_MARKER)
    line = go.Scatter(
        x=steps, y=lane.accuracy, name=lane.title, mode="lines+markers",
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
        x=np.concatenate([steps, steps[::-1]]), y=np.concatenate([high, low[::-1]]),
        fill="toself", fillcolor=look.colour, opacity=0.2, mode="none", hoverinfo="skip",
    )  # fmt: skip
    return [band, line]


def _names(lanes: Sequence[Lane], step: int) -> list[dict[str, object]]:
    """The name of each line at its end with its accuracy at `step`, apart from each other."""
    ends = np.array([lane.accuracy[-1] for lane in lanes])
    places = spread(ends, LABEL_SHARE, TOP)
    texts = [f"<b>{lane.title}</b> {lane.accuracy[step]:.0%}" for lane in lanes]
    return [
        {
            "x": len(lane.accuracy) - 1, "y": end, "ax": LEADER, "axref": "pixel", "ay": place,
            "ayref": "y", "xanchor": "left", "text": text,
            "font": {"color": look.colour, "size": 14}, "arrowhead": 0, "arrowwidth": 1,
            "arrowcolor": look.colour, "standoff": 4,
        }
        for lane, text, look, end, place in zip(lanes, texts, LOOKS, ends, places, strict=True)
    ]  # fmt: skip


def _head_of_names(lanes: Sequence[Lane], step: int) -> dict[str, object]:
    return {
        "x": len(lanes[0].accuracy) - 1, "xshift": LEADER, "y": 1, "yref": "paper",
        "text": f"after {counted(step)}", "showarrow": False, "xanchor": "left",
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
    for index in order[::-1]:  # up again, as far as there is no room below
        places[index] = max(places[index], floor)
        floor = places[index] + gap
    return places


def race_story(lanes: Sequence[Lane], chance: float) -> str:
    """What there is to see over all steps: how the first and the last lane go, and who stands still
    well above chance. Empty without any step.
    """
    hero, plain = lanes[0], lanes[-1]
    if len(hero.accuracy) == 1:
        return ""
    start, other = _start(hero, chance), _start(plain, chance)
    told = f"**{hero.title}** starts {start} and {_course(hero)}; **{plain.title}** starts "
    told += f"{'there too' if other == start else other} and {_course(plain)}."
    for lane in lanes[1:-1]:
        if np.ptp(lane.accuracy) == 0 and lane.accuracy[0] > chance + CLOSE:
            told += f" {lane.title} stands at {lane.accuracy[0]:.0%} from the beginning."
    low = lowest_after_a_fall(hero.accuracy)
    if low is not None and low < len(hero.accuracy) - 1:
        told += f" On the way {hero.title} falls to {hero.accuracy[low]:.0%} after {counted(low)}."
    return told


def lowest_after_a_fall(accuracy: np.ndarray) -> int | None:
    """The step at which accuracy (S + 1,) is farthest below its best so far, None where it never is
    by more than FALL.
    """
    below = np.maximum.accumulate(accuracy) - accuracy
    return int(below.argmax()) if below.max() > FALL else None


def _start(lane: Lane, chance: float) -> str:
    """Where one lane starts."""
    first = lane.accuracy[0]
    return f"at chance ({first:.0%})" if abs(first - chance) <= CLOSE else f"at {first:.0%}"


def _course(lane: Lane) -> str:
    """How one lane goes on from its start to its end."""
    first, last = lane.accuracy[0], lane.accuracy[-1]
    if np.ptp(lane.accuracy) <= CLOSE:
        return "stays there"
    if last < first + CLOSE:
        return f"ends at {last:.0%}, having been at {lane.accuracy.max():.0%}"
    after_one = lane.accuracy[1]
    if after_one - first < JUMP * (last - first):
        return f"climbs to {last:.0%} in {counted(len(lane.accuracy) - 1)}"
    told = f"jumps to {after_one:.0%} in one step"
    return told if abs(last - after_one) <= CLOSE else told + f", ending at {last:.0%}"


def race_sentence(lanes: Sequence[Lane], step: int, chance: float) -> str:
    """What there is to see at a step: the first lane against the last, and who else stands out."""
    now = np.array([lane.accuracy[step] for lane in lanes])
    if step == 0:
        return _before_the_first_step(lanes, now, chance)
    hero, plain = lanes[0], lanes[-1]
    told = f"After {counted(step)}: **{hero.title} {_score(hero, step)}**, "
    told += f"{plain.title} {_score(plain, step)}. "
    if now[-1] >= now[0]:
        return told + "Here the start makes no difference: see another task, or many of them."
    told += _catching_up(hero, plain, step)
    best = int(now.argmax())
    if now[best] > now[0]:
        told += f" {lanes[best].title} leads with {_score(lanes[best], step)}."
    return told


def _before_the_first_step(lanes: Sequence[Lane], now: np.ndarray, chance: float) -> str:
    told = f"Before the first step nobody has seen an example: all guess, {chance:.0%} are right."
    ahead = [lane for lane, score in zip(lanes, now, strict=True) if score > chance + CLOSE]
    if not ahead:
        return told
    names = ", ".join(f"{lane.title} ({_score(lane, 0)})" for lane in ahead)
    return (
        f"Before the first step all guess, {chance:.0%} are right, but for {names}: it takes no "
        "steps, and compares each query with the mean of each class's examples."
    )


def _catching_up(hero: Lane, plain: Lane, step: int) -> str:
    """When the plain start reaches what the hero has now."""
    there = np.flatnonzero(plain.accuracy >= hero.accuracy[step])
    if len(there):
        return f"{plain.title} needs {counted(int(there[0]))} for that."
    return f"{plain.title} does not get there in {counted(len(plain.accuracy) - 1)}."


def _score(lane: Lane, step: int) -> str:
    if lane.interval is None:
        return f"{lane.accuracy[step]:.0%}"
    return f"{100 * lane.accuracy[step]:.1f} ± {100 * lane.interval[step]:.1f} %"


class Answers(NamedTuple):
    """A picture as a data URL and its height over its width."""

    source: str
    shape: float


def answer_picture(query: np.ndarray, probability: np.ndarray) -> Answers:
    """Queries in the colours of the classes that they are taken for, a row a class.

    Wrong ones have a dashed frame. Of many classes some queries are left out.

    Args:
        query: (n_way * n_query, 28, 28) uint8, rows sorted by class.
        probability: (n_way * n_query, n_way) of each class for each query.
    """
    n_way = probability.shape[1]
    pictures = query.reshape(n_way, -1, SIDE, SIDE)
    given = answers(probability).reshape(n_way, -1)
    columns = 1 if n_way <= TALL_WAYS else 2
    shown = pictures.shape[1] if columns == 1 else min(FEW, pictures.shape[1])
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
