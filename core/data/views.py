"""Random views of pictures, for a whole batch at once with its own parameters per sample.

Two views of one picture are a positive pair of SimCLR (Chen et al. 2020, section 2.1). Crop,
rotation and shear are a single affine map, so that pictures are resampled once. There is no mirror,
because a mirrored digit can look like another one. Images are (B, 1, H, W) in [0, 1] with ink = 1.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

ASPECT_RATIO = 4 / 3  # the sides of a crop differ by at most this factor, as in Chen et al. 2020
# Twice as fast on a CPU as larger chunks, whose arrays are allocated anew for each operation.
CHUNK = 256  # pictures
LOG_NEGLIGIBLE = -18.0  # log of the least weight in a blur kernel, relative to the central one


@dataclass(frozen=True)
class Augmentation:
    """The strength of each augmentation; 0 switches it off."""

    crop: float = 0.5  # largest share of the area that a crop removes, in [0, 1)
    rotation: float = 20.0  # largest angle to either side, degrees
    shear: float = 15.0  # largest angle to either side, degrees
    brightness: float = 0.4  # ink is multiplied by 1 ± this
    contrast: float = 0.4  # the distance from the mean is multiplied by 1 ± this
    blur: float = 0.8  # largest standard deviation of the Gaussian, pixels
    erase: float = 0.3  # largest side of the erased rectangle, share of the picture's

    @property
    def warps(self) -> bool:
        return bool(self.crop or self.rotation or self.shear)


class Draws(NamedTuple):
    """The random numbers of B views: each (B,), uniform on [0, 1).

    All are drawn whatever the strengths are, so that changing one strength changes nothing else
    about the views.
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
    erased_width: Tensor
    erased_height: Tensor
    erased_left: Tensor
    erased_top: Tensor

    def of(self, share: slice) -> "Draws":
        """The draws of both views of a share of the pictures."""
        return Draws(*(each.view(2, -1)[:, share].flatten() for each in self))


def draw_uniform(n: int, generator: torch.Generator) -> Draws:
    """Draws for n views. The draws of the first views do not depend on n."""
    return Draws(*torch.rand(n, len(Draws._fields), generator=generator).unbind(1))


class ViewParameters(NamedTuple):
    """The parameters of B views, computed for all of them at once."""

    affine: Tensor  # (B, 2, 3), from the view's coordinates to the picture's
    gain: Tensor  # (B,)
    spread: Tensor  # (B,)
    kernel: Tensor  # (B, W), one side of the blur kernel
    erased_rows: Tensor  # (B, H), 1 where it is erased and 0 elsewhere
    erased_columns: Tensor  # (B, W)


def two_views(
    images: Tensor,
    augmentation: Augmentation,
    generator: torch.Generator,
    share: slice = slice(None),
) -> tuple[Tensor, Tensor]:
    """Two independent views of each of (B, 1, H, W) images, or of a `share` of them alone."""
    draws = draw_uniform(2 * len(images), generator).of(share)
    first, second = _make_views(2 * _chunks(images[share]), augmentation, draws).chunk(2)
    return first, second


def augment(images: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """One random view of each of (B, 1, H, W) images, all randomness from `generator`."""
    return _make_views(_chunks(images), augmentation, draw_uniform(len(images), generator))


def _chunks(images: Tensor) -> list[Tensor]:
    return list(torch.split(images, CHUNK)) if images.device.type == "cpu" else [images]


def _make_views(chunks: list[Tensor], augmentation: Augmentation, draws: Draws) -> Tensor:
    """A view of each image of all chunks, as one tensor."""
    parameters = [
        each.to(chunks[0].device) for each in view_parameters(augmentation, draws, chunks[0].shape)
    ]
    sizes = [len(chunk) for chunk in chunks]
    by_chunk = zip(chunks, *(torch.split(each, sizes) for each in parameters), strict=True)
    return torch.cat(
        [apply(chunk, augmentation, ViewParameters(*numbers)) for chunk, *numbers in by_chunk]
    )


def view_parameters(augmentation: Augmentation, draws: Draws, shape: torch.Size) -> ViewParameters:
    """The parameters of views of a shape (..., H, W)."""
    brightness, contrast = augmentation.brightness, augmentation.contrast
    width = augmentation.erase * draws.erased_width
    height = augmentation.erase * draws.erased_height
    return ViewParameters(
        affine=affine_maps(augmentation, draws),
        gain=_between(1 - brightness, 1 + brightness, draws.gain),
        spread=_between(1 - contrast, 1 + contrast, draws.spread),
        kernel=half_kernels(augmentation.blur * draws.sigma, shape[-1]),
        erased_rows=covered(shape[-2], (1 - height) * draws.erased_top, height),
        erased_columns=covered(shape[-1], (1 - width) * draws.erased_left, width),
    )


def apply(images: Tensor, augmentation: Augmentation, parameters: ViewParameters) -> Tensor:
    """Applies the augmentations that are on to (B, 1, H, W) images."""
    if augmentation.warps:
        images = warp(images, parameters.affine)
    if augmentation.brightness or augmentation.contrast:
        images = jitter(images, parameters.gain, parameters.spread)
    if augmentation.blur:
        images = blur(images, parameters.kernel)
    if augmentation.erase:
        images = erase(images, parameters.erased_rows, parameters.erased_columns)
    return images


def affine_maps(augmentation: Augmentation, draws: Draws) -> Tensor:
    """(B, 2, 3) maps from a view's coordinates to the picture's, both in [-1, 1].

    A point of the view is sheared and rotated, then scaled and moved into a random crop.
    """
    angle = _between(-augmentation.rotation, augmentation.rotation, draws.angle).deg2rad()
    shear = _between(-augmentation.shear, augmentation.shear, draws.shear).deg2rad().tan()
    area = 1 - augmentation.crop * draws.area
    stretch = math.log(ASPECT_RATIO) / 2 if augmentation.crop else 0.0
    ratio = _between(-stretch, stretch, draws.ratio).exp()
    width = (area.sqrt() * ratio).clamp(max=1.0)
    height = (area.sqrt() / ratio).clamp(max=1.0)
    shift_x = (1 - width) * _between(-1.0, 1.0, draws.left)
    shift_y = (1 - height) * _between(-1.0, 1.0, draws.top)

    cos, sin = angle.cos(), angle.sin()
    row_x = torch.stack([width * cos, width * (cos * shear - sin), shift_x], dim=1)
    row_y = torch.stack([height * sin, height * (sin * shear + cos), shift_y], dim=1)
    return torch.stack([row_x, row_y], dim=1)


def warp(images: Tensor, affine: Tensor) -> Tensor:
    """Resamples (B, 1, H, W) images through (B, 2, 3) affine maps, with 0 (paper) outside."""
    grid = sampling_grid(affine, images.shape[-2], images.shape[-1])
    return F.grid_sample(images, grid, mode="bilinear", align_corners=False)


def sampling_grid(affine: Tensor, height: int, width: int) -> Tensor:
    """(B, H, W, 2) sampling points (x, y) for (B, 2, 3) maps, as `F.affine_grid` gives them.

    A single matrix product with long rows computes all of them, which is several times faster than
    a product per picture or broadcasting.
    """
    x, y = _pixel_centres(width, affine.device), _pixel_centres(height, affine.device)
    x, y = x.repeat(height), y.repeat_interleave(width)  # (H * W,) each
    points = affine.flatten(0, 1) @ torch.stack([x, y, torch.ones_like(x)])  # (B * 2, H * W)
    return points.view(-1, 2, height, width).permute(0, 2, 3, 1)


def jitter(images: Tensor, gain: Tensor, spread: Tensor) -> Tensor:
    """Changes brightness and contrast of (B, 1, H, W) pictures; the result is clipped to [0, 1].

    Each picture is multiplied by its gain (B,), then its distance from its mean by its spread (B,).
    """
    gain, spread = gain.view(-1, 1, 1, 1), spread.view(-1, 1, 1, 1)
    mean = gain * images.mean(dim=(1, 2, 3), keepdim=True)
    # addcmul would do both at once, but is twice as slow where it broadcasts.
    return (images * (gain * spread)).add_(mean * (1 - spread)).clamp_(0, 1)


def half_kernels(sigmas: Tensor, size: int) -> Tensor:
    """Weights (B, size) at distances 0, 1, 2, ... in Gaussian kernels of standard deviation (B,).

    Standard deviations are in pixels. Both sides of a kernel add up to 1.
    """
    precision = 1 / sigmas.clamp(min=0.1).square()  # 0.1: no blur in float32
    steps = torch.arange(size, device=sigmas.device)
    exponents = (-0.5 * steps.square() * precision[:, None]).clamp_(min=2 * LOG_NEGLIGIBLE)
    # Weights that add nothing in float32 become 0: processors are slow with denormal numbers.
    weights = F.threshold(exponents.exp_(), math.exp(LOG_NEGLIGIBLE), 0.0)
    return weights / (2 * weights.sum(dim=1, keepdim=True) - 1)


def blur(images: Tensor, kernel: Tensor) -> Tensor:
    """Blurs each of (B, 1, H, W) square images with its own `half_kernels` (B, W).

    Beyond the border the edge pixels are repeated. The blur is separable: a product with a banded
    matrix from either side.
    """
    both_sides = torch.cat([kernel.flip(1), kernel[:, 1:]], dim=1)  # (B, 2 * W - 1)
    band = both_sides.unfold(1, images.shape[-1], 1).flip(1)  # (B, W, W)
    beyond = 0.5 - kernel.cumsum(dim=1) + kernel[:, :1] / 2  # (B, W), weight beyond the border
    band[:, :, 0] += beyond.clamp_(min=0)
    band[:, :, -1] += beyond.flip(1)
    return (band @ images.squeeze(1) @ band.transpose(1, 2)).unsqueeze(1)


def covered(size: int, start: Tensor, length: Tensor) -> Tensor:
    """Which pixels of a side lie in an interval: (B, size), 1 within and 0 elsewhere.

    `start` and `length` (B,) are shares of the side. A pixel is where its centre is.
    """
    beyond = (torch.arange(size, device=start.device) + 0.5) / size - start[:, None]
    return ((beyond >= 0) & (beyond < length[:, None])).float()


def erase(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Sets a rectangle of each of (B, 1, H, W) images to 0 (paper).

    It lies where both `rows` (B, H) and `columns` (B, W), made by `covered`, are 1.
    """
    erased = (rows[:, :, None] * columns[:, None, :]).unsqueeze(1)
    return torch.addcmul(images, images, erased, value=-1)


def _between(low: float, high: float, draws: Tensor) -> Tensor:
    return low + (high - low) * draws


def _pixel_centres(size: int, device: torch.device) -> Tensor:
    """The pixel centres of one side in [-1, 1], as `grid_sample` has them (align_corners=False)."""
    return (torch.arange(size, device=device) * 2 + 1) / size - 1
