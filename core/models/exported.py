"""An encoder as a file that runs without the code that made it."""

from copy import deepcopy
from io import BytesIO

import torch
from torch import nn

from core.models.encoder import IMAGE_SIDE


def exported_encoder(encoder: nn.Module) -> bytes:
    """A `torch.export` program (.pt2): pictures (B, 1, 28, 28) to features (B, D), for any B.

    Pictures are float32 in [0, 1] with ink = 1. `torch.export.load(file).module()` runs it.
    """
    example = torch.zeros(2, 1, IMAGE_SIDE, IMAGE_SIDE)
    batch = torch.export.Dim("batch", min=1)
    resting = deepcopy(encoder).cpu().eval()
    program = torch.export.export(resting, (example,), dynamic_shapes=({0: batch},))
    file = BytesIO()
    torch.export.save(program, file)
    return file.getvalue()
