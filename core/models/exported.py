"""Networks as `torch.export` files, which run without the code of Glimpse."""

from copy import deepcopy
from io import BytesIO

import torch
from torch import Tensor, nn

from core.models.encoder import GREY, Encoder


def exported_encoder(encoder: Encoder) -> bytes:
    """A `torch.export` program (.pt2): pictures (B, C, H, W) to features (B, D), for any B.

    Pictures are float32 in [0, 1], grey ones with ink = 1. Load it with
    `torch.export.load(file).module()`.
    """
    return _exported(encoder, (torch.zeros(2, *encoder.picture),))


def exported_completer(completer: nn.Module) -> bytes:
    """As `exported_encoder`: pictures and masks, 1 = visible, to completions (B, 1, 28, 28)."""
    return _exported(completer, (torch.zeros(2, *GREY), torch.ones(2, *GREY)))


def _exported(network: nn.Module, example: tuple[Tensor, ...]) -> bytes:
    batch = torch.export.Dim("batch", min=1)
    copy = deepcopy(network).cpu().eval()
    shapes = tuple({0: batch} for _ in example)
    program = torch.export.export(copy, example, dynamic_shapes=shapes)
    file = BytesIO()
    torch.export.save(program, file)
    return file.getvalue()
