"""The choice of both scales, that those in use are the measured ones, and the measurement again."""

import json

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from core.methods.lifelong.soft_k_means import LENGTH, SCALE
from core.paths import ASSETS
from core.studies.unlabelled import (
    CONDITIONS,
    LENGTHS,
    SCALES,
    best,
    choose,
    score,
    split_features,
    summary,
)

STUDY = json.loads((ASSETS / "unlabelled.json").read_text())


def test_the_scales_in_use_are_those_of_the_measurement() -> None:
    assert (STUDY["scales"], STUDY["lengths"]) == (list(SCALES), list(LENGTHS))
    assert STUDY["scale"] == best(SCALES, STUDY["by_scale"]) == SCALE
    assert STUDY["length"] == best(LENGTHS, STUDY["by_length"]) == LENGTH
    kinds = [(row["unlabelled"], row["distractors"], row["cluster"]) for row in STUDY["rows"]]
    assert kinds == list(CONDITIONS)
    assert len({row["accuracy"][0] for row in STUDY["rows"]}) == 1  # the same tasks for all


def test_the_best_of_several_is_the_first() -> None:
    assert best((1.0, 2.0, 3.0), (0.5, 0.7, 0.7)) == 2.0


def test_what_is_chosen_was_measured_and_is_the_best() -> None:
    drawn = torch.randn(12, 20, 8, generator=torch.Generator().manual_seed(0))
    ticks: list[int] = []
    chosen = choose(F.normalize(drawn, dim=-1), 3, lambda: ticks.append(1))
    assert len(ticks) == len(SCALES) + len(LENGTHS)
    assert chosen["by_scale"][SCALES.index(chosen["scale"])] == max(chosen["by_scale"])
    assert chosen["by_length"][LENGTHS.index(chosen["length"])] == max(chosen["by_length"])


def test_a_summary_has_means_intervals_and_counts() -> None:
    scores = torch.tensor([[0.5, 1.0], [0.5, 0.25], [0.5, 0.5], [0.5, 1.0]])
    found = summary(scores)
    assert found["accuracy"] == [0.5, 0.6875]
    assert found["interval"] == pytest.approx([0, 1.96 * 0.375 / 2], abs=1e-3)
    assert (found["better"], found["worse"]) == (0.5, 0.25)


@pytest.fixture(scope="module")
def features() -> Tensor:
    return split_features("test")


@pytest.mark.parametrize("place", range(4))
def test_the_measurement_can_be_repeated(features: Tensor, place: int) -> None:
    row = STUDY["rows"][place]
    length = LENGTH if row["cluster"] else None
    scores = score(features, STUDY["tasks"], row["unlabelled"], row["distractors"], length, SCALE)
    assert summary(scores)["accuracy"] == pytest.approx(row["accuracy"], abs=1e-3)
