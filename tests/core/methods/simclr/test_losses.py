"""Contrastive losses against the papers' equations, plain autograd and finite differences."""

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from core.methods.simclr.losses import CONTRASTIVE
from core.methods.simclr.losses.contrastive import (
    attraction,
    dcl,
    nt_xent,
    positive_shares,
    row_losses,
    softmax_shares,
)

Loss = Callable[[Tensor, Tensor, float], Tensor]


def pairs(n: int, dimension: int, dtype: torch.dtype = torch.float64) -> Tensor:
    draw = torch.Generator().manual_seed(0)
    return torch.randn(2, n, dimension, generator=draw, dtype=torch.float64).to(dtype)


def nt_xent_by_hand(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Equation 1 of Chen et al. 2020, pair by pair: z_2k-1 and z_2k are a positive pair."""
    z = [vector for pair in zip(first, second, strict=True) for vector in pair]

    def s(i: int, j: int) -> Tensor:
        cosine: Tensor = torch.dot(z[i], z[j]) / (z[i].norm() * z[j].norm())
        return cosine

    def l(i: int, j: int) -> Tensor:  # noqa: E743 (the paper's name)
        others = [torch.exp(s(i, k) / temperature) for k in range(len(z)) if k != i]
        share = torch.exp(s(i, j) / temperature) / torch.stack(others).sum()
        return -share.log()

    pairs = range(0, len(z), 2)
    return torch.stack([l(i, i + 1) + l(i + 1, i) for i in pairs]).sum() / len(z)


@pytest.mark.parametrize("temperature", [0.05, 0.2, 1.0])
def test_nt_xent_is_equation_1_in_value_and_gradient(temperature: float) -> None:
    draw = torch.Generator().manual_seed(0)
    values = torch.randn(2, 6, 5, generator=draw, dtype=torch.float64)
    ours, theirs = values.clone().requires_grad_(), values.clone().requires_grad_()
    loss = nt_xent(ours[0], ours[1], temperature)
    expected = nt_xent_by_hand(theirs[0], theirs[1], temperature)
    torch.testing.assert_close(loss, expected, rtol=1e-12, atol=0)
    torch.testing.assert_close(
        torch.autograd.grad(loss, ours)[0],
        torch.autograd.grad(expected, theirs)[0],
        rtol=1e-9,
        atol=1e-12,
    )


def test_nt_xent_of_collapsed_views_is_that_of_guessing() -> None:
    z = torch.ones(8, 3)
    assert nt_xent(z, z, 0.5).item() == pytest.approx(math.log(15))


def plainly(first: Tensor, second: Tensor, temperature: float, decoupled: bool = False) -> Tensor:
    """NT-Xent, and DCL (Yeh et al. 2022, equation 6), by autograd alone."""
    n = len(first)
    z = F.normalize(torch.cat([first, second]), dim=1)
    logits = z @ z.T / temperature
    positive = torch.arange(2 * n).roll(n)
    left_out = torch.eye(2 * n, dtype=torch.bool)
    if decoupled:
        left_out[torch.arange(2 * n), positive] = True
    below = logits.masked_fill(left_out, -math.inf).logsumexp(dim=1)
    return (below - logits[torch.arange(2 * n), positive]).mean()


def plain_dcl(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    return plainly(first, second, temperature, decoupled=True)


def with_gradient(loss: Loss, z: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    leaf = z.clone().requires_grad_()
    value = loss(leaf[0], leaf[1], temperature)
    return value.detach(), torch.autograd.grad(value, leaf)[0]


@pytest.mark.parametrize(("loss", "plain"), [(nt_xent, plainly), (dcl, plain_dcl)])
@pytest.mark.parametrize("temperature", [0.01, 0.1, 0.5, 10.0])
@pytest.mark.parametrize("n", [2, 64])
def test_value_and_gradient_are_those_of_plain_autograd(
    loss: Loss, plain: Loss, temperature: float, n: int
) -> None:
    found, expected = (with_gradient(each, pairs(n, 16), temperature) for each in (loss, plain))
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("loss", CONTRASTIVE.values(), ids=CONTRASTIVE)
def test_the_gradient_is_that_of_finite_differences(loss: Loss) -> None:
    first, second = pairs(3, 4).requires_grad_().unbind()
    assert torch.autograd.gradcheck(lambda one, other: loss(one, other, 0.3), (first, second))


@pytest.mark.parametrize(("loss", "plain"), [(nt_xent, plainly), (dcl, plain_dcl)])
@pytest.mark.parametrize("temperature", [0.01, 0.2])
def test_single_precision_keeps_six_digits(loss: Loss, plain: Loss, temperature: float) -> None:
    value, gradient = with_gradient(loss, pairs(128, 64, torch.float32), temperature)
    exact, exact_gradient = with_gradient(plain, pairs(128, 64), temperature)
    torch.testing.assert_close(value.double(), exact, rtol=1e-6, atol=1e-6)
    assert (gradient.double() - exact_gradient).abs().max() < 1e-6


def test_a_gradient_from_above_scales_the_gradient() -> None:
    once = with_gradient(nt_xent, pairs(4, 5), 0.2)[1]
    thrice = with_gradient(lambda *each: 3 * nt_xent(*each), pairs(4, 5), 0.2)[1]
    torch.testing.assert_close(thrice, 3 * once)


def test_half_precision_is_summed_in_single() -> None:
    z = pairs(16, 8, torch.bfloat16)
    value, gradient = with_gradient(nt_xent, z, 0.2)
    exact, exact_gradient = with_gradient(plainly, z.double(), 0.2)
    assert value.dtype == torch.float32
    assert gradient.dtype == torch.bfloat16
    torch.testing.assert_close(value.double(), exact, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(gradient.double(), exact_gradient, rtol=2e-2, atol=1e-4)


def test_attraction_ignores_the_negatives() -> None:
    z = torch.ones(8, 3)
    assert attraction(z, z, 0.5).item() == pytest.approx(0, abs=1e-6)
    assert attraction(z, -z, 0.5).item() == pytest.approx(4)


def test_decoupling_takes_the_positive_out_of_the_sum() -> None:
    z = torch.ones(8, 3)
    assert dcl(z, z, 0.5).item() == pytest.approx(math.log(14))


def test_shares_are_what_nt_xent_believes() -> None:
    first, second = pairs(5, 4)
    z = F.normalize(torch.cat([first, second]), dim=1)
    share = softmax_shares(z @ z.T, 0.2)
    torch.testing.assert_close(share.sum(dim=1), torch.ones(10, dtype=torch.float64))
    assert torch.equal(share.diagonal(), torch.zeros(10, dtype=torch.float64))
    positive = torch.arange(10).roll(5)
    mean = -share[torch.arange(10), positive].log().mean()
    torch.testing.assert_close(mean, nt_xent(first, second, 0.2))


def test_decoupled_shares_are_the_gradient_by_the_cosines_of_negatives() -> None:
    """DCL's loss, written as a function of the cosines, by autograd."""
    z = F.normalize(torch.cat(tuple(pairs(5, 4))), dim=1)
    similarity = (z @ z.T).requires_grad_()
    positive = torch.arange(10).roll(5)
    negatives = torch.stack([
        similarity[i, [k for k in range(10) if k not in (i, int(positive[i]))]] for i in range(10)
    ])  # fmt: skip
    loss = (negatives / 0.2).logsumexp(dim=1) - similarity[torch.arange(10), positive] / 0.2
    [gradient] = torch.autograd.grad(loss.sum(), similarity)
    gradient[torch.arange(10), positive] = 0  # the pull, which is 1 / temperature
    torch.testing.assert_close(
        softmax_shares(similarity.detach(), 0.2, decoupled=True), gradient * 0.2
    )


@pytest.mark.parametrize(("loss", "decoupled"), [(nt_xent, False), (dcl, True)])
def test_the_mean_of_the_rows_is_the_training_loss(loss: Loss, decoupled: bool) -> None:
    first, second = pairs(6, 4)
    rows = row_losses(cosines(first, second), 0.2, decoupled)
    assert rows.shape == (12,)
    torch.testing.assert_close(rows.mean(), loss(first, second, 0.2))


def test_a_row_s_loss_is_minus_the_log_of_its_positive_s_share() -> None:
    similarity = cosines(*pairs(6, 4))
    shares = softmax_shares(similarity, 0.2)
    expected = shares[torch.arange(12), torch.arange(12).roll(6)]
    torch.testing.assert_close(positive_shares(similarity, 0.2), expected)
    torch.testing.assert_close(row_losses(similarity, 0.2), -expected.log())


def test_similarities_are_left_as_they_were() -> None:
    similarity = cosines(*pairs(3, 4))
    before = similarity.clone()
    row_losses(similarity, 1.0, decoupled=True)
    softmax_shares(similarity, 1.0)
    assert torch.equal(similarity, before)


def cosines(first: Tensor, second: Tensor) -> Tensor:
    z = F.normalize(torch.cat([first, second]), dim=1)
    return z @ z.T
