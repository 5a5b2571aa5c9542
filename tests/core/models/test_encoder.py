"""The encoders by their shapes, ResNet-18 against torchvision's own with its stem exchanged."""

from io import BytesIO

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models import resnet18

from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.models.encoder import EncoderName, ResNet18, build_encoder
from core.models.exported import exported_encoder

GREY, COLOUR = (1, 28, 28), (3, 32, 32)


@pytest.mark.parametrize("picture", [GREY, COLOUR])
@pytest.mark.parametrize(("name", "dimension"), [("small", 8 * 4 * 16), ("resnet18", 512)])
def test_features_of_either_kind_of_picture(
    name: EncoderName, dimension: int, picture: tuple[int, int, int]
) -> None:
    encoder = build_encoder(name, 8, picture)
    assert encoder.dimension == dimension
    assert encoder(torch.rand(2, *picture)).shape == (2, dimension)


def test_the_stem_is_that_for_small_pictures_and_the_rest_torchvisions() -> None:
    encoder, whole = ResNet18(COLOUR), resnet18(weights=None)
    weights = encoder.layers.state_dict()
    stem = weights.pop("conv1.weight")
    assert stem.shape == (64, 3, 3, 3)
    expected = whole.state_dict()
    assert set(expected) - set(weights) == {"conv1.weight", "fc.weight", "fc.bias"}
    whole.load_state_dict(weights, strict=False)
    whole.eval()
    encoder.eval()
    images = torch.rand(2, *COLOUR)
    with torch.no_grad():
        first = F.relu(whole.bn1(F.conv2d(images * 2 - 1, stem, padding=1)))
        maps = nn.Sequential(whole.layer1, whole.layer2, whole.layer3, whole.layer4)(first)
        assert first.shape == (2, 64, 32, 32) and maps.shape == (2, 512, 4, 4)
        torch.testing.assert_close(encoder(images), maps.mean(dim=(2, 3)), atol=1e-5, rtol=1e-4)


def test_a_new_stem_spreads_as_the_other_convolutions_do() -> None:
    """Variance 2 over the outputs that each weight reaches (He et al. 2015)."""
    stem = ResNet18(COLOUR).state_dict()["layers.conv1.weight"]
    assert stem.std().item() == pytest.approx((2 / (64 * 3 * 3)) ** 0.5, rel=0.1)


def test_all_of_a_resnet_learns_and_a_resumed_run_is_the_uninterrupted_one() -> None:
    config = SimClrConfig(encoder="resnet18", steps=4, batch_size=3, device="cpu")
    straight, first, resumed = SimClr(config), SimClr(config), SimClr(config)
    for step in range(1, 5):
        straight.step(step)
    assert all(
        weight.grad is not None and weight.grad.any() for weight in straight.net.parameters()
    )
    for step in (1, 2):
        first.step(step)
    resumed.load_state({name: tensor.clone() for name, tensor in first.state().items()})
    for step in (3, 4):
        resumed.step(step)
    expected, found = straight.state(), resumed.state()
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_an_exported_resnet_gives_the_same_features_for_any_batch() -> None:
    encoder = ResNet18(COLOUR)
    encoder(torch.rand(4, *COLOUR))  # running values that are not those of a new network
    program = torch.export.load(BytesIO(exported_encoder(encoder))).module()
    encoder.eval()
    for n in (1, 3):
        images = torch.rand(n, *COLOUR)
        with torch.no_grad():
            torch.testing.assert_close(program(images), encoder(images), atol=1e-5, rtol=1e-4)
