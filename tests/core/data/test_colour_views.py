"""Views of colour photos against torchvision's own functions, photo by photo."""

from dataclasses import replace

import pytest
import torch
import torchvision.transforms.functional as tv
from torch import Tensor

from core.data.colour_views import (
    JITTERED,
    ColourAugmentation,
    Colours,
    luminance,
    recolour,
    turn_hue,
    two_colour_views,
)

OFF = ColourAugmentation(
    crop=0, rotation=0, shear=0, brightness=0, contrast=0, blur=0, erase=0,
    flip=0, saturation=0, hue=0, grey=0,
)  # fmt: skip
STRENGTHS = vars(ColourAugmentation())


def photos(n: int = 8) -> Tensor:
    made = torch.rand(n, 3, 32, 32, generator=seeded(5))
    made[0, :, :4], made[1, 0] = 0.5, made[1, 1]  # without colour, and two that are the largest
    return made


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def of_each(values: Tensor) -> Tensor:
    return values.view(-1, 1, 1, 1)


def test_recolouring_is_torchvisions_of_each_photo() -> None:
    images, draws = photos(), torch.rand(4, 8, generator=seeded(1))
    factors, hues = 0.4 + 1.2 * draws[:3], draws[3] - 0.5
    hues[2] = 0
    expected = []
    for i, image in enumerate(images):
        brightness, contrast, saturation = factors[:, i].tolist()
        image = tv.adjust_brightness(image, brightness)
        image = tv.adjust_contrast(image, contrast)
        image = tv.adjust_saturation(image, saturation)
        expected.append(tv.adjust_hue(image, float(hues[i])))
    found = recolour(images, Colours(*(of_each(each) for each in (*factors, hues))))
    torch.testing.assert_close(found, torch.stack(expected), atol=2e-5, rtol=0)


def test_hues_come_back_after_a_whole_turn_and_grey_is_torchvisions() -> None:
    images = photos()
    turned = turn_hue(
        turn_hue(images, of_each(torch.full((8,), 0.3))), of_each(torch.full((8,), 0.7))
    )
    torch.testing.assert_close(turned, images, atol=1e-5, rtol=0)
    torch.testing.assert_close(luminance(images), tv.rgb_to_grayscale(images))


def test_all_strengths_zero_leave_the_photo_alone() -> None:
    first, second = two_colour_views(photos(), OFF, seeded())
    torch.testing.assert_close(first, photos(), atol=1e-6, rtol=0)
    torch.testing.assert_close(second, photos(), atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", STRENGTHS)
def test_each_augmentation_alone_treats_each_sample_differently(name: str) -> None:
    same = photos(3)[2:].repeat(16, 1, 1, 1)
    made = torch.cat(two_colour_views(same, replace(OFF, **{name: STRENGTHS[name]}), seeded()))
    assert made.shape == (32, 3, 32, 32) and made.min() >= 0 and made.max() <= 1
    kinds = len(torch.unique(made.flatten(1), dim=0))
    assert kinds == 2 if name in ("flip", "grey") else kinds >= 20  # the jitter spares a fifth


def test_so_many_are_mirrored_made_grey_and_left_in_their_colours() -> None:
    image = photos(3)[2:]
    many = image.expand(1000, 3, 32, 32)
    for only, share, changed in (
        (replace(OFF, flip=0.3), 0.3, image.flip(3)),
        (replace(OFF, grey=0.2), 0.2, luminance(image).expand_as(image)),
        (replace(OFF, saturation=0.5), 1 - JITTERED, image),
    ):
        made, _ = two_colour_views(many, only, seeded())
        is_changed = ((made - changed).abs().amax(dim=(1, 2, 3)) < 1e-5).float().mean().item()
        assert is_changed == pytest.approx(share, abs=0.05)


def test_a_blur_and_a_wipe_do_the_same_to_each_colour() -> None:
    grey = torch.rand(8, 1, 32, 32, generator=seeded()).expand(8, 3, 32, 32)
    for made in two_colour_views(grey, replace(OFF, blur=2, erase=0.5, crop=0.5), seeded()):
        torch.testing.assert_close(made[:, 0], made[:, 2])
        assert not torch.allclose(made, grey, atol=0.05)


def test_the_views_of_a_share_are_those_that_all_photos_get() -> None:
    first, second = two_colour_views(photos(), ColourAugmentation(), seeded())
    share = slice(2, 5)
    some, others = two_colour_views(photos(), ColourAugmentation(), seeded(), share)
    torch.testing.assert_close(some, first[share])
    torch.testing.assert_close(others, second[share])
