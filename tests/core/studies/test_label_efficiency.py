"""The measurement of label efficiency: labels are drawn fairly, intervals are Student's, and the
file that is shipped says what the shipped weights do.
"""

import json
import math

import numpy as np
import pytest
import torch

from core.data.digits import load_digits
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.paths import ASSETS
from core.studies.label_efficiency import (
    PER_CLASS,
    SEEDS,
    STUDENT_95,
    TICKS,
    WEIGHTS,
    confusion,
    head_scores,
    labelled,
    over_seeds,
)
from core.studies.label_uses import ways_of_using
from core.zoo.weights import load_shipped_method

SHIPPED = json.loads((ASSETS / "labels.json").read_text())


@pytest.fixture(scope="module")
def method() -> SimClr:
    return load_shipped_method(WEIGHTS, SimClr)


@pytest.mark.parametrize("per_class", PER_CLASS)
def test_so_many_labels_of_each_class_are_drawn_from_the_training_set(per_class: int) -> None:
    train, places = load_digits("sample", "train"), labelled(per_class, seed=1)
    assert torch.bincount(train.labels[places]).tolist() == [per_class] * 10
    drawn = {image.tobytes() for image in train.images[places].numpy()}
    assert len(drawn) == 10 * per_class
    held_out = {image.tobytes() for image in load_digits("sample", "held_out").images.numpy()}
    assert not drawn & held_out


def test_a_seed_draws_the_same_labels_again_and_another_one_others() -> None:
    first, again, other = (labelled(5, seed) for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_the_interval_is_that_of_student() -> None:
    values = [0.8, 0.83, 0.79, 0.84, 0.81]
    mean, interval = over_seeds(lambda _places, seed: values[seed], 1)
    stats = pytest.importorskip("scipy.stats")
    low, high = stats.t.interval(0.95, SEEDS - 1, np.mean(values), stats.sem(values))
    assert mean == round(float(np.mean(values)), 4)
    assert interval == pytest.approx((high - low) / 2, abs=1e-4)
    assert pytest.approx(stats.t.ppf(0.975, SEEDS - 1), abs=1e-3) == STUDENT_95
    assert over_seeds(lambda _places, _seed: 0.9, 1, seeds=1) == (0.9, 0.0)


def test_the_file_says_what_the_shipped_weights_do(method: SimClr) -> None:
    assert SHIPPED["confusion"] == confusion(method).tolist()
    figures = method.test_on(load_digits("sample", "train"), load_digits("sample", "held_out"))
    right = np.trace(np.array(SHIPPED["confusion"])) / 1000
    assert right == pytest.approx(figures["knn_accuracy"], abs=1e-4)
    probed = SHIPPED["head"]["h"]["probe_accuracy"]
    assert probed == pytest.approx(figures["probe_accuracy"], abs=2e-3)
    assert SHIPPED["curves"]["knn"]["accuracy"][-1] == pytest.approx(right, abs=1e-4)


def test_the_file_has_a_band_for_each_way_of_using_labels(method: SimClr) -> None:
    assert SHIPPED["per_class"] == list(PER_CLASS) and SHIPPED["seeds"] == SEEDS
    ways = ways_of_using(method)
    assert list(SHIPPED["curves"]) == list(ways) and len(ways) * len(PER_CLASS) == TICKS
    for curve in SHIPPED["curves"].values():
        assert len(curve["accuracy"]) == len(curve["interval"]) == len(PER_CLASS)
        assert all(0.1 < share < 1 for share in curve["accuracy"])
        assert all(math.isfinite(width) and width >= 0 for width in curve["interval"])


def test_the_file_repeats_where_nothing_is_trained(method: SimClr) -> None:
    for way in ("propagated", "knn"):
        score, is_random = ways_of_using(method)[way]
        curve = SHIPPED["curves"][way]
        assert not is_random
        assert (curve["accuracy"][0], curve["interval"][0]) == pytest.approx(
            over_seeds(score, PER_CLASS[0]), abs=1e-3
        )


def test_confusions_count_every_digit_in_its_row(method: SimClr) -> None:
    assert confusion(method).sum(1).tolist() == [100] * 10


def test_z_has_the_dimensions_of_the_head(monkeypatch: pytest.MonkeyPatch) -> None:
    small = SimClr(SimClrConfig(width=4, projection=7))
    monkeypatch.setattr("core.evaluation.linear_probe.MAX_ITERATIONS", 5)
    scores = head_scores(small)
    assert (scores["h"]["dimensions"], scores["z"]["dimensions"]) == (256, 7)
