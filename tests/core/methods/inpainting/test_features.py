"""Feature maps and features are what the layers of the network compute, and leak nothing."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.data.digits import load_digits
from core.data.images import to_unit
from core.errors import GlimpseError
from core.methods.inpainting.config import InpaintingConfig
from core.methods.inpainting.features import LEVELS, feature_maps, features
from core.methods.inpainting.method import Inpainting

DIGITS = load_digits("sample", "held_out").images[:5]
VISIBLE = np.ones((28, 28), np.uint8)
VISIBLE[14:] = 0


@pytest.fixture(scope="module")
def unet() -> Inpainting:
    return Inpainting(InpaintingConfig(width=8))


def test_the_levels_have_their_channels_and_sides(unet: Inpainting) -> None:
    shapes = [feature_maps(unet, DIGITS[0].numpy(), VISIBLE, level).shape for level in LEVELS]
    assert shapes == [(8, 14, 14), (16, 7, 7), (8, 14, 14)]


def test_the_first_level_is_what_its_layers_make_by_hand(unet: Inpainting) -> None:
    picture, masks = to_unit(DIGITS[:1]), torch.from_numpy(VISIBLE).float()[None, None]
    seen = torch.cat([2 * picture * masks - masks, masks], dim=1)
    net = unet.model
    with torch.no_grad():
        expected = net.fine_in(net.enter(F.pixel_unshuffle(seen, 2)))  # type: ignore[operator]
    found = feature_maps(unet, DIGITS[0].numpy(), VISIBLE, "14 × 14, going in")
    np.testing.assert_allclose(found, expected[0].numpy(), atol=1e-5)


def test_hidden_pixels_change_no_feature_map(unet: Inpainting) -> None:
    other = DIGITS[0].numpy().copy()
    other[VISIBLE == 0] = 255 - other[VISIBLE == 0]
    for level in LEVELS:
        first = feature_maps(unet, DIGITS[0].numpy(), VISIBLE, level)
        assert (first == feature_maps(unet, other, VISIBLE, level)).all()


def test_features_of_the_autoencoder_are_its_code() -> None:
    plain = Inpainting(InpaintingConfig(model="autoencoder"))
    code = features(plain, DIGITS)
    assert code.shape == (5, 128) and (code >= 0).all()
    with torch.no_grad():
        decoded = plain.model.layers[4:](code)  # type: ignore[index, operator]
        raw = plain.complete(to_unit(DIGITS), torch.ones(5, 1, 28, 28))
    expected = ((decoded + 1) / 2).clamp(0, 1).view(5, 1, 28, 28)
    torch.testing.assert_close(raw, expected, atol=1e-5, rtol=0)


def test_the_autoencoder_has_no_maps() -> None:
    plain = Inpainting(InpaintingConfig(model="autoencoder"))
    with pytest.raises(GlimpseError, match="choose the U-Net"):
        feature_maps(plain, DIGITS[0].numpy(), VISIBLE, "7 × 7")
