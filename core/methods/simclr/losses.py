"""What contrastive losses ask of N positive pairs z, (N, D) each, of which 2N views are made.

`nt_xent` is that of SimCLR (Chen et al. 2020, equation 1), `dcl` leaves the positive out of its
denominator (Yeh et al. 2022), `attraction` leaves out the denominator, and collapses. View i of the
first N and view i + N are partners; all others are strangers to them.
"""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

SHORTEST = 1e-12  # length below which a vector counts as one of this length, as F.normalize has it


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """The normalised temperature-scaled cross-entropy, averaged over all 2N views.

    Each view names its partner among the 2N - 1 others, by cosine similarity / temperature as
    logits.
    """
    return _against_others(first, second, temperature, decoupled=False)


def dcl(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """NT-Xent whose denominator sums over the strangers alone (Yeh et al. 2022, equation 6).

    A positive pair that is already alike no longer makes the gradient of its strangers small.
    """
    return _against_others(first, second, temperature, decoupled=True)


def attraction(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """NT-Xent's numerator alone, measured from its best: 0 where partners are the same.

    Nothing keeps strangers apart, so that one point for all is as good as it gets.
    """
    return (1 - F.cosine_similarity(first, second)).mean() / temperature


LOSSES = {"nt-xent": nt_xent, "dcl": dcl, "attraction": attraction}


def shares(similarity: Tensor, temperature: float, decoupled: bool = False) -> Tensor:
    """The softmax over the others of each of V views, given their cosines (V, V).

    Row i is what NT-Xent believes of who i's partner is; the diagonal is 0. Decoupled, as in DCL,
    it is over the strangers alone, and 0 for partners too.
    """
    logits = _without_itself(similarity / temperature)
    if decoupled:
        _without_partner(logits)
    return torch.softmax(logits, dim=1)


def _against_others(first: Tensor, second: Tensor, temperature: float, decoupled: bool) -> Tensor:
    with torch.autocast(first.device.type, enabled=False):  # sums take more than half precision
        views = [each if each.dtype == torch.float64 else each.float() for each in (first, second)]
        loss: Tensor = _CrossEntropy.apply(*views, temperature, decoupled)
    return loss


class _CrossEntropy(torch.autograd.Function):
    """NT-Xent and DCL with the gradient in closed form.

    With p_ik the softmax of row i, the loss of a row has the slope (p_ik - [k is i's partner]) by
    the logit z_i z_k / t. Autograd would keep, and read again, six matrices of (2N, 2N) where this
    keeps one.
    """

    @staticmethod
    def forward(
        ctx: Any, first: Tensor, second: Tensor, temperature: float, decoupled: bool
    ) -> Tensor:
        n = len(first)
        views = torch.cat([first, second])
        lengths = torch.linalg.vector_norm(views, dim=1, keepdim=True).clamp_min(SHORTEST)
        z = views / lengths  # (2N, D)
        logits = _without_itself((z / temperature) @ z.T)  # (2N, 2N)
        positive = logits.diagonal(n).repeat(2)  # (2N,), of each view with its partner
        if decoupled:
            _without_partner(logits)
        highest = logits.amax(dim=1, keepdim=True)
        weights = logits.sub_(highest).exp_()  # a row of these over its sum is the softmax
        sums = weights.sum(dim=1, keepdim=True)
        ctx.save_for_backward(z, lengths, weights, sums)
        ctx.temperature = temperature
        return (highest + sums.log()).mean() - positive.mean()

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, Tensor, None, None]:
        z, lengths, weights, sums = ctx.saved_tensors
        n = len(z) // 2
        # Each z is in the row of its own logits and in the column of all others'.
        pushed = (weights @ z) / sums + weights.T @ (z / sums)
        along_z = (pushed - 2 * z.roll(n, 0)) * (slope / (2 * n * ctx.temperature))
        # Only what is across z turns the vector before it was normalised.
        across = along_z - z * (z * along_z).sum(dim=1, keepdim=True)
        first, second = (across / lengths).chunk(2)
        return first, second, None, None


def _without_itself(logits: Tensor) -> Tensor:
    """Logits (V, V), changed in place: a view is no candidate for its own partner."""
    return logits.fill_diagonal_(-math.inf)


def _without_partner(logits: Tensor) -> None:
    """Logits (2N, 2N), changed in place: a view is compared with strangers alone."""
    n = len(logits) // 2
    logits.diagonal(n).fill_(-math.inf)
    logits.diagonal(-n).fill_(-math.inf)
