"""Masks hide what was asked, differently in each sample, and let nothing hidden through."""

from functools import partial

import pytest
import torch

from core.data.masks import (
    ALL_KINDS,
    MIXTURE_KINDS,
    SIDES,
    MaskKind,
    box,
    centre_box,
    conceal,
    draw,
    half,
    held_out_masks,
    mixture,
    partly_revealed,
    paste,
    quadrants,
    random_pixels,
    stripes,
    strokes,
)
from core.seeding import generator

DRAWS = {kind: partial(draw, kind, hidden=(0.75, 0.75)) for kind in ALL_KINDS} | {
    "mixture": partial(mixture, hidden=(0.5, 1.0), revealed=0.5)
}


@pytest.mark.parametrize("name", DRAWS)
def test_is_a_batch_of_ones_and_zeros(name: str) -> None:
    masks = DRAWS[name](32, generator=generator("masks"))
    assert masks.shape == (32, 1, 28, 28)
    assert masks.dtype == torch.float32
    assert set(torch.unique(masks).tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("name", DRAWS)
def test_same_seed_same_masks_and_each_sample_its_own(name: str) -> None:
    first, again, other = (
        DRAWS[name](64, generator=generator("masks", seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert len(torch.unique(first.flatten(1), dim=0)) >= {"half": 4, "quadrants": 14}.get(name, 16)


@pytest.mark.parametrize("name", DRAWS)
def test_every_mask_hides_something(name: str) -> None:
    masks = DRAWS[name](500, generator=generator("masks"))
    assert (masks == 0).flatten(1).any(dim=1).all()


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.75, 1.0])
def test_random_pixels_hide_exactly_the_fraction_asked(fraction: float) -> None:
    masks = random_pixels(50, generator("masks"), (fraction, fraction))
    hidden = (masks == 0).sum(dim=(1, 2, 3))
    assert (hidden == round(fraction * 784)).all()


def test_random_pixels_draw_the_fraction_per_sample() -> None:
    hidden = 1 - random_pixels(400, generator("masks"), (0.5, 1.0)).mean(dim=(1, 2, 3))
    assert hidden.min() < 0.52
    assert hidden.max() > 0.98
    assert hidden.mean().item() == pytest.approx(0.75, abs=0.03)


def test_random_pixels_hide_each_pixel_equally_often() -> None:
    often = 1 - random_pixels(4000, generator("masks"), (0.75, 0.75)).mean(dim=0)
    assert often.min() > 0.70  # 0.75 +- 7 standard errors
    assert often.max() < 0.80


def test_a_box_is_one_rectangle_with_sides_in_bounds_that_reaches_every_border() -> None:
    hidden = box(300, generator("masks"))[:, 0] == 0
    rows, columns = hidden.any(dim=2), hidden.any(dim=1)
    for sides in (rows.sum(dim=1), columns.sum(dim=1)):
        assert sides.min() == 6
        assert sides.max() == 20
    assert torch.equal(hidden, rows[:, :, None] & columns[:, None, :])
    assert ((rows[:, 1:] != rows[:, :-1]).sum(dim=1) <= 2).all()  # one run of rows
    assert hidden[:, 0].any() and hidden[:, -1].any()
    assert hidden[:, :, 0].any() and hidden[:, :, -1].any()


def test_the_centre_box_leaves_the_same_margin_all_around() -> None:
    hidden = centre_box(1)[0, 0] == 0
    assert hidden.sum() == 14 * 14
    assert hidden[7:21, 7:21].all()


def test_a_half_is_one_of_four_halves() -> None:
    masks = half(200, generator("masks"))
    assert ((masks == 0).sum(dim=(1, 2, 3)) == 392).all()
    assert len(torch.unique(masks.flatten(1), dim=0)) == 4


def test_a_brush_paints_blobs_no_thinner_than_its_pen() -> None:
    hidden = strokes(200, generator("masks"))[:, 0] == 0
    share = hidden.float().mean(dim=(1, 2))
    assert share.max() < 0.6
    assert 0.1 < share.mean() < 0.35
    lone = hidden[:, 1:-1, 1:-1] & ~(hidden[:, :-2, 1:-1] | hidden[:, 2:, 1:-1])
    assert lone.float().mean() < 0.01


def test_a_mixture_has_each_kind_equally_often() -> None:
    masks = mixture(2000, generator("masks"), (0.5, 1.0))
    halves = (masks[:, :, :14, :14].sum(dim=(1, 2, 3)) % 196 == 0) & (
        (masks == 0).sum(dim=(1, 2, 3)) == 392
    )
    assert halves.float().mean().item() == pytest.approx(0.25, abs=0.04)


def test_a_mixture_has_the_kinds_that_it_is_made_of() -> None:
    masks = mixture(400, generator("masks"), (0.5, 1.0), kinds=("half", "quadrants"))
    quarters = masks.view(400, 2, 14, 2, 14)
    assert (quarters.std(dim=(2, 4)) == 0).all(), "halves are made of quarters too"
    one_quarter = ((masks == 0).sum(dim=(1, 2, 3)) == 196).float().mean().item()
    assert one_quarter == pytest.approx(1 / 6, abs=0.05), "a third of every second mask"


@pytest.mark.parametrize("kind", MIXTURE_KINDS)
def test_held_out_masks_hide_what_is_compared(kind: MaskKind) -> None:
    hidden = 1 - held_out_masks(kind, 100, generator("masks")).mean(dim=(1, 2, 3))
    expected = {"random": 0.75, "box": 0.25, "half": 0.5}
    assert kind == "strokes" or torch.allclose(hidden, torch.full((100,), expected[kind]))


def test_conceal_forgets_hidden_pixels_even_where_they_are_no_numbers() -> None:
    masks = centre_box(1)
    pictures = torch.rand(1, 1, 28, 28, generator=generator("pictures"))
    poisoned = torch.where(masks == 0, torch.nan, pictures)
    assert torch.equal(conceal(poisoned, masks), conceal(pictures, masks))
    assert torch.equal(conceal(pictures, torch.ones_like(masks)), pictures)


def test_paste_takes_visible_pixels_from_the_picture_and_hidden_ones_from_the_completion() -> None:
    masks = half(8, generator("masks"))
    pasted = paste(torch.full((8, 1, 28, 28), 0.25), torch.full((8, 1, 28, 28), 0.5), masks)
    assert torch.equal(pasted, torch.where(masks == 1, 0.25, 0.5))


def test_a_half_of_one_side_is_that_side() -> None:
    rows, columns = torch.meshgrid(torch.arange(28), torch.arange(28), indexing="ij")
    expected = dict(zip(SIDES, (columns < 14, columns > 13, rows < 14, rows > 13), strict=True))
    for side in SIDES:
        assert torch.equal(half(1, generator("masks"), [side])[0, 0] == 0, expected[side])


def test_quadrants_hide_one_to_three_whole_quarters() -> None:
    hidden = quadrants(400, generator("masks"))[:, 0] == 0
    quarters = torch.stack([hidden[:, r : r + 14, c : c + 14] for r in (0, 14) for c in (0, 14)])
    share = quarters.float().mean(dim=(2, 3))  # (4, 400)
    assert set(share.flatten().tolist()) == {0.0, 1.0}
    assert set(share.sum(dim=0).tolist()) == {1.0, 2.0, 3.0}


def test_stripes_hide_lines_of_one_width_either_way() -> None:
    hidden = stripes(200, generator("masks"))[:, 0] == 0
    lying = (hidden == hidden[:, :, :1]).all(dim=(1, 2))
    upright = (hidden == hidden[:, :1]).all(dim=(1, 2))
    assert (lying ^ upright).all() and lying.any() and upright.any()
    line = torch.where(lying[:, None], hidden[:, :, 0], hidden[:, 0])
    for one in line:
        changes = (one[1:] != one[:-1]).nonzero()[:, 0]
        widths = changes.diff().unique()
        assert len(widths) == 1 and 2 <= widths.item() <= 5


def test_partly_revealed_masks_show_more_and_never_all() -> None:
    masks = half(400, generator("masks"))
    partly = partly_revealed(masks, generator("reveal"), 0.5)
    assert (partly >= masks).all()
    assert (partly == 0).flatten(1).any(dim=1).all()
    changed = (partly != masks).flatten(1).any(dim=1).float().mean().item()
    assert changed == pytest.approx(0.5, abs=0.1)
