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
NEGLIGIBLE = -18.0  # logarithm of a pixel's weight in a blur, of that of one in the middle


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

    def of(self, share: slice) -> "Chances":
        """Those of the views, first and second, of a share of the pictures."""
        return Chances(*(each.view(2, -1)[:, share].flatten() for each in self))


def draw_chances(n: int, generator: torch.Generator) -> Chances:
    """Those of n views, of which the first do not depend on n."""
    return Chances(*torch.rand(n, len(Chances._fields), generator=generator).unbind(1))


class Recipe(NamedTuple):
    """How each of B views is made, in numbers so few that all are worked out at once."""

    affine: Tensor  # (B, 2, 3), from the view's coordinates to the picture's
    gain: Tensor  # (B,)
    spread: Tensor  # (B,)
    kernel: Tensor  # (B, W), one side of the blur's
    wiped_rows: Tensor  # (B, H), 1 where it is wiped and 0 elsewhere
    wiped_columns: Tensor  # (B, W)


def two_views(
    images: Tensor,
    augmentation: Augmentation,
    generator: torch.Generator,
    share: slice = slice(None),
) -> tuple[Tensor, Tensor]:
    """Two independent views of each of (B, 1, H, W) images; or those of a `share` of them alone."""
    chances = draw_chances(2 * len(images), generator).of(share)
    first, second = _made(2 * _parts(images[share]), augmentation, chances).chunk(2)
    return first, second


def augment(images: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """One random view of each of (B, 1, H, W) images, all randomness from `generator`."""
    return _made(_parts(images), augmentation, draw_chances(len(images), generator))


def _parts(images: Tensor) -> list[Tensor]:
    return list(torch.split(images, AT_ONCE)) if images.device.type == "cpu" else [images]


def _made(parts: list[Tensor], augmentation: Augmentation, chances: Chances) -> Tensor:
    """The views of all parts' images that chance has decided on, one after the other."""
    recipe = [each.to(parts[0].device) for each in recipes(augmentation, chances, parts[0].shape)]
    sizes = [len(part) for part in parts]
    of_parts = zip(parts, *(torch.split(each, sizes) for each in recipe), strict=True)
    return torch.cat([follow(part, augmentation, Recipe(*numbers)) for part, *numbers in of_parts])


def recipes(augmentation: Augmentation, chances: Chances, shape: torch.Size) -> Recipe:
    """What chance has decided on for views of a shape (..., H, W)."""
    brightness, contrast = augmentation.brightness, augmentation.contrast
    width = augmentation.erase * chances.wiped_width
    height = augmentation.erase * chances.wiped_height
    return Recipe(
        affine=affine_maps(augmentation, chances),
        gain=_between(1 - brightness, 1 + brightness, chances.gain),
        spread=_between(1 - contrast, 1 + contrast, chances.spread),
        kernel=half_kernels(augmentation.blur * chances.sigma, shape[-1]),
        wiped_rows=covered(shape[-2], (1 - height) * chances.wiped_top, height),
        wiped_columns=covered(shape[-1], (1 - width) * chances.wiped_left, width),
    )


def follow(images: Tensor, augmentation: Augmentation, recipe: Recipe) -> Tensor:
    """The view of each of (B, 1, H, W) images by its recipe, save what is switched off."""
    if augmentation.warps:
        images = warp(images, recipe.affine)
    if augmentation.brightness or augmentation.contrast:
        images = jitter(images, recipe.gain, recipe.spread)
    if augmentation.blur:
        images = blur(images, recipe.kernel)
    if augmentation.erase:
        images = erase(images, recipe.wiped_rows, recipe.wiped_columns)
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
    grid = sampling_grid(affine, images.shape[-2], images.shape[-1])
    return F.grid_sample(images, grid, mode="bilinear", align_corners=False)


def sampling_grid(affine: Tensor, height: int, width: int) -> Tensor:
    """(B, H, W, 2) sampling points (x, y) for (B, 2, 3) maps, as `F.affine_grid` gives them.

    All of them come from one matrix product whose rows are long, which is several times faster
    than a product for each picture, and than adding a row to a column.
    """
    x, y = _pixel_centres(width, affine.device), _pixel_centres(height, affine.device)
    x, y = x.repeat(height), y.repeat_interleave(width)  # (H * W,) each
    points = affine.flatten(0, 1) @ torch.stack([x, y, torch.ones_like(x)])  # (B * 2, H * W)
    return points.view(-1, 2, height, width).permute(0, 2, 3, 1)


def jitter(images: Tensor, gain: Tensor, spread: Tensor) -> Tensor:
    """Scales the ink of each of (B, 1, H, W) pictures by its gain (B,), and then its distance from
    its mean by its spread (B,); clipped to [0, 1].
    """
    gain, spread = gain.view(-1, 1, 1, 1), spread.view(-1, 1, 1, 1)
    mean = gain * images.mean(dim=(1, 2, 3), keepdim=True)
    # addcmul, which does both at once, takes twice as long where it has to broadcast.
    return (images * (gain * spread)).add_(mean * (1 - spread)).clamp_(0, 1)


def half_kernels(sigmas: Tensor, size: int) -> Tensor:
    """(B, size) weights of the pixels 0, 1, 2, ... steps away in a Gaussian blur of each standard
    deviation (B,), in pixels; those of both sides add up to 1.
    """
    precision = 1 / sigmas.clamp(min=0.1).square()  # 0.1: no blur in float32
    steps = torch.arange(size, device=sigmas.device)
    exponents = (-0.5 * steps.square() * precision[:, None]).clamp_(min=2 * NEGLIGIBLE)
    # What adds nothing in float32 is 0: with numbers too small for it processors are slow.
    weights = F.threshold(exponents.exp_(), math.exp(NEGLIGIBLE), 0.0)
    return weights / (2 * weights.sum(dim=1, keepdim=True) - 1)


def blur(images: Tensor, kernel: Tensor) -> Tensor:
    """Blurs each of (B, 1, H, W) square images with its own `half_kernels` (B, W).

    Beyond its border a picture goes on as at its edge. A separable blur of one picture is a product
    with a banded matrix from either side.
    """
    both_sides = torch.cat([kernel.flip(1), kernel[:, 1:]], dim=1)  # (B, 2 * W - 1)
    band = both_sides.unfold(1, images.shape[-1], 1).flip(1)  # (B, W, W)
    beyond = 0.5 - kernel.cumsum(dim=1) + kernel[:, :1] / 2  # (B, W), weight outside the picture
    band[:, :, 0] += beyond.clamp_(min=0)
    band[:, :, -1] += beyond.flip(1)
    return (band @ images.squeeze(1) @ band.transpose(1, 2)).unsqueeze(1)


def covered(size: int, start: Tensor, length: Tensor) -> Tensor:
    """(B, size): 1 where a side's pixel has its centre in the interval of this start and length
    (B,), shares of the side; 0 elsewhere.
    """
    beyond = (torch.arange(size, device=start.device) + 0.5) / size - start[:, None]
    return ((beyond >= 0) & (beyond < length[:, None])).float()


def erase(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Wipes out of (B, 1, H, W) images what is `covered` both along rows (B, H) and columns (B, W).

    Where it is wiped, a picture is paper (0).
    """
    wiped = (rows[:, :, None] * columns[:, None, :]).unsqueeze(1)
    return torch.addcmul(images, images, wiped, value=-1)


def _between(low: float, high: float, chance: Tensor) -> Tensor:
    return low + (high - low) * chance


def _pixel_centres(size: int, device: torch.device) -> Tensor:
    """Where `grid_sample` puts the pixels of one side in [-1, 1] (align_corners=False)."""
    return (torch.arange(size, device=device) * 2 + 1) / size - 1
