"""Random views of colour photos: those of `core.data.views`, and what there is to do to colours.

Mirror, brightness, contrast, saturation, hue and grey, as Chen et al. 2020 have them (appendix A),
for a whole batch at once with parameters of its own per sample. Each step is torchvision's of that
name. Images are (B, 3, H, W) in [0, 1].
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from core.data.views import (
    Augmentation,
    Chances,
    Recipe,
    blur,
    draw_chances,
    erase,
    recipes,
    warp,
)

JITTERED = 0.8  # share of the views whose colours are changed, as in Chen et al. 2020
LUMINANCE = (0.2989, 0.587, 0.114)  # of red, green and blue, as torchvision has them


@dataclass(frozen=True)
class ColourAugmentation(Augmentation):
    """How far each augmentation may go; 0 switches it off."""

    flip: float = 0.5  # share of the views that are mirrored
    saturation: float = 0.4  # colours are made stronger by 1 ± this
    hue: float = 0.1  # largest turn of the circle of colours to either side, in turns
    grey: float = 0.2  # share of the views without colours


class ColourChances(NamedTuple):
    """What chance decides of the colours of B views: each (B,), evenly spread over [0, 1)."""

    flipped: Tensor
    jittered: Tensor
    saturation: Tensor
    hue: Tensor
    grey: Tensor


class Colours(NamedTuple):
    """What is done to the colours of each of B views, (B, 1, 1, 1) each; 1, 1, 1 and 0: nothing."""

    brightness: Tensor
    contrast: Tensor
    saturation: Tensor
    hue: Tensor


def two_colour_views(
    images: Tensor,
    augmentation: ColourAugmentation,
    generator: torch.Generator,
    share: slice = slice(None),
) -> tuple[Tensor, Tensor]:
    """Two independent views of each of (B, 3, H, W) images; or those of a `share` of them alone."""
    n, device = len(images), images.device
    chances = draw_chances(2 * n, generator).of(share)
    drawn = torch.rand(2 * n, len(ColourChances._fields), generator=generator)
    colours = ColourChances(*drawn.view(2, n, -1)[:, share].flatten(0, 1).to(device).unbind(1))
    both = images[share].repeat(2, 1, 1, 1)
    first, second = _made(both, augmentation, chances, colours).chunk(2)
    return first, second


def _made(
    images: Tensor, augmentation: ColourAugmentation, chances: Chances, drawn: ColourChances
) -> Tensor:
    recipe = Recipe(
        *(each.to(images.device) for each in recipes(augmentation, chances, images.shape))
    )
    if augmentation.warps:
        images = warp(images, recipe.affine)
    images = where(drawn.flipped < augmentation.flip, images.flip(3), images)
    images = recolour(images, _colours(augmentation, recipe, drawn))
    images = where(drawn.grey < augmentation.grey, luminance(images).expand_as(images), images)
    if augmentation.blur:
        kernels = recipe.kernel.repeat_interleave(images.shape[1], dim=0)
        images = blur(images.flatten(0, 1).unsqueeze(1), kernels).view_as(images)
    if augmentation.erase:
        images = erase(images, recipe.wiped_rows, recipe.wiped_columns)
    return images


def _colours(augmentation: ColourAugmentation, recipe: Recipe, drawn: ColourChances) -> Colours:
    saturation = 1 + augmentation.saturation * (2 * drawn.saturation - 1)
    hue = augmentation.hue * (2 * drawn.hue - 1)
    is_jittered = drawn.jittered < JITTERED
    factors = (
        torch.where(is_jittered, factor, 1.0) for factor in (recipe.gain, recipe.spread, saturation)
    )
    turned = torch.where(is_jittered, hue, 0.0)
    return Colours(*(each.view(-1, 1, 1, 1) for each in (*factors, turned)))


def where(chosen: Tensor, changed: Tensor, images: Tensor) -> Tensor:
    """(B, ...) images, those that are `chosen` (B,) exchanged for the changed ones."""
    return torch.where(chosen.view(-1, 1, 1, 1), changed, images)


def recolour(images: Tensor, colours: Colours) -> Tensor:
    """Brightness, contrast, saturation and hue of (B, 3, H, W) images, one after the other."""
    images = (images * colours.brightness).clamp(0, 1)
    mean = luminance(images).mean(dim=(1, 2, 3), keepdim=True)
    images = torch.lerp(mean, images, colours.contrast).clamp(0, 1)
    images = torch.lerp(luminance(images), images, colours.saturation).clamp(0, 1)
    return turn_hue(images, colours.hue) if colours.hue.any() else images


def luminance(images: Tensor) -> Tensor:
    """How light (B, 3, H, W) images are: (B, 1, H, W)."""
    weights = images.new_tensor(LUMINANCE).view(1, 3, 1, 1)
    return (images * weights).sum(dim=1, keepdim=True)


def turn_hue(images: Tensor, turns: Tensor) -> Tensor:
    """Turns the colours of (B, 3, H, W) images on their circle, by turns (B, 1, 1, 1).

    Through hue, value and chroma, and back by the closed form of the hexagon of hues.
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
