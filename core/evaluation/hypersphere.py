"""Alignment and uniformity, the two goals of a contrastive loss (Wang & Isola 2020)."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def alignment(first: Tensor, second: Tensor) -> float:
    """Mean squared distance of positive pairs, (N, D) each: 0 where both views are one point.

    Wang & Isola 2020, section 4.1, with alpha = 2. Normalises the vectors.
    """
    difference = F.normalize(first, dim=1) - F.normalize(second, dim=1)
    return difference.square().sum(dim=1).mean().item()


def uniformity(points: Tensor) -> float:
    """log E exp(-2 |x - y|²) over pairs of points (N, D): lower is more evenly spread.

    Wang & Isola 2020, section 4.1, with t = 2. It is 0 where all points are one.
    """
    distances = torch.pdist(F.normalize(points, dim=1)).square()
    return (torch.logsumexp(-2 * distances, dim=0) - math.log(len(distances))).item()
