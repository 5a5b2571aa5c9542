"""An exported network, loaded without Glimpse's classes, is that network at every batch size."""

from io import BytesIO

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
