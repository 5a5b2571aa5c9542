"""Random views of a picture, made for a whole batch at once with parameters of its own per sample.

Two views of one picture are the positive pair of SimCLR (Chen et al. 2020, section 2.1). Crop,
rotation and shear are one affine map and so one resampling; there is no mirror, which would turn
some digits into others' look-alikes. Images are (B, 1, H, W) in [0, 1] with ink = 1.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

ASPECT_RATIO = 4 / 3  # a crop's sides differ by at most this factor, as in Chen et al. 2020


@dataclass(frozen=True)
class Augmentation:
    """How far each augmentation may go; 0 switches it off."""

    crop: float = 0.5  # largest share of the area that a crop leaves away, in [0, 1)
    rotation: float = 20.0  # largest angle to either side, degrees
    shear: float = 15.0  # largest angle to either side, degrees
    brightness: float = 0.4  # ink is multiplied by 1 ± this
    contrast: float = 0.4  # the distance from the mean is multiplied by 1 ± this
    blur: float = 0.8  # largest standard deviation of the Gaussian, pixels
    erase: float = 0.3  # largest side of the erased rectangle, share of the picture's

    @property
    def warps(self) -> bool:
        return bool(self.crop or self.rotation or self.shear)


def two_views(
    images: Tensor, augmentation: Augmentation, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Two independent views of each of (B, 1, H, W) images."""
    first, second = augment(images.repeat(2, 1, 1, 1), augmentation, generator).chunk(2)
    return first, second


def augment(images: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """One random view of each of (B, 1, H, W) images, all randomness from `generator`."""
    if augmentation.warps:
        images = warp(images, random_affine(len(images), augmentation, generator))
    if augmentation.brightness or augmentation.contrast:
        images = jitter(images, augmentation.brightness, augmentation.contrast, generator)
    if augmentation.blur:
        sigmas = _uniform(len(images), 0.0, augmentation.blur, generator)
        images = gaussian_blur(images, sigmas)
    if augmentation.erase:
        images = erase(images, augmentation.erase, generator)
    return images


def random_affine(n: int, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """(n, 2, 3) maps from a view's coordinates to the picture's, both in [-1, 1].

    A view's point is sheared and rotated, then scaled and moved into a random crop.
    """
    angle = _uniform(n, -augmentation.rotation, augmentation.rotation, generator).deg2rad()
    shear = _uniform(n, -augmentation.shear, augmentation.shear, generator).deg2rad().tan()
    area = _uniform(n, 1 - augmentation.crop, 1.0, generator)
    stretch = math.log(ASPECT_RATIO) / 2 if augmentation.crop else 0.0
    ratio = _uniform(n, -stretch, stretch, generator).exp()
    width = (area.sqrt() * ratio).clamp(max=1.0)
    height = (area.sqrt() / ratio).clamp(max=1.0)
    shift_x = (1 - width) * _uniform(n, -1.0, 1.0, generator)
    shift_y = (1 - height) * _uniform(n, -1.0, 1.0, generator)

    cos, sin = angle.cos(), angle.sin()
    row_x = torch.stack([width * cos, width * (cos * shear - sin), shift_x], dim=1)
    row_y = torch.stack([height * sin, height * (sin * shear + cos), shift_y], dim=1)
    return torch.stack([row_x, row_y], dim=1)


def warp(images: Tensor, affine: Tensor) -> Tensor:
    """Resamples (B, 1, H, W) images through (B, 2, 3) affine maps; outside is paper (0)."""
    grid = sampling_grid(affine.to(images.device), images.shape[-2], images.shape[-1])
    return F.grid_sample(images, grid, mode="bilinear", align_corners=False)


def sampling_grid(affine: Tensor, height: int, width: int) -> Tensor:
    """(B, H, W, 2) sampling points (x, y) for (B, 2, 3) maps, as `F.affine_grid` gives them.

    Each coordinate is one broadcast addition of a row and a column, an order of magnitude faster
    than the matrix product over (x, y, 1) that `affine_grid` makes.
    """
    x = _pixel_centres(width, affine.device)  # (W,)
    y = _pixel_centres(height, affine.device)[:, None]  # (H, 1)
    along_x, along_y, offset = affine[:, :, None, None].unbind(-1)  # each (B, 2, 1, 1)
    grid = torch.empty(len(affine), height, width, 2, device=affine.device)
    for axis in (0, 1):
        columns = along_x[:, axis] * x  # (B, 1, W)
        rows = along_y[:, axis] * y + offset[:, axis]  # (B, H, 1)
        torch.add(columns, rows, out=grid[..., axis])
    return grid


def jitter(
    images: Tensor, brightness: float, contrast: float, generator: torch.Generator
) -> Tensor:
    """Scales each picture's ink, and its distance from its mean; clipped to [0, 1]."""
    n = len(images)
    gain = _uniform(n, 1 - brightness, 1 + brightness, generator).view(n, 1, 1, 1)
    spread = _uniform(n, 1 - contrast, 1 + contrast, generator).view(n, 1, 1, 1)
    gain, spread = gain.to(images.device), spread.to(images.device)
    mean = gain * images.mean(dim=(1, 2, 3), keepdim=True)
    return torch.addcmul(mean * (1 - spread), images, gain * spread).clamp_(0, 1)


def gaussian_blur(images: Tensor, sigmas: Tensor) -> Tensor:
    """Blurs each of (B, 1, H, W) square images with its own standard deviation (B,), in pixels.

    A separable blur of one picture is a product with a banded matrix from either side.
    """
    n, size = len(images), images.shape[-1]
    offsets = torch.arange(size, device=images.device)
    distance = (offsets[:, None] - offsets).abs().flatten()  # (W * W,)
    precision = 1 / sigmas.to(images.device).clamp(min=0.1).square()  # 0.1: no blur in float32
    weights = torch.exp(-0.5 * offsets.square() * precision[:, None])  # (B, W)
    band = weights.index_select(1, distance).view(n, size, size)
    band /= band.sum(dim=2, keepdim=True)  # at the border too a blurred page stays a page
    return (band @ images.squeeze(1) @ band.transpose(1, 2)).unsqueeze(1)


def erase(images: Tensor, largest: float, generator: torch.Generator) -> Tensor:
    """Wipes a random rectangle, its sides up to `largest` of the picture's, out of each image."""
    n, height, width = len(images), images.shape[-2], images.shape[-1]
    sides = _uniform(2 * n, 0.0, largest, generator).view(2, n, 1)
    starts = _uniform(2 * n, 0.0, 1.0, generator).view(2, n, 1) * (1 - sides)
    y = (torch.arange(height) + 0.5) / height
    x = (torch.arange(width) + 0.5) / width
    rows = (y >= starts[0]) & (y < starts[0] + sides[0])  # (B, H)
    columns = (x >= starts[1]) & (x < starts[1] + sides[1])  # (B, W)
    wiped = rows[:, None, :, None] & columns[:, None, None, :]
    return images.where(~wiped.to(images.device), 0.0)


def _uniform(n: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(n, generator=generator) * (high - low) + low


def _pixel_centres(size: int, device: torch.device) -> Tensor:
    """Where `grid_sample` puts the pixels of one side in [-1, 1] (align_corners=False)."""
    return (torch.arange(size, device=device) * 2 + 1) / size - 1
