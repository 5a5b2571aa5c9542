"""Inpainting learns, leaks nothing, resumes bit for bit and measures what it says."""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.config import parse_config
from core.data.digits import load_digits
from core.data.images import to_unit
from core.data.masks import MIXTURE_KINDS, MaskKind, draw, mixture, partly_revealed
from core.errors import GlimpseError
from core.methods.inpainting.config import ORIGINAL_RECIPE, InpaintingConfig
from core.methods.inpainting.method import Inpainting, learning_rate, reconstruction_loss
from core.seeding import generator

MODELS: list[dict[str, Any]] = [
    {"width": 8, "batch_size": 16},
    {"width": 8, "batch_size": 16, "knows_mask": False},
    ORIGINAL_RECIPE,
]


def method(**settings: Any) -> Inpainting:
    return Inpainting(parse_config(InpaintingConfig, {"device": "cpu", **settings}))


def digits_and_masks(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    pictures = to_unit(load_digits("sample", "held_out").images[:n])
    return pictures, mixture(n, generator("test masks"), (0.5, 1.0))


@pytest.mark.parametrize("settings", MODELS)
@pytest.mark.parametrize("poison", [0.7, float("nan"), float("inf")])
def test_hidden_pixels_never_reach_the_model(settings: dict[str, Any], poison: float) -> None:
    pictures, masks = digits_and_masks(16)
    trained = method(**settings)
    changed = torch.where(masks == 0, poison, pictures)
    assert torch.equal(trained.complete(pictures, masks), trained.complete(changed, masks))


@pytest.mark.parametrize("settings", MODELS)
def test_a_visible_pixel_does_reach_the_model(settings: dict[str, Any]) -> None:
    pictures, masks = digits_and_masks(16)
    trained = method(**settings)
    changed = torch.where(masks == 1, 0.7, pictures)
    assert not torch.equal(trained.complete(pictures, masks), trained.complete(changed, masks))


@pytest.mark.parametrize("settings", MODELS)
def test_the_loss_falls(settings: dict[str, Any]) -> None:
    trained = method(**settings)
    losses = [trained.step(step)["loss"] for step in range(1, 41)]
    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])


@pytest.mark.parametrize("settings", MODELS)
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(settings: dict[str, Any]) -> None:
    whole, resumed = method(**settings, seed=3), method(**settings, seed=3)
    for step in range(1, 4):
        whole.step(step)
    saved = copy.deepcopy(whole.state())
    resumed.step(1)  # a past of its own, which the state has to replace
    resumed.load_state(saved)
    for step in range(4, 7):
        assert whole.step(step) == resumed.step(step)
    assert whole.state().keys() == resumed.state().keys()
    for name, tensor in whole.state().items():
        assert torch.equal(tensor, resumed.state()[name]), name


def test_weights_complete_as_the_run_that_made_them_did() -> None:
    pictures, masks = digits_and_masks(4)
    trained, other = method(width=8), method(width=8, seed=1)
    trained.step(1)
    other.load_weights(trained.weights())
    assert torch.equal(trained.complete(pictures, masks), other.complete(pictures, masks))


def test_weights_of_other_settings_are_refused_in_a_sentence() -> None:
    with pytest.raises(GlimpseError, match="do not fit"):
        method(width=8).load_weights(method(width=16).weights())


@pytest.mark.parametrize("over", ["hidden", "all"])
def test_the_plain_loss_is_the_mean_square_over_the_pixels_it_names(over: str) -> None:
    pictures, masks = digits_and_masks(5)
    completions = torch.rand(pictures.shape, generator=generator("completions"))
    chosen = (masks == 0) if over == "hidden" else torch.ones_like(masks).bool()
    expected = ((completions[chosen].double() - pictures[chosen].double()) ** 2).mean().item()
    loss = reconstruction_loss(completions, pictures, masks, over)
    assert loss.item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("over", ["hidden", "all"])
def test_the_unets_loss_is_the_surprise_at_the_nearest_grey(over: str) -> None:
    pictures, masks = digits_and_masks(5)
    logits = torch.randn(5, 9, 28, 28, generator=generator("logits"))
    chosen = (masks == 0) if over == "hidden" else torch.ones_like(masks).bool()
    likely = logits.double().exp() / logits.double().exp().sum(dim=1, keepdim=True)
    nearest = np.abs(pictures.numpy() - np.arange(9).reshape(1, 9, 1, 1) / 8).argmin(axis=1)
    surprise = -likely.gather(1, torch.from_numpy(nearest)[:, None]).log()
    loss = reconstruction_loss(logits, pictures, masks, over)
    assert loss.item() == pytest.approx(surprise[chosen].mean().item(), rel=1e-5)


def test_nothing_hidden_costs_nothing() -> None:
    pictures, masks = digits_and_masks(2)
    assert reconstruction_loss(1 - pictures, pictures, torch.ones_like(masks), "hidden") == 0


def test_the_learning_rate_stays_or_falls_along_a_cosine() -> None:
    cosine = InpaintingConfig(steps=100, learning_rate=1.0)
    assert learning_rate(1, cosine) == 1
    assert learning_rate(51, cosine) == pytest.approx(0.5)
    assert 0 < learning_rate(100, cosine) < 0.001
    constant = InpaintingConfig(steps=100, learning_rate=1.0, schedule="constant")
    assert learning_rate(100, constant) == 1


def test_evaluation_is_the_same_each_time_and_covers_every_kind_of_mask() -> None:
    trained = method(width=8)
    scalars = trained.validate(0)
    assert scalars == trained.validate(5)
    names = {f"{kind}_{figure}" for kind in MIXTURE_KINDS for figure in ("mse", "psnr", "ssim")}
    assert scalars.keys() == names | {"ssim"}
    assert trained.key_figure in scalars
    assert scalars["ssim"] == pytest.approx(
        sum(scalars[f"{kind}_ssim"] for kind in MIXTURE_KINDS) / 4
    )


def test_measure_has_the_whole_picture_too_where_less_is_wrong() -> None:
    scalars = method(**ORIGINAL_RECIPE).test()
    for kind in MIXTURE_KINDS:
        assert scalars[f"{kind}_whole_mse"] < scalars[f"{kind}_mse"]
        assert scalars[f"{kind}_whole_ssim"] > scalars[f"{kind}_ssim"]


def test_a_snapshot_is_a_small_fixed_row() -> None:
    trained = method(width=8)
    before = trained.snapshot(0)
    trained.step(1)
    after = trained.snapshot(1)
    for array in after.values():
        assert array.shape == (8, 28, 28)
        assert array.dtype == "uint8"
    assert (before["truth"] == after["truth"]).all()
    assert (before["masks"] == after["masks"]).all()
    assert (before["completions"] != after["completions"]).any()


def test_the_answer_for_one_picture_is_its_completion_and_what_the_hidden_pixels_cost() -> None:
    trained = method(width=8)
    picture = trained.held_out[3].numpy()
    visible = np.ones((28, 28), np.uint8)
    visible[:, 14:] = 0
    raw, figures = trained.answer(picture, visible)
    wrong = (raw[:, 14:].astype(float) - picture[:, 14:]) / 255
    assert figures.mse.item() == pytest.approx((wrong**2).mean(), abs=0.005)  # raw is rounded
    assert trained.answer(picture, np.ones_like(visible))[1].mse.isnan().all()


def test_the_masks_of_a_mixture_are_those_that_shipped_weights_saw() -> None:
    draws = generator(0, "masks", 7)
    of: tuple[MaskKind, ...] = ("random", "box", "strokes", "half")
    kinds = torch.randint(4, (64,), generator=draws)
    masks = torch.empty(64, 1, 28, 28)
    for place, kind in enumerate(of):
        chosen = kinds == place
        masks[chosen] = draw(kind, int(chosen.sum()), draws, (0.5, 1.0))
    assert torch.equal(method().batch(7)[1], partly_revealed(masks, draws, 0.5))


def test_a_mixture_is_of_the_kinds_and_shares_that_are_set() -> None:
    mixed = method(kinds=("random",), least_hidden=0.9, most_hidden=1.0, batch_size=500)
    share = 1 - mixed.batch(1)[1].mean(dim=(1, 2, 3))
    assert (share >= 0.899).float().mean().item() > 0.5, "every second is revealed in part"
    assert method(kinds=("half", "box")).config == method(kinds=("box", "half", "box")).config


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kinds": ()}, "at least one kind of mask"),
        ({"least_hidden": 0.8, "most_hidden": 0.2}, "The least share hidden, 0.8, is more than"),
    ],
)
def test_a_mixture_of_nothing_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(GlimpseError, match=message):
        parse_config(InpaintingConfig, settings)


def test_a_run_from_before_mixtures_could_be_chosen_resumes_as_it_was() -> None:
    since = {"kinds", "least_hidden", "most_hidden"}
    today = json.loads(method(width=8).config.model_dump_json())
    older = {name: value for name, value in today.items() if name not in since}
    assert parse_config(InpaintingConfig, older) == parse_config(InpaintingConfig, today)


def test_trains_on_generated_characters_and_is_evaluated_on_digits() -> None:
    trained = method(**ORIGINAL_RECIPE, source="strokes")
    assert trained.images.shape == (22_000, 28, 28)
    assert trained.step(1)["loss"] > 0
    assert (trained.snapshot(1)["truth"] == method().snapshot(0)["truth"]).all()


def test_completing_needs_no_training_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    trained = method(width=8, source="mnist")
    assert trained.complete(*digits_and_masks(2)).shape == (2, 1, 28, 28)
    with pytest.raises(GlimpseError, match="MNIST"):
        trained.step(1)


def test_trains_on_the_full_mnist(mnist_root: object) -> None:
    del mnist_root
    trained = method(**ORIGINAL_RECIPE, source="mnist")
    assert len(trained.images) == 59_000
    assert trained.step(1)["loss"] > 0
