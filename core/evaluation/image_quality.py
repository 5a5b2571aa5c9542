"""Quality of completed pictures: MSE, PSNR and SSIM, over any set of pixels.

Pictures are float `(B, 1, H, W)` in [0, 1], so that the dynamic range is 1 throughout.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from core.data.images import to_unit

# Wang, Bovik, Sheikh & Simoncelli 2004, "Image Quality Assessment: From Error Visibility to
# Structural Similarity", section III-B and III-C.
SSIM_WINDOW = 11
SSIM_SIGMA = 1.5
SSIM_K1, SSIM_K2 = 0.01, 0.03


@dataclass(frozen=True)
class Quality:
    """Three figures per picture, each `(B,)`; nan where no pixel counts."""

    mse: Tensor
    psnr: Tensor  # dB
    ssim: Tensor


def quality(pictures: Tensor, truth: Tensor, counted: Tensor) -> Quality:
    """Quality over the pixels where `counted` (B, 1, H, W) is 1, for instance the hidden ones."""
    mse = mean_over((pictures - truth).square(), counted)
    return Quality(mse, psnr(mse), mean_over(ssim_map(pictures, truth), counted))


def quality_where_hidden(
    completions: np.ndarray, truth: np.ndarray, visible: np.ndarray
) -> Quality:
    """Quality of completions uint8 (B, 28, 28) of one picture uint8 (28, 28), over hidden pixels.

    `visible` is the mask (28, 28), 1 = visible.
    """
    pictures = to_unit(torch.from_numpy(completions))
    whole = to_unit(torch.from_numpy(truth))[None].expand_as(pictures)
    hidden = 1 - torch.from_numpy(visible).float()
    return quality(pictures, whole, hidden.expand_as(pictures))


def psnr(mse: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB of a mean squared error, with peak 1; infinite for 0."""
    return -10 * torch.log10(mse)


def mean_over(values: Tensor, counted: Tensor) -> Tensor:
    """Mean `(B,)` of `values` (B, 1, H, W) where `counted` is 1; nan where no pixel counts."""
    return (values * counted).sum(dim=(1, 2, 3)) / counted.sum(dim=(1, 2, 3))


def ssim_map(first: Tensor, second: Tensor) -> Tensor:
    """Structural similarity around each pixel, `(B, 1, H, W)` (Wang et al. 2004, equation 13).

    As published with an 11x11 Gaussian window of sigma 1.5 and population (not sample) covariances.
    The picture is mirrored at the border, so that every pixel has a value.
    """
    mean1, mean2 = _blur(first), _blur(second)
    variance1 = _blur(first * first) - mean1 * mean1
    variance2 = _blur(second * second) - mean2 * mean2
    covariance = _blur(first * second) - mean1 * mean2
    c1, c2 = SSIM_K1**2, SSIM_K2**2
    luminance = (2 * mean1 * mean2 + c1) / (mean1**2 + mean2**2 + c1)
    structure = (2 * covariance + c2) / (variance1 + variance2 + c2)
    return luminance * structure


def _blur(pictures: Tensor) -> Tensor:
    """The Gaussian mean around each pixel, as a product with a matrix from each side."""
    rows = _window(pictures.shape[-2]).to(pictures)
    columns = _window(pictures.shape[-1]).to(pictures)
    return rows @ pictures @ columns.T


@lru_cache(maxsize=4)
def _window(size: int) -> Tensor:
    """`(size, size)` in double precision: row i has the Gaussian weights around pixel i of a line.

    Beyond the border the line is mirrored, `d c b a | a b c d | d c b a`.
    """
    reach = SSIM_WINDOW // 2
    offsets = torch.arange(-reach, reach + 1)
    weights = torch.exp(-0.5 * (offsets.double() / SSIM_SIGMA) ** 2)
    weights /= weights.sum()
    reached = (torch.arange(size)[:, None] + offsets) % (2 * size)  # (size, 11)
    mirrored = torch.minimum(reached, 2 * size - 1 - reached)
    return torch.zeros(size, size).double().scatter_add_(1, mirrored, weights.expand(size, -1))
