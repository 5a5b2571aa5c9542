"""The race by the clock: what each initialisation reaches in the same time of training."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.race import (
    AXIS_TOP,
    HEADING,
    LABEL_SHARE,
    LABEL_WIDTH,
    TOOLBAR,
    Lane,
    Look,
    accuracy_lines,
    heading_of_names,
    names_at_ends,
)

STEP = 0.1  # of the accuracy axis, on which it begins too


def clock_curves(
    lanes: Sequence[Lane], seconds: Sequence[float], looks: Sequence[Look]
) -> go.Figure:
    """Query accuracy against seconds of training (K,), on a logarithmic axis.

    The accuracies of a lane (K,) are those after each of `seconds`. The axis of accuracy begins
    just below the lowest of them.
    """
    places, end = np.array(seconds, np.float64), float(np.log10(seconds[-1]))
    lowest = min(float(lane.accuracy.min()) for lane in lanes)
    bottom = STEP * np.floor((lowest - STEP / 4) / STEP)
    gap = LABEL_SHARE * (AXIS_TOP - bottom) / AXIS_TOP
    drawn = list(zip(lanes, looks, strict=True))
    return go.Figure(
        [line for lane, look in reversed(drawn) for line in accuracy_lines(lane, look, places)],
        {
            "annotations": [
                *names_at_ends(lanes, looks, end, gap),
                heading_of_names(end, f"after {seconds[-1]:g} s"),
            ],
            "showlegend": False,
            "hovermode": "x unified",
            "uirevision": "race by the clock",
            "margin": {"l": 8, "r": LABEL_WIDTH, "t": TOOLBAR + HEADING, "b": 8},
            "xaxis": {
                "type": "log", "title": {"text": "seconds of training on one core"},
                "range": [float(np.log10(seconds[0])) - 0.03, end], "tickvals": list(seconds),
                "showgrid": False,
            },
            "yaxis": {
                "title": {"text": "query accuracy"}, "tickformat": ".0%",
                "range": [bottom, AXIS_TOP], "dtick": STEP,
            },
        },
    )  # fmt: skip
