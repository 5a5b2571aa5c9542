"""Shipped weights as the method that trained them."""

import pytest

from core.errors import GlimpseError
from core.methods.inpainting.method import Inpainting
from core.methods.simclr.method import SimClr
from core.zoo.weights import load_shipped_method


def test_weights_are_restored_as_their_method() -> None:
    assert load_shipped_method("autoencoder", Inpainting).config.model == "autoencoder"


def test_weights_of_another_method_are_refused() -> None:
    with pytest.raises(GlimpseError, match="autoencoder are of Inpainting, not of SimClr"):
        load_shipped_method("autoencoder", SimClr)
