"""The network of SimCLR, and features of pictures from it."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.pictures import picture_shape
from core.models.encoder import Encoder, ProjectionHead, build_encoder

HEAD_HIDDEN = 128  # width of the projection head's hidden layer
EMBED_CHUNK = 1024  # pictures that are embedded at once
Embed = Callable[[Tensor], Tensor]  # images as `as_input` takes them to (N, D)


class SimClrNet(nn.Module):
    """An encoder and, where the config has one, a projection head."""

    def __init__(self, config: SimClrConfig) -> None:
        super().__init__()
        shape = picture_shape(config.source)
        self.encoder = build_encoder(config.encoder, config.width, shape)
        self.dimension = config.projection if config.head else self.encoder.dimension  # of z
        self.head = (
            ProjectionHead(self.encoder.dimension, HEAD_HIDDEN, config.projection)
            if config.head
            else nn.Identity()
        )

    def forward(self, images: Tensor) -> Tensor:
        """float (B, C, H, W) in [0, 1] to z (B, projection), or to features without a head."""
        z: Tensor = self.head(self.encoder(images))
        return z


@torch.no_grad()
def embed_with(encoder: Encoder, images: Tensor) -> Tensor:
    """Features (N, D) of images as `as_input` takes them; batch norms take running statistics."""
    encoder.eval()
    return torch.cat([encoder(as_input(chunk)) for chunk in torch.split(images, EMBED_CHUNK)])


def pixels(images: Tensor) -> Tensor:
    """The raw pixels as features: uint8 (N, 28, 28) to float (N, 784), photos to (N, 3072)."""
    return as_input(images).flatten(1)


def as_input(images: Tensor) -> Tensor:
    """uint8 (N, 28, 28), or (N, 3, 32, 32), to float32 (N, C, H, W) in [0, 1].

    Floats are in [0, 1] already.
    """
    pictures = images if images.ndim == 4 else images.unsqueeze(1)
    return pictures if pictures.is_floating_point() else pictures.float() / 255
