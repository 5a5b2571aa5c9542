"""VICReg: no negatives; variance and covariance keep the embedding from collapsing.

Bardes, Ponce & LeCun 2022, "VICReg: Variance-Invariance-Covariance Regularization for
Self-Supervised Learning", equations 1 to 6.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from core.methods.simclr.losses.moments import centred, off_diagonal

INVARIANCE, VARIANCE, COVARIANCE = 25.0, 25.0, 1.0  # lambda, mu and nu of section 4.2
SPREAD = 1.0  # gamma: the standard deviation that each dimension is to have at least
EPSILON = 1e-4


def vicreg(first: Tensor, second: Tensor) -> Tensor:
    """The loss of N positive pairs z, (N, D) each (equation 6).

    The positives approach each other (invariance), each dimension keeps a standard deviation of 1
    over the batch (variance), and no two dimensions say the same (covariance). As in the authors'
    code, the first is averaged over the dimensions too, and the second over both views.
    """
    invariance = F.mse_loss(first, second)
    variance = (_hinge(first) + _hinge(second)) / 2
    covariance = _redundancy(first) + _redundancy(second)
    return INVARIANCE * invariance + VARIANCE * variance + COVARIANCE * covariance


def _hinge(z: Tensor) -> Tensor:
    """By how much the dimensions' standard deviations fall short of 1, averaged (equation 1)."""
    return F.relu(SPREAD - torch.sqrt(z.var(dim=0) + EPSILON)).mean()


def _redundancy(z: Tensor) -> Tensor:
    """The squared covariances of different dimensions, over their number (equations 3 and 4)."""
    n, dimension = z.shape
    apart = centred(z)
    covariance = apart.T @ apart / (n - 1)
    return off_diagonal(covariance).square().sum() / dimension
