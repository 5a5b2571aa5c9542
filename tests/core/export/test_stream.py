"""The table of a stream, read back."""

import csv
from io import StringIO

import numpy as np

from core.export.cabinet import NOT_MET
from core.export.stream import stream_table


def test_every_answer_is_in_the_table_once() -> None:
    right = np.full((3, 2, 4), NOT_MET, np.uint8)
    right[1, :, :2] = [[5, 0], [3, 4]]
    right[2] = [[0, 0, 0, 5], [4, 4, 3, 5]]
    labels = {"tuning": "Fine-tuning", "means": "Class means"}
    text = stream_table(right, [0, 2, 4], labels, 5).decode()
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == (right != NOT_MET).sum()
    for row in rows:
        frame = [0, 2, 4].index(int(row["classes_met"]))
        learner = [*labels].index(row["learner"])
        assert row["label"] == labels[row["learner"]]
        assert int(row["right"]) == right[frame, learner, int(row["class"]) - 1]
        assert row["asked"] == "5"
