"""What a completer computes on its way: feature maps of one picture, features of many.

A network that can complete a digit must know something of digits: He et al. 2022, "Masked
Autoencoders", keep the features alone and throw the completions away.
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
CODE = 3  # of the plain autoencoder's layers, the ReLU behind its narrowest one


def feature_maps(
    method: Inpainting, picture: np.ndarray, visible: np.ndarray, level: str
) -> np.ndarray:
    """float32 (C, h, w) of a picture uint8 (28, 28) under a mask, at one of `LEVELS`.

    Raises GlimpseError for a network without levels.
    """
    if not isinstance(method.model, UNet):
        raise GlimpseError("The plain autoencoder has no feature maps: choose the U-Net.")
    pictures = to_unit(torch.from_numpy(picture))[None]
    masks = (torch.from_numpy(visible) > 0).float()[None, None]
    part = method.model.get_submodule(LEVELS[level])
    maps: np.ndarray = _outputs(method.model, part, pictures, masks)[0].numpy()
    return maps


def features(method: Inpainting, images: Tensor) -> Tensor:
    """Features (N, D) of whole pictures uint8 (N, 28, 28), where the network is narrowest."""
    model = method.model
    part = model.layers[CODE] if isinstance(model, Autoencoder) else model.get_submodule("middle")
    rows = []
    for batch in torch.split(images, CHUNK):
        pictures = to_unit(batch)
        rows.append(_outputs(model, part, pictures, torch.ones_like(pictures)).flatten(1))
    return torch.cat(rows)


def _outputs(model: nn.Module, part: nn.Module, pictures: Tensor, masks: Tensor) -> Tensor:
    """What `part` gives while the model looks at masked pictures, on the CPU."""
    caught: list[Tensor] = []
    handle = part.register_forward_hook(lambda _part, _inputs, output: caught.append(output))
    device = next(model.parameters()).device
    try:
        with torch.inference_mode():
            model.eval()(conceal(pictures, masks).to(device), masks.to(device))
    finally:
        handle.remove()
    return caught[0].float().cpu()
