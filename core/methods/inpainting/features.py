"""The inner activations of a completer: feature maps of one picture, features of many.

He et al. 2022, "Masked Autoencoders", train a network to complete pictures and then use only its
features.
"""

import numpy as np
import torch
from torch import Tensor, nn

from core.data.images import to_unit
from core.data.masks import conceal
from core.errors import GlimpseError
from core.methods.inpainting.method import CHUNK, Inpainting
from core.models.autoencoder import Autoencoder
from core.models.unet import UNet

LEVELS = {"14 × 14, going in": "fine_in", "7 × 7": "middle", "14 × 14, coming out": "fine_out"}
CODE = 3  # index of the ReLU after the autoencoder's narrowest layer


def feature_maps(
    method: Inpainting, picture: np.ndarray, visible: np.ndarray, level: str
) -> np.ndarray:
    """float32 (C, h, w) of a picture uint8 (28, 28), at one of `LEVELS`.

    `visible` is its mask (28, 28), 1 = visible. Raises GlimpseError for the autoencoder.
    """
    if not isinstance(method.model, UNet):
        raise GlimpseError("The autoencoder has no feature maps: choose the U-Net.")
    pictures = to_unit(torch.from_numpy(picture))[None]
    masks = (torch.from_numpy(visible) > 0).float()[None, None]
    part = method.model.get_submodule(LEVELS[level])
    maps: np.ndarray = _outputs(method.model, part, pictures, masks)[0].numpy()
    return maps


def features(method: Inpainting, images: Tensor) -> Tensor:
    """Features (N, D) of whole pictures uint8 (N, 28, 28), from the network's narrowest part."""
    model = method.model
    part = model.layers[CODE] if isinstance(model, Autoencoder) else model.get_submodule("middle")
    rows = []
    for batch in torch.split(images, CHUNK):
        pictures = to_unit(batch)
        rows.append(_outputs(model, part, pictures, torch.ones_like(pictures)).flatten(1))
    return torch.cat(rows)


def _outputs(model: nn.Module, part: nn.Module, pictures: Tensor, masks: Tensor) -> Tensor:
    """The output of `part` on the CPU while the model completes masked pictures."""
    caught: list[Tensor] = []
    handle = part.register_forward_hook(lambda _part, _inputs, output: caught.append(output))
    device = next(model.parameters()).device
    try:
        with torch.inference_mode():
            model.eval()(conceal(pictures, masks).to(device), masks.to(device))
    finally:
        handle.remove()
    return caught[0].float().cpu()
