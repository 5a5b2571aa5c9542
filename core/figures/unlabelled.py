"""Soft k-means in the plane: class means move to where unlabelled drawings are.

A class has the colour and the letter of the few-shot figures. A drawing without a label is filled
with the colours of the classes that it is taken for, mixed; its edge has the colour of what it is.
"""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.figures.pictures import GREY, SIDE, blank, class_colour, class_name, paint, png, rgb

MARGIN = {"l": 4, "r": 4, "t": 4, "b": 4}
POINT, CROSS, WAS = 11, 15, 5  # px: a drawing, a class mean, and where it was
LABELLED = 24  # px
ROOM = 0.07  # of the plane's larger side, left free around all that is shown
OTHER = "another character"
CLUSTER = "the cluster for other characters"


class SoftStep(NamedTuple):
    """What there is after some steps, all places in one plane.

    A class of -1 is of another character. With a cluster for distractors, `assigned` has one more
    column than there are classes, and `origin` is where the cluster lies.
    """

    labelled: np.ndarray  # (W, 2)
    unlabelled: np.ndarray  # (M, 2)
    truth: np.ndarray  # int (M,)
    assigned: np.ndarray  # (M, W) or (M, W + 1), rows sum to 1
    trail: np.ndarray  # (S + 1, W, 2): the class means, from before the first step until now
    origin: np.ndarray | None = None  # (2,)


def soft_k_means_plane(step: SoftStep) -> go.Figure:
    """The plane after one step; its parts are the same after each, so that they can move."""
    ways = len(step.labelled)
    # The class means are means of these, so that they lie among them.
    shown = np.concatenate([step.labelled, step.unlabelled, *_cluster(step)])
    low, high = shown.min(0), shown.max(0)
    side = (high - low).max()
    fixed = {"visible": False, "fixedrange": True}
    ranges = np.stack([low - ROOM * side, high + ROOM * side], 1).tolist()
    return go.Figure(
        [
            *(_trail(step.trail[:, label], label) for label in range(ways)),
            _points(step), _labelled(step), _means(step),
        ],
        {
            "margin": MARGIN, "showlegend": False, "dragmode": False, "hovermode": "closest",
            "uirevision": "soft k-means",
            "xaxis": {"range": ranges[0], "constrain": "domain", **fixed},
            "yaxis": {"range": ranges[1], "scaleanchor": "x", "constrain": "domain", **fixed},
        },
    )  # fmt: skip


def class_pictures(pictures: np.ndarray) -> list[str]:
    """Pictures uint8 (W, 28, 28) of all classes as data URLs, in the colours of their classes."""
    mosaics = [blank(SIDE, SIDE) for _ in pictures]
    for label, (mosaic, picture) in enumerate(zip(mosaics, pictures, strict=True)):
        paint(mosaic, picture, label, 0, 0)
    return [png(mosaic) for mosaic in mosaics]


def mixed_colours(assigned: np.ndarray, ways: int) -> list[str]:
    """The colours of `ways` classes, and grey for a cluster after them, mixed by (M, K) shares."""
    clusters = range(assigned.shape[1])
    palette = np.array([rgb(_colour(label, ways)) for label in clusters])
    return [f"rgb({red},{green},{blue})" for red, green, blue in (assigned @ palette).round(0)]


def _colour(label: int, ways: int) -> str:
    return class_colour(label) if 0 <= label < ways else GREY


def _cluster(step: SoftStep) -> list[np.ndarray]:
    return [] if step.origin is None else [step.origin[None]]


def _labelled(step: SoftStep) -> go.Scatter:
    """Squares with the letters of their classes."""
    names = [class_name(label) for label in range(len(step.labelled))]
    return go.Scatter(
        x=step.labelled[:, 0], y=step.labelled[:, 1], mode="markers+text",
        text=[f"<b>{name}</b>" for name in names], textfont={"size": 14, "color": "white"},
        marker={
            "symbol": "square", "size": LABELLED, "opacity": 1,
            "color": [class_colour(label) for label in range(len(names))],
        },
        hovertext=[f"the labelled drawing of class {name}" for name in names], hoverinfo="text",
    )  # fmt: skip


def _points(step: SoftStep) -> go.Scatter:
    """The unlabelled drawings; those of other characters are diamonds."""
    ways = len(step.labelled)
    return go.Scatter(
        x=step.unlabelled[:, 0], y=step.unlabelled[:, 1], mode="markers",
        marker={
            "size": POINT, "opacity": 1, "color": mixed_colours(step.assigned, ways),
            "symbol": ["diamond" if label < 0 else "circle" for label in step.truth],
            "line": {"width": 2, "color": [_colour(label, ways) for label in step.truth]},
        },
        hovertext=[
            _about(shares, label, ways)
            for shares, label in zip(step.assigned, step.truth, strict=True)
        ],
        hoverinfo="text",
    )  # fmt: skip


def _about(shares: np.ndarray, label: int, ways: int) -> str:
    """What a drawing is, and the two clusters that it is taken for most."""
    taken = [
        f"{class_name(cluster) if cluster < ways else CLUSTER} {shares[cluster]:.0%}"
        for cluster in np.argsort(-shares, kind="stable")[:2]
    ]
    is_of = OTHER if label < 0 else f"class {class_name(label)}"
    return f"No label; it is of {is_of}.<br>Taken for {', '.join(taken)}"


def _trail(places: np.ndarray, label: int) -> go.Scatter:
    """Where a class mean was (S + 1, 2), and is."""
    return go.Scatter(
        x=places[:, 0], y=places[:, 1], mode="lines+markers", hoverinfo="skip",
        line={"color": class_colour(label), "width": 2}, marker={"size": WAS},
    )  # fmt: skip


def _means(step: SoftStep) -> go.Scatter:
    """The class means and, if there is one, the cluster for other characters, as crosses."""
    ways = len(step.labelled)
    places = np.concatenate([step.trail[-1], *_cluster(step)])
    names = [f"the mean of class {class_name(label)}" for label in range(ways)]
    return go.Scatter(
        x=places[:, 0], y=places[:, 1], mode="markers",
        marker={
            "symbol": "cross", "size": CROSS, "opacity": 1,
            "color": [_colour(label, ways) for label in range(len(places))],
            "line": {"width": 1.5, "color": "white"},
        },
        hovertext=[*names, CLUSTER][: len(places)], hoverinfo="text",
    )  # fmt: skip
