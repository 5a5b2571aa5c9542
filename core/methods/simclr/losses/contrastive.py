"""The contrastive losses of N positive pairs z, (N, D) each: 2N views.

`nt_xent` is SimCLR's (Chen et al. 2020, equation 1), `dcl` leaves the positive out of its
denominator (Yeh et al. 2022), `attraction` has no denominator, so that the embedding collapses.
The positive of view i is view i + N, and the other way round; all other views are its negatives.
"""

import math
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

MIN_NORM = 1e-12  # vectors shorter than this are divided by it, as in F.normalize


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """The normalised temperature-scaled cross-entropy, averaged over all 2N views.

    Each view classifies which of the 2N - 1 others is its positive, with cosine similarity /
    temperature as logits.
    """
    return _mean_over_views(first, second, temperature, decoupled=False)


def dcl(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """NT-Xent whose denominator sums over the negatives alone (Yeh et al. 2022, equation 6).

    A positive pair that is already similar then no longer shrinks the gradient of its negatives.
    """
    return _mean_over_views(first, second, temperature, decoupled=True)


def attraction(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """NT-Xent's numerator alone, shifted so that 0 is its minimum.

    Nothing separates the negatives: the minimum is reached when all views fall on one point.
    """
    return (1 - F.cosine_similarity(first, second)).mean() / temperature


# ---- row by row ------------------------------------------------------------------------------


def row_losses(similarity: Tensor, temperature: float, decoupled: bool = False) -> Tensor:
    """The loss (2N,) of each view, given all cosine similarities (2N, 2N).

    Their mean is `nt_xent`, or `dcl` where `decoupled`.
    """
    rows = _compare(similarity / temperature, decoupled)
    return rows.log_sum.squeeze(1) - rows.positive


def softmax_shares(similarity: Tensor, temperature: float, decoupled: bool = False) -> Tensor:
    """The softmax (2N, 2N) of each row of logits, given all cosine similarities (2N, 2N).

    Row i is the probability that each other view is the positive of view i; the diagonal is 0.
    Where `decoupled` the softmax is over the negatives alone, and the positive's share is 0.
    """
    rows = _compare(similarity / temperature, decoupled)
    return rows.weights / rows.sums


def positive_shares(similarity: Tensor, temperature: float) -> Tensor:
    """NT-Xent's probability (2N,) for the positive of each view; `row_losses` is -log of it."""
    return torch.exp(-row_losses(similarity, temperature))


class _Rows(NamedTuple):
    """Each of 2N views compared with its candidates: a row of `weights / sums` is the softmax."""

    positive: Tensor  # (2N,), the logit of the positive
    log_sum: Tensor  # (2N, 1), log of the denominator
    weights: Tensor  # (2N, 2N), exp(logit - the row's largest)
    sums: Tensor  # (2N, 1)


def _compare(logits: Tensor, decoupled: bool) -> _Rows:
    """Compares views by their logits (2N, 2N), which are overwritten."""
    n = len(logits) // 2
    logits.fill_diagonal_(-math.inf)  # a view is not compared with itself
    positive = logits.diagonal(n).repeat(2)
    if decoupled:
        logits.diagonal(n).fill_(-math.inf)
        logits.diagonal(-n).fill_(-math.inf)
    highest = logits.amax(dim=1, keepdim=True)
    weights = logits.sub_(highest).exp_()
    sums = weights.sum(dim=1, keepdim=True)
    return _Rows(positive, highest + sums.log(), weights, sums)


# ---- with its gradient -----------------------------------------------------------------------


def _mean_over_views(first: Tensor, second: Tensor, temperature: float, decoupled: bool) -> Tensor:
    with torch.autocast(first.device.type, enabled=False):  # half precision cannot hold the sums
        views = [each if each.dtype == torch.float64 else each.float() for each in (first, second)]
        loss: Tensor = _CrossEntropy.apply(*views, temperature, decoupled)
    return loss


class _CrossEntropy(torch.autograd.Function):
    """NT-Xent and DCL with the gradient in closed form.

    With p_ik the softmax of row i, the gradient of a row's loss by the logit z_i z_k / t is
    p_ik - [k is the positive of i]. Autograd would keep six matrices of (2N, 2N) for the backward
    pass; this keeps one.
    """

    @staticmethod
    def forward(
        ctx: Any, first: Tensor, second: Tensor, temperature: float, decoupled: bool
    ) -> Tensor:
        views = torch.cat([first, second])
        norms = torch.linalg.vector_norm(views, dim=1, keepdim=True).clamp_min(MIN_NORM)
        z = views / norms  # (2N, D)
        rows = _compare((z / temperature) @ z.T, decoupled)
        ctx.save_for_backward(z, norms, rows.weights, rows.sums)
        ctx.temperature = temperature
        return rows.log_sum.mean() - rows.positive.mean()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None]:
        z, norms, weights, sums = ctx.saved_tensors
        n = len(z) // 2
        # Each z takes part in its own row of logits and in a column of all other rows.
        from_softmax = (weights @ z) / sums + weights.T @ (z / sums)
        by_z = (from_softmax - 2 * z.roll(n, 0)) * (gradient / (2 * n * ctx.temperature))
        # Normalising removes the component along z.
        across = by_z - z * (z * by_z).sum(dim=1, keepdim=True)
        first, second = (across / norms).chunk(2)
        return first, second, None, None
