"""Random views of a picture, made for a whole batch at once with parameters of its own per sample.

Two views of one picture are the positive pair of SimCLR (Chen et al. 2020, section 2.1). Crop,
rotation and shear are one affine map and so one resampling; there is no mirror, which would turn
some digits into others' look-alikes. Images are (B, 1, H, W) in [0, 1] with ink = 1.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

ASPECT_RATIO = 4 / 3  # a crop's sides differ by at most this factor, as in Chen et al. 2020
# Larger arrays are taken from the system, and given back to it, at each operation: half the time.
AT_ONCE = 256  # pictures
NEGLIGIBLE = 1e-8  # weight of a pixel in a blur, of one in the middle


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


class Chances(NamedTuple):
    """What chance decides of B views: each (B,), evenly spread over [0, 1).

    All are drawn whatever the strengths are, so that a strength can be changed while everything
    else about the same views stays as it is.
    """

    angle: Tensor
    shear: Tensor
    area: Tensor
    ratio: Tensor
    left: Tensor
    top: Tensor
    gain: Tensor
    spread: Tensor
    sigma: Tensor
    wiped_width: Tensor
    wiped_height: Tensor
    wiped_left: Tensor
    wiped_top: Tensor


def draw_chances(n: int, generator: torch.Generator) -> Chances:
    """Those of n views, of which the first do not depend on n."""
    return Chances(*torch.rand(n, len(Chances._fields), generator=generator).unbind(1))


def two_views(
    images: Tensor, augmentation: Augmentation, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Two independent views of each of (B, 1, H, W) images."""
    return augment(images, augmentation, generator), augment(images, augmentation, generator)


def augment(images: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """One random view of each of (B, 1, H, W) images, all randomness from `generator`."""
    chances = draw_chances(len(images), generator)
    if images.device.type != "cpu" or len(images) <= AT_ONCE:
        return apply_chances(images, augmentation, chances)
    views = torch.empty_like(images)
    parts = zip(*(torch.split(each, AT_ONCE) for each in (views, images, *chances)), strict=True)
    for view, image, *chance in parts:
        view.copy_(apply_chances(image, augmentation, Chances(*chance)))
    return views


def apply_chances(images: Tensor, augmentation: Augmentation, chances: Chances) -> Tensor:
    """The view of each of (B, 1, H, W) images that chance has decided on."""
    strength = augmentation
    if strength.warps:
        images = warp(images, affine_maps(strength, chances))
    if strength.brightness or strength.contrast:
        gain = _between(1 - strength.brightness, 1 + strength.brightness, chances.gain)
        spread = _between(1 - strength.contrast, 1 + strength.contrast, chances.spread)
        images = jitter(images, gain, spread)
    if strength.blur:
        images = gaussian_blur(images, strength.blur * chances.sigma)
    if strength.erase:
        width, height = strength.erase * chances.wiped_width, strength.erase * chances.wiped_height
        left, top = (1 - width) * chances.wiped_left, (1 - height) * chances.wiped_top
        images = erase(images, (left, width), (top, height))
    return images


def affine_maps(augmentation: Augmentation, chances: Chances) -> Tensor:
    """(B, 2, 3) maps from a view's coordinates to the picture's, both in [-1, 1].

    A view's point is sheared and rotated, then scaled and moved into a random crop.
    """
    angle = _between(-augmentation.rotation, augmentation.rotation, chances.angle).deg2rad()
    shear = _between(-augmentation.shear, augmentation.shear, chances.shear).deg2rad().tan()
    area = 1 - augmentation.crop * chances.area
    stretch = math.log(ASPECT_RATIO) / 2 if augmentation.crop else 0.0
    ratio = _between(-stretch, stretch, chances.ratio).exp()
    width = (area.sqrt() * ratio).clamp(max=1.0)
    height = (area.sqrt() / ratio).clamp(max=1.0)
    shift_x = (1 - width) * _between(-1.0, 1.0, chances.left)
    shift_y = (1 - height) * _between(-1.0, 1.0, chances.top)

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


def jitter(images: Tensor, gain: Tensor, spread: Tensor) -> Tensor:
    """Scales the ink of each of (B, 1, H, W) pictures by its gain (B,), and then its distance from
    its mean by its spread (B,); clipped to [0, 1].
    """
    gain, spread = (each.to(images.device).view(-1, 1, 1, 1) for each in (gain, spread))
    mean = gain * images.mean(dim=(1, 2, 3), keepdim=True)
    return torch.addcmul(mean * (1 - spread), images, gain * spread).clamp_(0, 1)


def gaussian_blur(images: Tensor, sigmas: Tensor) -> Tensor:
    """Blurs each of (B, 1, H, W) square images with its own standard deviation (B,), in pixels.

    Beyond its border a picture goes on as at its edge. A separable blur of one picture is a product
    with a banded matrix from either side.
    """
    n, size = len(images), images.shape[-1]
    offsets = torch.arange(size, device=images.device)
    distance = (offsets[:, None] - offsets).abs().flatten()  # (W * W,)
    precision = 1 / sigmas.to(images.device).clamp(min=0.1).square()  # 0.1: no blur in float32
    weights = torch.exp(-0.5 * offsets.square() * precision[:, None])  # (B, W), of one side
    # What adds nothing in float32 is 0: with numbers too small for it processors are slow.
    weights = F.threshold(weights, NEGLIGIBLE, 0.0)
    weights /= 2 * weights.sum(dim=1, keepdim=True) - 1
    band = weights.index_select(1, distance).view(n, size, size)
    farther = 0.5 - weights.cumsum(dim=1) + weights[:, :1] / 2  # (B, W)
    band[:, :, 0] += farther.clamp_(min=0)
    band[:, :, -1] += farther.flip(1)
    return (band @ images.squeeze(1) @ band.transpose(1, 2)).unsqueeze(1)


def erase(images: Tensor, columns: tuple[Tensor, Tensor], rows: tuple[Tensor, Tensor]) -> Tensor:
    """Wipes a rectangle out of each of (B, 1, H, W) images.

    `columns` and `rows` are where it starts and how far it goes, (B,) each, shares of the side.
    """
    down = _covered(images.shape[-2], *rows).to(images)  # (B, H)
    across = _covered(images.shape[-1], *columns).to(images)  # (B, W)
    keep = torch.addcmul(
        torch.ones((), device=images.device), down[:, :, None], across[:, None, :], value=-1
    )  # (B, H, W), 0 where it is wiped
    return keep.unsqueeze(1).mul_(images)


def _covered(size: int, start: Tensor, length: Tensor) -> Tensor:
    """Which of a side's pixels (B, size) have their centre in the interval from `start`."""
    beyond = (torch.arange(size) + 0.5) / size - start[:, None]
    return (beyond >= 0) & (beyond < length[:, None])


def _between(low: float, high: float, chance: Tensor) -> Tensor:
    return low + (high - low) * chance


def _pixel_centres(size: int, device: torch.device) -> Tensor:
    """Where `grid_sample` puts the pixels of one side in [-1, 1] (align_corners=False)."""
    return (torch.arange(size, device=device) * 2 + 1) / size - 1
