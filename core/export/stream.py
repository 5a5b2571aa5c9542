"""A stream as a table: what every learner knew of every class, whenever it was asked."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.export.cabinet import NOT_MET
from core.export.table import csv_table


def stream_table(
    right: np.ndarray, steps: Sequence[int], learners: Mapping[str, str], asked: int
) -> bytes:
    """CSV with a row for each moment, learner and class that has come.

    `learners` (L,) are their labels by name.

    `right` (F, L, C) uint8 are right answers of `asked`, 255 for a class that has not come; classes
    count from 1 in the order of the stream.
    """
    header = ("classes_met", "learner", "label", "class", "right", "asked")
    named = list(learners.items())
    rows = (
        (steps[frame], *named[learner], int(label) + 1, int(right[frame, learner, label]), asked)
        for frame, learner, label in np.argwhere(right != NOT_MET)
    )
    return csv_table(header, rows)
