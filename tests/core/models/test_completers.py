"""The two completers: shapes, size, and the layers of the plain recipe."""

import pytest
import torch
from torch import nn

from core.data.masks import centre_box
from core.models.autoencoder import Autoencoder
from core.models.unet import UNet
from core.seeding import generator, seeded


@pytest.mark.parametrize("model", [Autoencoder(), UNet(8), UNet(32)])
def test_gives_a_picture_for_a_picture(model: nn.Module) -> None:
    pictures = torch.rand(3, 1, 28, 28, generator=generator("pictures"))
    assert model(pictures, torch.ones_like(pictures)).shape == (3, 1, 28, 28)


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


def test_the_unet_fits_two_megabytes() -> None:
    assert sum(p.numel() for p in UNet(32).parameters()) * 4 < 2_000_000


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
    model(picture, torch.ones_like(picture))[0, 0, 0, 0].backward()
    assert picture.grad is not None
    assert (picture.grad != 0).float().mean() > 0.95
