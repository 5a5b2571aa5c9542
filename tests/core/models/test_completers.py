"""The two completers: shapes, size, and the layers of the plain recipe."""

import numpy as np
import pytest
import torch
from torch import nn

from core.data.masks import centre_box
from core.models.autoencoder import Autoencoder
from core.models.unet import LEVELS, UNet, expected_ink, ink_deviation, nearest_level
from core.seeding import generator, seeded


@pytest.mark.parametrize(
    ("model", "channels"), [(Autoencoder(), 1), (UNet(8), LEVELS), (UNet(32), LEVELS)]
)
def test_gives_a_picture_or_logits_for_a_picture(model: nn.Module, channels: int) -> None:
    pictures = torch.rand(3, 1, 28, 28, generator=generator("pictures"))
    assert model(pictures, torch.ones_like(pictures)).shape == (3, channels, 28, 28)


def test_mean_and_deviation_are_those_of_the_greys_that_logits_make_likely() -> None:
    logits = torch.randn(2, LEVELS, 28, 28, generator=generator("logits"))
    likely = logits[1, :, 5, 6].double().softmax(dim=0).numpy()
    greys = np.arange(LEVELS) / (LEVELS - 1)
    mean = np.average(greys, weights=likely)
    variance = np.average((greys - mean) ** 2, weights=likely)
    assert expected_ink(logits)[1, 0, 5, 6].item() == pytest.approx(mean, abs=1e-6)
    assert ink_deviation(logits)[1, 0, 5, 6].item() == pytest.approx(variance**0.5, abs=1e-5)


def test_a_level_is_the_nearest_of_nine_greys() -> None:
    greys = torch.arange(256).view(1, 1, 16, 16) / 255
    away = (nearest_level(greys) / (LEVELS - 1) - greys).abs()
    assert away.max() <= 1 / 16 + 1e-6
    assert set(nearest_level(greys).flatten().tolist()) == set(range(LEVELS))


def test_a_unet_that_does_not_know_the_mask_takes_hidden_for_black() -> None:
    with seeded("model"):
        model = UNet(8, knows_mask=False)
    black = torch.zeros(1, 1, 28, 28)
    assert torch.equal(model(black, torch.ones_like(black)), model(black, centre_box(1)))


def test_the_plain_autoencoder_has_the_layers_of_its_recipe() -> None:
    widths = [m.in_features for m in Autoencoder().modules() if isinstance(m, nn.Linear)]
    assert widths == [784, 256, 128, 256]
    assert sum(p.numel() for p in Autoencoder().parameters()) == sum(
        a * b + b for a, b in ((784, 256), (256, 128), (128, 256), (256, 784))
    )


def test_the_autoencoder_works_on_a_scale_from_minus_one_to_one_with_hidden_at_zero() -> None:
    received: list[torch.Tensor] = []
    model = Autoencoder()
    model.layers[0].register_forward_pre_hook(lambda _m, inputs: received.append(inputs[0]))
    pictures = torch.tensor([0.0, 1.0, 0.0]).view(3, 1, 1, 1).expand(3, 1, 28, 28)
    masks = torch.tensor([1.0, 1.0, 0.0]).view(3, 1, 1, 1).expand(3, 1, 28, 28)
    model(pictures, masks)
    assert received[0][:, 0].tolist() == [-1.0, 1.0, 0.0]


def test_the_unet_fits_a_megabyte_and_a_half() -> None:
    assert sum(p.numel() for p in UNet(32).parameters()) * 4 < 1_500_000


def test_the_unet_tells_a_hidden_pixel_from_an_empty_one() -> None:
    with seeded("model"):
        model = UNet(8)
    black = torch.zeros(1, 1, 28, 28)
    assert not torch.equal(model(black, torch.ones_like(black)), model(black, centre_box(1)))


def test_the_unet_sees_the_whole_picture_from_each_pixel() -> None:
    with seeded("model"):
        model = UNet(8)
        for block in model.middle:
            nn.init.normal_(next(block.parameters()))
    picture = torch.rand(1, 1, 28, 28, generator=generator("picture")).requires_grad_()
    model(picture, torch.ones_like(picture))[0, -1, 0, 0].backward()
    assert picture.grad is not None
    assert (picture.grad != 0).float().mean() > 0.95
