"""A curve that is learnt step by step as CSV."""

from collections.abc import Sequence

from core.export.table import csv_table
from core.figures.sinusoid import Fit, Task, squared_errors


def curve_table(task: Task, fits: Sequence[Fit]) -> bytes:
    """A row for each step and place of the curve.

    It has the true height, and for each initialisation the predicted height there and the mean
    squared error of that step over the whole curve. What has diverged is inf or nan.
    """
    names = [fit.title.lower().replace("-", "_").replace(" ", "_") for fit in fits]
    errors = [squared_errors(task, fit) for fit in fits]
    header = ["step", "x", "true_height"]
    header += [f"prediction_{name}" for name in names] + [f"error_{name}" for name in names]
    return csv_table(
        header,
        (
            [
                step, x, y, *(fit.prediction[step, place] for fit in fits),
                *(each[step] for each in errors),
            ]
            for step in range(len(fits[0].prediction))
            for place, (x, y) in enumerate(zip(task.x, task.y, strict=True))
        ),
    )  # fmt: skip
