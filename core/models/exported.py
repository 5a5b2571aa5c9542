"""A network as a file that runs without the code that made it."""

from copy import deepcopy
from io import BytesIO

import torch
from torch import Tensor, nn

from core.models.encoder import IMAGE_SIDE


def exported_encoder(encoder: nn.Module) -> bytes:
    """A `torch.export` program (.pt2): pictures (B, 1, 28, 28) to features (B, D), for any B.

    Pictures are float32 in [0, 1] with ink = 1. `torch.export.load(file).module()` runs it.
    """
    return _exported(encoder, (_example(),))


def exported_completer(completer: nn.Module) -> bytes:
    """As `exported_encoder`: pictures and masks, 1 = visible, to completions (B, 1, 28, 28)."""
    return _exported(completer, (_example(), torch.ones_like(_example())))


def _example() -> Tensor:
    return torch.zeros(2, 1, IMAGE_SIDE, IMAGE_SIDE)


def _exported(network: nn.Module, example: tuple[Tensor, ...]) -> bytes:
    batch = torch.export.Dim("batch", min=1)
    resting = deepcopy(network).cpu().eval()
    shapes = tuple({0: batch} for _ in example)
    program = torch.export.export(resting, example, dynamic_shapes=shapes)
    file = BytesIO()
    torch.export.save(program, file)
    return file.getvalue()
