"""The paper's figure 2 on the shipped weights: MAML predicts the half of a curve without points."""

import pytest
import torch

from core.data.episodes import Episodes
from core.data.sinusoids import INPUT, sample_sinusoids, sinusoid
from core.seeding import generator
from core.zoo.initialisations import SINUSOIDS, load_initialisation

N_TASKS, POINTS, STEPS, PLACES = 100, 5, 10, 51


def one_sided(side: int) -> Episodes:
    """Curves with all points on one side (1: right, -1: left); the queries are on the other."""
    drawn = sample_sinusoids(N_TASKS, POINTS, generator("test", "one-sided"))
    x = side * drawn.x.abs()
    unseen = torch.linspace(0, -side * INPUT[1], PLACES)[None, :, None].expand(N_TASKS, -1, -1)
    curve = drawn.amplitude, drawn.phase
    return Episodes(x, sinusoid(*curve, x), unseen, sinusoid(*curve, unseen))


def mean_error(index: int, tasks: Episodes, scale: float = 1.0) -> float:
    """Error after ten steps in the half without points; infinite where the steps diverge."""
    adaptation = load_initialisation(SINUSOIDS[index], like="sinusoid-maml").adapt(
        tasks, STEPS, scale=scale
    )
    error = (adaptation.outputs[:, -1] - tasks.query_y).square().mean()
    return float(error.nan_to_num(torch.inf))


def test_the_initialisations_are_those_of_the_paper() -> None:
    assert [each.weights for each in SINUSOIDS] == ["sinusoid-maml", "sinusoid-supervised", ""]


@pytest.mark.parametrize("side", [1, -1])
def test_maml_fits_the_half_without_points_and_the_others_do_not(side: int) -> None:
    tasks = one_sided(side)
    maml, pretrained, random = (mean_error(index, tasks) for index in range(3))
    assert maml < pretrained / 2
    assert maml < random / 2
    assert maml < 0.25 * tasks.query_y.square().mean()  # the error of answering zero everywhere


def test_no_inner_rate_makes_pretraining_as_good() -> None:
    """MAML learned its inner rates; pre-training must not be worse only for want of a good one."""
    tasks = one_sided(1)
    best = min(mean_error(1, tasks, scale) for scale in (1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8))
    assert mean_error(0, tasks) < best / 2
