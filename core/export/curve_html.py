"""A curve that is learnt from a few points as one HTML file that needs nothing else."""

from collections.abc import Sequence

import numpy as np

from core.export.film import Caption
from core.export.page import page
from core.export.scripts import STEPS
from core.figures.sinusoid import COLOURS, Fit, Task
from core.figures.sinusoid_race import PLACES, blind_place, lane_of

DECIMALS = 3
REACH = 6.0  # of the vertical axis, either side of zero
FARTHEST = 99.0  # that a prediction is drawn: far outside the panel


def curve_html(task: Task, fits: Sequence[Fit], caption: Caption) -> bytes:
    """The steps to play, go through and scrub in any browser, a panel an initialisation, in UTF-8.

    A prediction that leaves its panel is cut off there.
    """
    place = blind_place(task)
    data: dict[str, object] = {
        "x": _rounded(task.x),
        "truth": _rounded(task.y),
        "support": _rounded(np.stack([task.support_x, task.support_y], 1)),
        "reach": REACH,
        "unseen": task.unseen,
        "where": PLACES[place],
        "last": len(fits[0].prediction) - 1,
        "fits": [
            {
                "title": fit.title,
                "colour": colour,
                "prediction": _rounded(fit.prediction),
                "error": [
                    lane_of(task, fit).label(place, step) for step in range(len(fit.prediction))
                ],
            }
            for fit, colour in zip(fits, COLOURS, strict=False)
        ],
    }
    return page("curves", caption, data, [STEPS])


def _rounded(values: np.ndarray) -> object:
    """Numbers of any shape as nested lists; what is no number lies on the axis."""
    held = np.nan_to_num(values.astype(np.float64), nan=0.0).clip(-FARTHEST, FARTHEST)
    return held.round(DECIMALS).tolist()
