"""Views as another hand would draw them, against closed forms and torch's own turns."""

import math
from dataclasses import fields, replace

import pytest
import torch
from torch import Tensor

from core.data.hands import DRAWS, WAVES, Hand, affine_maps, by_another_hand, displacements
from core.data.images import to_unit
from core.data.omniglot import load_omniglot
from core.data.shifts import moved
from core.data.views import warp

SAME = Hand(**dict.fromkeys((each.name for each in fields(Hand)), 0.0))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def drawings(n: int) -> Tensor:
    """Omniglot's first drawings (n, 1, 28, 28)."""
    return to_unit(load_omniglot().images[:n, 0])


def warped(images: Tensor, hand: Hand, draws: list[float]) -> Tensor:
    """Pictures through the map of angle, slant, width, height, right and down, each in [0, 1]."""
    maps = affine_maps(torch.tensor([draws]).expand(len(images), -1), hand, images.shape[-1])
    return warp(images, maps)


def test_the_same_hand_draws_the_same_picture() -> None:
    images = drawings(8)
    torch.testing.assert_close(by_another_hand(images, seeded(), SAME), images, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", [each.name for each in fields(Hand)])
def test_each_difference_alone_draws_each_picture_anew(name: str) -> None:
    same = drawings(1).expand(20, -1, -1, -1)
    views = by_another_hand(same, seeded(), replace(SAME, **{name: vars(Hand())[name]}))
    assert views.shape == same.shape and views.min() >= 0 and views.max() <= 1
    assert len(torch.unique(views.flatten(1), dim=0)) == 20


@pytest.mark.parametrize(("draw", "turns"), [(1.0, 1), (0.0, -1)])
def test_a_right_angle_is_torchs(draw: float, turns: int) -> None:
    images = drawings(6)
    turned = warped(images, replace(SAME, rotation=90), [draw, 0.5, 0.5, 0.5, 0.5, 0.5])
    torch.testing.assert_close(turned, torch.rot90(images, turns, (2, 3)), atol=1e-4, rtol=0)


def test_a_whole_pixel_is_a_shift() -> None:
    images = drawings(6)
    shifted = warped(images, replace(SAME, shift=1), [0.5, 0.5, 0.5, 0.5, 1.0, 0.0])
    torch.testing.assert_close(shifted, moved(images, -1, 1), atol=1e-4, rtol=0)


def test_the_map_is_a_slant_then_a_turn_then_a_stretch() -> None:
    draws, hand = torch.rand(5, 6, generator=seeded()), Hand()
    for numbers, found in zip((2 * draws - 1).tolist(), affine_maps(draws, hand, 28), strict=True):
        angle, slant = math.radians(hand.rotation * numbers[0]), numbers[1] * hand.slant
        sheared = torch.tensor([[1, math.tan(math.radians(slant))], [0, 1]])
        turn = torch.tensor(
            [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
        )
        stretch = torch.diag(torch.tensor([math.exp(hand.stretch * z) for z in numbers[2:4]]))
        torch.testing.assert_close(found[:, :2], stretch @ turn @ sheared)
        torch.testing.assert_close(found[:, 2], hand.shift * torch.tensor(numbers[4:]) * 2 / 28)


def test_a_bend_is_the_sum_of_its_sines() -> None:
    draws = torch.rand(2000, 2 * WAVES**2, generator=seeded())
    found = displacements(draws, 1.5, 28, 20)
    pixels = found / torch.tensor([2 / 20, 2 / 28])
    assert found.shape == (2000, 28, 20, 2)
    assert pixels.square().mean().sqrt().item() == pytest.approx(1.5, rel=0.02)

    one = torch.full((1, 2 * WAVES**2), 0.5)  # no wave at all
    assert displacements(one, 1.5, 28, 20).abs().max() == 0
    one[0, WAVES + 2] = 0.9  # the second half wave down, the third across, of x
    wave = displacements(one, 1.5, 28, 20)[0, ..., 0]
    down, across = (torch.arange(28) + 0.5) / 28, (torch.arange(20) + 0.5) / 20
    shape = (2 * math.pi * down).sin()[:, None] * (3 * math.pi * across).sin()
    assert torch.corrcoef(torch.stack([wave.flatten(), shape.flatten()]))[0, 1] > 1 - 1e-5
    assert displacements(one, 1.5, 28, 20)[..., 1].abs().max() == 0


def test_a_bend_folds_no_picture() -> None:
    """The map has a positive Jacobian nearly everywhere: lines bend, and do not cross."""
    draws = torch.rand(500, 2 * WAVES**2, generator=seeded())
    field = displacements(draws, Hand().bend, 28, 28) * 14  # in pixels
    x_x, y_x = field.diff(dim=2)[:, :-1].unbind(-1)
    x_y, y_y = field.diff(dim=1)[:, :, :-1].unbind(-1)
    jacobian = (1 + x_x) * (1 + y_y) - x_y * y_x
    assert (jacobian > 0).float().mean() > 0.99


def test_a_thicker_pen_leaves_more_ink() -> None:
    same = drawings(1).expand(50, -1, -1, -1)
    views = by_another_hand(same, seeded(), replace(SAME, thin=0.3, thick=0.5))
    pen = torch.rand(50, DRAWS, generator=seeded())[:, 6]
    ink = views.sum((1, 2, 3))[pen.argsort()]
    assert (ink.diff() > 0).all()
    drawn = same[0].sum()
    assert ink[0] < 0.9 * drawn and ink[-1] > 1.2 * drawn


def test_views_are_a_function_of_the_generator_and_not_of_their_number() -> None:
    images = drawings(9)
    views = by_another_hand(images, seeded(1))
    assert torch.equal(views, by_another_hand(images, seeded(1)))
    assert not torch.equal(views, by_another_hand(images, seeded(2)))
    torch.testing.assert_close(by_another_hand(images[:4], seeded(1)), views[:4])
    before = torch.random.get_rng_state()
    by_another_hand(images, seeded())
    assert torch.equal(torch.random.get_rng_state(), before)
