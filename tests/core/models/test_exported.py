"""An exported network, loaded without Glimpse's classes, is that network at every batch size."""

from io import BytesIO

import pytest
import torch

from core.methods.inpainting.completer import Completer
from core.methods.inpainting.method import predict
from core.models.encoder import SmallEncoder
from core.models.exported import exported_completer, exported_encoder
from core.models.unet import UNet
from core.seeding import seeded


def test_the_program_gives_the_same_features_for_any_batch() -> None:
    torch.manual_seed(0)
    encoder = SmallEncoder(width=4)
    encoder(torch.rand(64, 1, 28, 28))  # running values that are not those of a new network
    program = torch.export.load(BytesIO(exported_encoder(encoder))).module()
    encoder.eval()
    for n in (1, 2, 3, 17, 256):
        images = torch.rand(n, 1, 28, 28)
        with torch.no_grad():
            expected, found = encoder(images), program(images)
        assert found.shape == (n, encoder.dimension)
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)


def test_exporting_leaves_the_encoder_in_training() -> None:
    encoder = SmallEncoder(width=4)
    exported_encoder(encoder)
    assert encoder.training


def test_an_exported_completer_gives_the_same_completions_for_any_batch() -> None:
    with seeded(0, "model"):
        network = UNet(width=8).eval()
    program = torch.export.load(BytesIO(exported_completer(Completer(network)))).module()
    for n in (1, 2, 5):
        pictures, masks = torch.rand(n, 1, 28, 28), (torch.rand(n, 1, 28, 28) < 0.5).float()
        with torch.no_grad():
            expected, found = predict(network, pictures, masks), program(pictures, masks)
            other = program(torch.where(masks > 0, pictures, 1 - pictures), masks)
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)
        assert (found == other).all(), "hidden pixels change nothing"


@pytest.mark.parametrize("value", [255.0, 2.0, -1.0, float("nan"), float("inf")])
def test_a_program_refuses_pictures_that_are_not_from_0_to_1(value: float) -> None:
    encoder = SmallEncoder(width=4)
    completer = Completer(UNet(width=8).eval())
    pictures, masks = torch.rand(3, 1, 28, 28), torch.ones(3, 1, 28, 28)
    wrong = pictures.clone()
    wrong[1, 0, 4, 4] = value
    encode = torch.export.load(BytesIO(exported_encoder(encoder))).module()
    complete = torch.export.load(BytesIO(exported_completer(completer))).module()
    sentence = r"Pictures are float32 .* from 0 to 1, ink = 1: divide those from 0 to 255 by 255"
    with pytest.raises(RuntimeError, match=sentence):
        encode(wrong)
    with pytest.raises(RuntimeError, match=sentence):
        complete(wrong, masks)
    with pytest.raises(RuntimeError, match=r"Masks are .* 1 where a pixel is visible"):
        complete(pictures, value * masks)
    encode(pictures.clamp(0.2, 0.7) * 1.44)  # a little more than 1, as interpolation leaves it


def test_a_file_says_what_its_program_takes() -> None:
    said = {"about.txt": ""}
    torch.export.load(BytesIO(exported_encoder(SmallEncoder(width=4))), extra_files=said)
    assert "(B, 1, 28, 28) from 0 to 1" in said["about.txt"]
    completer = Completer(UNet(width=8).eval())
    torch.export.load(BytesIO(exported_completer(completer)), extra_files=said)
    assert "1 where a pixel is visible" in said["about.txt"]
