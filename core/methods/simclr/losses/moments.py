"""What the losses without negatives take from a batch."""

from torch import Tensor


def centred(z: Tensor) -> Tensor:
    """z (N, D) less its mean over the batch."""
    return z - z.mean(dim=0)


def off_diagonal(square: Tensor) -> Tensor:
    """A square matrix (D, D) with zeros on its diagonal."""
    return square - square.diagonal().diag()
