"""The choice of the threshold, and that the choices of the page are the measured ones."""

import json

import numpy as np
import pytest

from core.data.omniglot import characters, load_omniglot
from core.methods.lifelong.asking import THRESHOLD
from core.paths import ASSETS
from core.studies.asking import (
    KEPT,
    SAME_LABELS,
    THRESHOLDS,
    at_labels,
    chosen_threshold,
    validation_drawings,
)

STUDY = json.loads((ASSETS / "asking.json").read_text())


def test_the_highest_threshold_that_keeps_enough_is_chosen() -> None:
    right = np.linspace(0.9, 0.3, len(THRESHOLDS))
    chosen = chosen_threshold(np.stack([1000 * right, right], 1), 0.8)
    place = THRESHOLDS.index(chosen)
    assert right[place] >= KEPT * 0.8 > right[place + 1]


def test_ways_are_compared_at_the_same_labels() -> None:
    labels = np.array([1000, 500, 50])
    assert at_labels(np.stack([labels, labels / 1000], 1)) == pytest.approx(
        [each / 1000 for each in SAME_LABELS]
    )


def test_the_choices_are_those_of_the_measurement() -> None:
    skipped, moved = (np.array(STUDY["ways"][way]) for way in ("skipped", "self_labelled"))
    assert STUDY["thresholds"] == THRESHOLDS
    assert STUDY["threshold"] == chosen_threshold(skipped, STUDY["everything"][1]) == THRESHOLD
    assert STUDY["at_labels"]["skipped"] == pytest.approx(at_labels(skipped), abs=1e-3)
    place = STUDY["labels"].index(200)
    assert STUDY["at_labels"]["skipped"][place] > at_labels(moved)[place]


def test_the_streams_are_of_validation_alphabets_alone() -> None:
    known = {
        picture.numpy().tobytes()
        for picture in load_omniglot().images[characters("validation", "alphabet")].flatten(0, 1)
    }
    drawings = validation_drawings(0)
    assert len(drawings.truth) == 1500
    assert all(picture.tobytes() in known for picture in drawings.pictures)
