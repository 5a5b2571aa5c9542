"""VICReg, Barlow Twins and SimSiam against plain loops over the papers' equations, in float64."""

from itertools import product
from typing import get_args

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.losses import CONTRASTIVE, OF_THE_BATCH, TRAINED, Objective
from core.methods.simclr.losses.barlow_twins import barlow_twins
from core.methods.simclr.losses.simsiam import SimSiam
from core.methods.simclr.losses.vicreg import vicreg

N, D = 7, 5


def pair(seed: int = 0) -> tuple[Tensor, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    first, second = torch.randn(2, N, D, generator=draw, dtype=torch.float64)
    return first, second


def mean(values: list[Tensor]) -> Tensor:
    return torch.stack(values).mean()


def covariance(x: Tensor, y: Tensor, ddof: int) -> Tensor:
    """Of two dimensions (N,)."""
    terms = [(a - x.mean()) * (b - y.mean()) for a, b in zip(x, y, strict=True)]
    return torch.stack(terms).sum() / (len(x) - ddof)


def vicreg_by_hand(first: Tensor, second: Tensor) -> Tensor:
    invariance = mean([(a - b).square().sum() / D for a, b in zip(first, second, strict=True)])
    variance = covariances = torch.zeros((), dtype=torch.float64)
    for z in (first.T, second.T):
        deviations = [torch.sqrt(covariance(each, each, 1) + 1e-4) for each in z]
        variance = variance + mean([F.relu(1 - each) for each in deviations]) / 2
        apart = [(i, j) for i, j in product(range(D), repeat=2) if i != j]
        squares = [covariance(z[i], z[j], 1).square() for i, j in apart]
        covariances = covariances + torch.stack(squares).sum() / D
    return 25 * invariance + 25 * variance + covariances


def barlow_twins_by_hand(first: Tensor, second: Tensor) -> Tensor:
    loss = torch.zeros((), dtype=torch.float64)
    for i, j in product(range(D), repeat=2):
        x, y = first[:, i], second[:, j]
        scale = (covariance(x, x, 0) * covariance(y, y, 0)).sqrt()
        correlation = covariance(x, y, 0) / scale
        loss = loss + ((1 - correlation) ** 2 if i == j else 5e-3 * correlation**2)
    return loss


@pytest.mark.parametrize(
    ("loss", "plain"), [(vicreg, vicreg_by_hand), (barlow_twins, barlow_twins_by_hand)]
)
@pytest.mark.parametrize("spread", [0.3, 3.0])  # below and above the deviation VICReg asks for
def test_value_and_gradient_are_those_of_the_paper(loss, plain, spread: float) -> None:  # type: ignore[no-untyped-def]
    ours, theirs = ((spread * torch.stack(pair())).requires_grad_() for _ in range(2))
    found, expected = loss(*ours), plain(*theirs)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-12)
    (gradient,), (plain_gradient,) = (
        torch.autograd.grad(value, of) for value, of in ((found, ours), (expected, theirs))
    )
    torch.testing.assert_close(gradient, plain_gradient, rtol=1e-8, atol=1e-10)


def test_vicreg_has_its_minimum_at_equal_white_views() -> None:
    first, _ = pair()
    white = torch.linalg.qr(first - first.mean(0))[0] * (N - 1) ** 0.5  # covariance 1
    assert vicreg(white, white).item() == pytest.approx(0, abs=1e-9)
    assert vicreg(0 * white, 0 * white).item() == pytest.approx(25 * 0.99)  # collapsed: sqrt(1e-4)


def test_barlow_twins_do_not_see_the_scale_of_a_dimension() -> None:
    first, second = pair()
    scales = torch.arange(1.0, D + 1, dtype=torch.float64)
    torch.testing.assert_close(
        barlow_twins(scales * first, second + scales), barlow_twins(first, second)
    )


def test_simsiam_is_algorithm_1_with_its_stop_gradient() -> None:
    torch.manual_seed(0)
    loss = SimSiam(D).double()
    views = torch.stack(pair()).requires_grad_()
    first, second = views

    def distance(p: Tensor, z: Tensor) -> Tensor:
        p, z = p / p.norm(dim=1, keepdim=True), z / z.norm(dim=1, keepdim=True)
        return -(p * z).sum(dim=1).mean()

    targets = torch.stack(pair())  # constants: nothing flows back through them
    expected = distance(loss.predictor(first), targets[1]) / 2
    expected = expected + distance(loss.predictor(second), targets[0]) / 2
    (plain_gradient,) = torch.autograd.grad(expected, views, retain_graph=True)
    found = loss(first, second)
    (gradient,) = torch.autograd.grad(found, views)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(gradient, plain_gradient)


def test_every_loss_of_the_menu_is_one_of_the_registry() -> None:
    menu = get_args(SimClrConfig.model_fields["loss"].annotation)
    assert sorted(menu) == sorted([*CONTRASTIVE, *OF_THE_BATCH, *TRAINED])


@pytest.mark.parametrize("name", [*CONTRASTIVE, *OF_THE_BATCH, *TRAINED])
def test_half_precision_is_summed_in_single(name: str) -> None:
    torch.manual_seed(0)
    objective = Objective(name, D, temperature=0.5)
    first, second = (each.bfloat16() for each in pair())
    found = objective(first, second)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, objective(first.float(), second.float()))
