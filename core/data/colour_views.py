"""Random views of colour photos: the augmentations of `core.data.views`, and those of colours.

Mirror, brightness, contrast, saturation, hue and grey are those of Chen et al. 2020 (appendix A),
for a whole batch at once with its own parameters per sample. Each equals torchvision's transform of
the same name. Images are (B, 3, H, W) in [0, 1].
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.data.views import (
    Augmentation,
    Draws,
    ViewParameters,
    blur,
    draw_uniform,
    erase,
    view_parameters,
    warp,
)

JITTERED = 0.8  # probability that the colours of a view change, as in Chen et al. 2020
LUMINANCE = (0.2989, 0.587, 0.114)  # weights of red, green and blue, as in torchvision


@dataclass(frozen=True)
class ColourAugmentation(Augmentation):
    """The strength of each augmentation; 0 switches it off."""

    flip: float = 0.5  # probability of a mirror
    saturation: float = 0.4  # saturation is multiplied by 1 ± this
    hue: float = 0.1  # largest shift of the hue to either side, in turns of the colour circle
    grey: float = 0.2  # probability of removing all colours


class ColourDraws(NamedTuple):
    """The random numbers of the colours of B views: each (B,), uniform on [0, 1)."""

    flipped: Tensor
    jittered: Tensor
    saturation: Tensor
    hue: Tensor
    grey: Tensor


class Colours(NamedTuple):
    """The colour changes of B views, (B, 1, 1, 1) each; 1, 1, 1 and 0 change nothing."""

    brightness: Tensor
    contrast: Tensor
    saturation: Tensor
    hue: Tensor  # in turns; the others are factors


def two_colour_views(
    images: Tensor,
    augmentation: ColourAugmentation,
    generator: torch.Generator,
    share: slice = slice(None),
) -> tuple[Tensor, Tensor]:
    """Two independent views of each of (B, 3, H, W) images, or of a `share` of them alone."""
    n, device = len(images), images.device
    draws = draw_uniform(2 * n, generator).of(share)
    uniform = torch.rand(2 * n, len(ColourDraws._fields), generator=generator)
    colour_draws = ColourDraws(*uniform.view(2, n, -1)[:, share].flatten(0, 1).to(device).unbind(1))
    both = images[share].repeat(2, 1, 1, 1)
    first, second = _make_views(both, augmentation, draws, colour_draws).chunk(2)
    return first, second


def _make_views(
    images: Tensor, augmentation: ColourAugmentation, draws: Draws, colour_draws: ColourDraws
) -> Tensor:
    parameters = ViewParameters(
        *(each.to(images.device) for each in view_parameters(augmentation, draws, images.shape))
    )
    if augmentation.warps:
        images = warp(images, parameters.affine)
    images = where(colour_draws.flipped < augmentation.flip, images.flip(3), images)
    images = recolour(images, _colours(augmentation, parameters, colour_draws))
    images = where(
        colour_draws.grey < augmentation.grey, luminance(images).expand_as(images), images
    )
    if augmentation.blur:
        kernels = parameters.kernel.repeat_interleave(images.shape[1], dim=0)
        images = blur(images.flatten(0, 1).unsqueeze(1), kernels).view_as(images)
    if augmentation.erase:
        images = erase(images, parameters.erased_rows, parameters.erased_columns)
    return images


def _colours(
    augmentation: ColourAugmentation, parameters: ViewParameters, colour_draws: ColourDraws
) -> Colours:
    saturation = 1 + augmentation.saturation * (2 * colour_draws.saturation - 1)
    hue = augmentation.hue * (2 * colour_draws.hue - 1)
    is_jittered = colour_draws.jittered < JITTERED
    factors = (
        torch.where(is_jittered, factor, 1.0)
        for factor in (parameters.gain, parameters.spread, saturation)
    )
    turned = torch.where(is_jittered, hue, 0.0)
    return Colours(*(each.view(-1, 1, 1, 1) for each in (*factors, turned)))


def where(chosen: Tensor, changed: Tensor, images: Tensor) -> Tensor:
    """(B, ...) images, replaced by the changed ones where `chosen` (B,) is true."""
    return torch.where(chosen.view(-1, 1, 1, 1), changed, images)


def recolour(images: Tensor, colours: Colours) -> Tensor:
    """Changes brightness, contrast, saturation and hue of (B, 3, H, W) images, in this order."""
    images = (images * colours.brightness).clamp(0, 1)
    mean = luminance(images).mean(dim=(1, 2, 3), keepdim=True)
    images = torch.lerp(mean, images, colours.contrast).clamp(0, 1)
    images = torch.lerp(luminance(images), images, colours.saturation).clamp(0, 1)
    return turn_hue(images, colours.hue) if colours.hue.any() else images


def luminance(images: Tensor) -> Tensor:
    """The luminance (B, 1, H, W) of (B, 3, H, W) images."""
    weights = images.new_tensor(LUMINANCE).view(1, 3, 1, 1)
    return (images * weights).sum(dim=1, keepdim=True)


def turn_hue(images: Tensor, turns: Tensor) -> Tensor:
    """Shifts the hue of (B, 3, H, W) images by turns (B, 1, 1, 1) of the colour circle.

    Converts to hue, value and chroma, and back with the closed form for the hexagon of hues.
    """
    red, green, blue = images.chunk(3, dim=1)
    value = images.amax(dim=1, keepdim=True)
    chroma = value - images.amin(dim=1, keepdim=True)
    safe = torch.where(chroma > 0, chroma, 1.0)
    sixths = torch.where(
        value == red,
        (green - blue) / safe,
        torch.where(value == green, 2 + (blue - red) / safe, 4 + (red - green) / safe),
    )
    ahead = images.new_tensor((5, 3, 1)).view(1, 3, 1, 1)  # of red, green and blue
    place = (ahead + sixths + 6 * turns).remainder(6)
    return value - chroma * torch.minimum(place, 4 - place).clamp(0, 1)
