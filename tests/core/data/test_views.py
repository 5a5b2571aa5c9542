"""Views against closed forms and torch's own affine grid."""

import math
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from core.data import views
from core.data.views import Augmentation

OFF = Augmentation(crop=0, rotation=0, shear=0, brightness=0, contrast=0, blur=0, erase=0)
STRENGTHS = vars(Augmentation())


def random_images(n: int = 8) -> Tensor:
    return torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(5))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_affine(n: int, augmentation: Augmentation) -> Tensor:
    return views.affine_maps(augmentation, views.draw_uniform(n, seeded()))


def gaussian_blur(images: Tensor, sigmas: Tensor) -> Tensor:
    return views.blur(images, views.half_kernels(sigmas, images.shape[-1]))


def test_all_strengths_zero_leave_the_picture_alone() -> None:
    images = random_images()
    assert torch.equal(views.augment(images, OFF, seeded()), images)


@pytest.mark.parametrize("name", STRENGTHS)
def test_each_augmentation_alone_treats_each_sample_differently(name: str) -> None:
    same = random_images(1).repeat(8, 1, 1, 1)
    only = replace(OFF, **{name: STRENGTHS[name]})
    made = views.augment(same, only, seeded())
    assert made.shape == same.shape
    assert made.min() >= 0
    assert made.max() <= 1
    assert len(torch.unique(made.flatten(1), dim=0)) >= 7  # a faint blur or wipe may do nothing


def test_views_are_a_function_of_the_generator() -> None:
    images = random_images()
    first, second = views.two_views(images, Augmentation(), seeded(1))
    again = views.two_views(images, Augmentation(), seeded(1))
    assert torch.equal(first, again[0])
    assert torch.equal(second, again[1])
    assert not torch.equal(first, second)
    assert not torch.equal(first, views.two_views(images, Augmentation(), seeded(2))[0])


def test_the_callers_global_randomness_is_left_alone() -> None:
    before = torch.random.get_rng_state()
    views.two_views(random_images(), Augmentation(), seeded())
    assert torch.equal(before, torch.random.get_rng_state())


def test_sampling_grid_is_torchs_affine_grid() -> None:
    affine = random_affine(16, Augmentation(crop=0.8, rotation=90, shear=40))
    expected = F.affine_grid(affine, [16, 1, 28, 20], align_corners=False)
    torch.testing.assert_close(views.sampling_grid(affine, 28, 20), expected)


def test_a_quarter_turn_is_rot90() -> None:
    images = random_images()
    quarter = torch.tensor([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]).repeat(len(images), 1, 1)
    torch.testing.assert_close(views.warp(images, quarter), images.rot90(1, dims=(2, 3)))


def test_rotation_alone_is_a_rotation_within_its_bound() -> None:
    affine = random_affine(500, replace(OFF, rotation=30))
    linear = affine[:, :, :2]
    torch.testing.assert_close(linear @ linear.transpose(1, 2), torch.eye(2).expand(500, 2, 2))
    angles = torch.atan2(linear[:, 1, 0], linear[:, 0, 0]).rad2deg()
    assert -30 <= angles.min() < -28
    assert 28 < angles.max() <= 30
    assert torch.equal(affine[:, :, 2], torch.zeros(500, 2))


def test_shear_alone_keeps_area_and_rows() -> None:
    affine = random_affine(500, replace(OFF, shear=15))
    assert torch.equal(affine[:, 1], torch.tensor([0.0, 1.0, 0.0]).expand(500, 3))
    assert affine[:, 0, 1].abs().max() <= math.tan(math.radians(15))


def test_crops_stay_inside_and_keep_the_promised_area() -> None:
    affine = random_affine(2000, replace(OFF, crop=0.5))
    reach = affine[:, :, :2].abs().sum(dim=2) + affine[:, :, 2].abs()
    assert reach.max() <= 1 + 1e-6
    width, height = affine[:, 0, 0], affine[:, 1, 1]
    assert (width / height).max() <= 4 / 3 + 1e-4
    assert (width * height).min() > 0.42  # an area at its smallest, clipped to the page's width
    assert (width * height).max() <= 1


def test_jitter_is_what_its_formula_says() -> None:
    images = random_images() * 0.4 + 0.2
    draws = torch.rand(2, len(images), generator=seeded(3)).view(2, -1, 1, 1, 1)
    gain, spread = 0.8 + 0.4 * draws[0], 0.9 + 0.2 * draws[1]
    brighter = images * gain
    mean = brighter.mean(dim=(1, 2, 3), keepdim=True)
    expected = mean + (brighter - mean) * spread
    found = views.jitter(images, gain.flatten(), spread.flatten())
    torch.testing.assert_close(found, expected)


def test_blur_of_a_dot_is_the_gaussian() -> None:
    dot = torch.zeros(2, 1, 29, 29)
    dot[:, :, 14, 14] = 1
    blurred = gaussian_blur(dot, torch.tensor([0.0, 1.5]))
    torch.testing.assert_close(blurred[0], dot[0])
    profile = torch.exp(-0.5 * (torch.arange(29) - 14.0).square() / 1.5**2)
    profile /= profile.sum()
    torch.testing.assert_close(blurred[1, 0], torch.outer(profile, profile))


def test_blur_keeps_an_even_page_even_up_to_its_border() -> None:
    page = torch.full((3, 1, 28, 28), 0.7)
    torch.testing.assert_close(gaussian_blur(page, torch.tensor([0.5, 1.0, 5.0])), page)


def test_blur_is_that_of_a_page_that_goes_on_as_at_its_edge() -> None:
    images, sigmas = random_images(4), torch.tensor([0.3, 0.8, 1.5, 3.0])
    beyond = 20
    wide = F.pad(images.double(), [beyond] * 4, mode="replicate")
    expected = []
    for image, sigma in zip(wide, sigmas.tolist(), strict=True):
        steps = torch.arange(-beyond, beyond + 1).double()
        kernel = torch.exp(-0.5 * (steps / sigma) ** 2)
        kernel = torch.outer(kernel, kernel) / kernel.sum() ** 2
        expected.append(F.conv2d(image[None], kernel[None, None])[0])
    found = gaussian_blur(images, sigmas).double()
    torch.testing.assert_close(found, torch.stack(expected), atol=1e-5, rtol=0)


def test_erasing_wipes_one_rectangle() -> None:
    only = replace(OFF, erase=0.5)
    erased = views.augment(torch.ones(200, 1, 28, 28), only, seeded())[:, 0] == 0
    rows, columns = erased.any(dim=2), erased.any(dim=1)
    assert torch.equal(erased, rows[:, :, None] & columns[:, None, :])
    assert 12 <= rows.sum(dim=1).max() <= 14
    assert 12 <= columns.sum(dim=1).max() <= 14
    edges = (rows[:, 1:] != rows[:, :-1]).sum(dim=1)
    assert edges.max() <= 2


def test_the_rectangle_is_where_it_was_asked_for() -> None:
    columns = views.covered(8, torch.tensor([0.25]), torch.tensor([0.5]))
    rows = views.covered(8, torch.tensor([0.0]), torch.tensor([0.25]))
    erased = views.erase(torch.ones(1, 1, 8, 8), rows, columns)
    expected = torch.ones(8, 8)
    expected[:2, 2:6] = 0
    assert torch.equal(erased[0, 0], expected)


@pytest.mark.parametrize("name", STRENGTHS)
def test_a_strength_changes_nothing_else_about_the_views(name: str) -> None:
    images = random_images()
    strong = views.augment(images, Augmentation(), seeded())
    without = views.augment(images, replace(Augmentation(), **{name: 0.0}), seeded())
    barely = views.augment(images, replace(Augmentation(), **{name: 1e-6}), seeded())
    assert not torch.allclose(strong, without, atol=1e-2)
    if name != "crop":  # which also has an aspect ratio
        torch.testing.assert_close(barely, without, atol=1e-3, rtol=0)


def test_the_first_views_do_not_depend_on_how_many_there_are() -> None:
    few, many = views.draw_uniform(3, seeded()), views.draw_uniform(7, seeded())
    for some, all_of_them in zip(few, many, strict=True):
        assert torch.equal(some, all_of_them[:3])


def test_it_does_not_matter_how_many_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    images = random_images()
    whole = views.two_views(images, Augmentation(), seeded())
    monkeypatch.setattr(views, "CHUNK", 3)
    for expected, found in zip(
        whole, views.two_views(images, Augmentation(), seeded()), strict=True
    ):
        torch.testing.assert_close(found, expected)
    torch.testing.assert_close(views.augment(images, Augmentation(), seeded()), whole[0])


def test_the_views_of_a_share_are_those_that_all_pictures_get() -> None:
    images = random_images()
    first, second = views.two_views(images, Augmentation(), seeded())
    some, others = views.two_views(images, Augmentation(), seeded(), slice(2, 5))
    torch.testing.assert_close(some, first[2:5])
    torch.testing.assert_close(others, second[2:5])


@pytest.mark.parametrize(("rotation", "shear"), [(25, 0), (70, 0), (0, 15)])
def test_a_warp_is_torchvisions_affine_of_each_picture(rotation: float, shear: float) -> None:
    from torchvision.transforms.functional import InterpolationMode, affine

    images = random_images(6)
    farthest = views.draw_uniform(6, seeded())._replace(angle=torch.ones(6), shear=torch.ones(6))
    maps = views.affine_maps(replace(OFF, rotation=rotation, shear=shear), farthest)
    expected = affine(images, -rotation, [0, 0], 1.0, [shear, 0.0], InterpolationMode.BILINEAR)
    torch.testing.assert_close(views.warp(images, maps), expected, atol=1e-4, rtol=0)
