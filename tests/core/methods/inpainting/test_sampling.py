"""Samples keep what is visible, never see what is hidden, and differ only where they may."""

import math
from typing import cast

import numpy as np
import pytest
import torch

from core.config import parse_config
from core.data.digits import load_digits
from core.data.images import to_unit
from core.errors import GlimpseError
from core.methods.inpainting.config import ORIGINAL_RECIPE, InpaintingConfig
from core.methods.inpainting.method import Inpainting
from core.methods.inpainting.sampling import (
    GUMBEL_SCALE,
    draw_levels,
    drawn_share,
    reveal_surest,
    samples,
    sampling_frames,
    steps_that_draw,
)
from core.models.unet import UNet
from core.seeding import generator
from core.zoo.weights import load_shipped_method

PICTURE = load_digits("sample", "held_out").images[838].numpy()
VISIBLE = np.ones((28, 28), np.uint8)
VISIBLE[14:] = 0


@pytest.fixture(scope="module")
def shipped() -> Inpainting:
    return load_shipped_method("inpainting", Inpainting)


def test_visible_pixels_stay_and_what_is_drawn_is_one_of_nine_greys(shipped: Inpainting) -> None:
    drawn = samples(shipped, PICTURE, VISIBLE, n=4, steps=5)
    assert drawn.pictures.shape == (4, 28, 28)
    assert drawn.film.shape == (6, 4, 28, 28)
    assert (drawn.film[:, :, :14] == PICTURE[:14]).all()
    greys = np.round(np.arange(9) / 8 * 255).astype(np.uint8)
    by_chance = drawn.revealed[2] & (VISIBLE == 0)  # two of five steps draw
    assert np.isin(drawn.pictures[by_chance], greys).all()
    assert not np.isin(drawn.pictures[~drawn.revealed[2]], greys).all()
    assert (drawn.pictures == drawn.film[-1]).all()
    assert len(np.unique(drawn.pictures.reshape(4, -1), axis=0)) == 4


def test_the_last_pixels_are_at_their_mean_given_all_others(shipped: Inpainting) -> None:
    truth = to_unit(torch.from_numpy(PICTURE))[None].expand(3, -1, -1, -1)
    masks = torch.from_numpy(VISIBLE).float().expand(3, 1, -1, -1)
    network = cast(UNet, shipped.model).eval()
    frames, shown = sampling_frames(network, truth, masks, 6, 0.8, generator("test"))
    undecided = shown[-2] == 0
    assert undecided.any()
    mean = shipped.complete(frames[-1], shown[-2])
    torch.testing.assert_close(frames[-1][undecided], mean[undecided], atol=1e-5, rtol=0)


@pytest.mark.parametrize("steps", [1, 2, 5, 8, 16])
def test_as_many_pixels_are_drawn_as_is_said(shipped: Inpainting, steps: int) -> None:
    """Those drawn keep one of nine greys; the others are at a mean."""
    drawn = samples(shipped, PICTURE, VISIBLE, n=1, steps=steps)
    by_chance = drawn.revealed[steps_that_draw(steps), 0] & (VISIBLE == 0)
    assert by_chance.sum() / (VISIBLE == 0).sum() == pytest.approx(drawn_share(steps), abs=0.003)
    greys = np.round(np.arange(9) / 8 * 255).astype(np.uint8)
    assert np.isin(drawn.pictures[0][by_chance], greys).all()


def test_a_pixel_once_revealed_stays_as_it_is(shipped: Inpainting) -> None:
    drawn = samples(shipped, PICTURE, VISIBLE, n=2, steps=4)
    assert (drawn.revealed[0] == (VISIBLE == 1)).all()
    assert drawn.revealed[-1].all()
    shares = drawn.revealed.mean(axis=(1, 2, 3))
    assert (np.diff(shares) > 0).all()
    for before, after, known in zip(drawn.film, drawn.film[1:], drawn.revealed, strict=False):
        assert (before == after)[known].all()


def test_the_surest_pixels_are_revealed_first_up_to_noise() -> None:
    sure, unsure = torch.tensor([9.0] + 8 * [0.0]), torch.zeros(9)
    logits = unsure.repeat(4000, 1, 2, 1)
    logits[:, 0, 1] = sure  # of two pixels, the second
    logits = logits.movedim(-1, 1)  # (4000, 9, 1, 2)
    shown = torch.zeros(4000, 1, 1, 2)
    shown = reveal_surest(shown, logits, torch.ones(4000), generator("test", 0))
    assert (shown.sum((1, 2, 3)) == 1).all()
    p = sure.softmax(0)
    gap = math.log(9) + float((p * p.log()).sum())  # nats between the two entropies
    expected = 1 / (1 + math.exp(-gap / GUMBEL_SCALE))  # two Gumbels differ by a logistic
    assert shown[:, 0, 0, 1].mean().item() == pytest.approx(expected, abs=0.03)
    again = reveal_surest(shown, logits, torch.zeros(4000), generator("test", 1))
    assert (again == 1).all()


def test_hidden_pixels_reach_no_sample(shipped: Inpainting) -> None:
    changed = np.where(VISIBLE == 1, PICTURE, 255 - PICTURE)
    one, other = (samples(shipped, picture, VISIBLE, n=2) for picture in (PICTURE, changed))
    for name in ("pictures", "film", "deviation", "mean"):
        assert (getattr(one, name) == getattr(other, name)).all(), name


def test_the_same_seed_draws_the_same_and_another_others(shipped: Inpainting) -> None:
    one, again, other = (samples(shipped, PICTURE, VISIBLE, n=2, seed=s) for s in (1, 1, 2))
    assert (one.pictures == again.pictures).all()
    assert (one.pictures != other.pictures).any()


def test_the_mean_is_the_answer_and_spreads_only_where_hidden(shipped: Inpainting) -> None:
    drawn = samples(shipped, PICTURE, VISIBLE, n=1)
    raw, _ = shipped.answer(PICTURE, VISIBLE)
    assert (drawn.mean[14:] == raw[14:]).all()
    assert (drawn.deviation[:14] == 0).all()
    assert 0.2 < drawn.deviation[14:].max() <= 0.5  # of a variable in [0, 1], no more than 1/2


@pytest.mark.parametrize("visible", [np.zeros((28, 28)), np.ones((28, 28))])
def test_all_or_nothing_hidden_is_answered_too(shipped: Inpainting, visible: np.ndarray) -> None:
    drawn = samples(shipped, PICTURE, visible, n=2)
    assert np.isfinite(drawn.deviation).all()
    assert visible.any() == (drawn.pictures == PICTURE).all()


def test_levels_are_drawn_as_often_as_the_softmax_says() -> None:
    logits = torch.tensor([0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 0.0, 1.5, 0.2])
    many = logits.view(1, 9, 1, 1).expand(20_000, 9, 1, 1)
    drawn = (draw_levels(many, 0.8, generator("draws")) * 8).round().long().flatten()
    often = torch.bincount(drawn, minlength=9) / len(drawn)
    assert torch.allclose(often, (logits / 0.8).softmax(dim=0), atol=0.015)
    assert (draw_levels(many, 0.0, generator("draws")) == 4 / 8).all()


def test_the_plain_autoencoder_and_no_samples_are_refused_in_a_sentence(
    shipped: Inpainting,
) -> None:
    plain = Inpainting(parse_config(InpaintingConfig, {**ORIGINAL_RECIPE, "device": "cpu"}))
    with pytest.raises(GlimpseError, match="a single answer"):
        samples(plain, PICTURE, VISIBLE)
    with pytest.raises(GlimpseError, match="at least one"):
        samples(shipped, PICTURE, VISIBLE, n=0)
