"""The shipped completers are those of their cards, and the one that knows the mask is better."""

import pytest

from core.data.masks import MIXTURE_KINDS
from core.methods.inpainting.method import EVALUATED
from core.zoo.weights import SHIPPED, load_shipped, restore


@pytest.mark.parametrize("name", ["inpainting", "autoencoder"])
def test_reaches_what_its_card_says(name: str) -> None:
    """On the page's digits: fewer than the card's 10,000, so that the figures differ a little."""
    weights = load_shipped(name)
    scalars = restore(weights).validate(0)
    assert EVALUATED == 120
    for kind in MIXTURE_KINDS:
        stated = weights.card["figures"]
        assert scalars[f"{kind}_ssim"] == pytest.approx(stated[f"{kind}_ssim"], abs=0.05)
        assert scalars[f"{kind}_mse"] == pytest.approx(stated[f"{kind}_mse"], rel=0.25)
    assert (SHIPPED / f"{name}.safetensors").stat().st_size < 2_000_000


def test_the_unet_beats_the_plain_autoencoder_on_every_kind_of_mask() -> None:
    unet, plain = (load_shipped(name).card["figures"] for name in ("inpainting", "autoencoder"))
    for kind in MIXTURE_KINDS:
        assert unet[f"{kind}_mse"] < 0.7 * plain[f"{kind}_mse"]
        assert unet[f"{kind}_ssim"] > plain[f"{kind}_ssim"] + 0.05
