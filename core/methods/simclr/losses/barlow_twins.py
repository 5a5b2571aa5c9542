"""Barlow Twins: the cross-correlation of both views is drawn to the identity.

Zbontar, Jing, Misra, LeCun & Deny 2021, "Barlow Twins: Self-Supervised Learning via Redundancy
Reduction", equations 1 and 2.
"""

from torch import Tensor

from core.methods.simclr.losses.moments import centred, off_diagonal

REDUNDANCY = 5e-3  # lambda of section 4
EPSILON = 1e-12  # of the variance: a dimension that is constant has no correlation


def barlow_twins(first: Tensor, second: Tensor) -> Tensor:
    """The loss of N positive pairs z, (N, D) each.

    Each dimension is to have correlation 1 with itself in the other view, and correlation 0 with
    all others.
    """
    correlation = _standardised(first).T @ _standardised(second) / len(first)
    invariance = (1 - correlation.diagonal()).square().sum()
    return invariance + REDUNDANCY * off_diagonal(correlation).square().sum()


def _standardised(z: Tensor) -> Tensor:
    """z (N, D) with mean 0 and variance 1 in each dimension."""
    apart = centred(z)
    return apart / (apart.square().mean(dim=0) + EPSILON).sqrt()
