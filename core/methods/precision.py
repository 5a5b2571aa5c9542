"""The number format of training steps: float32, or bfloat16 where the processor supports it."""

from typing import Literal

import torch

Precision = Literal["auto", "float32", "bfloat16"]


def autocast(device: torch.device, precision: Precision) -> torch.autocast:
    """A block whose convolutions and matrix products run in bfloat16, if that was chosen.

    Weights, sums and the statistics of batch norms stay in float32.
    """
    is_half = precision == "bfloat16" or (precision == "auto" and has_bfloat16(device))
    return torch.autocast(device.type, torch.bfloat16, enabled=is_half)


def has_bfloat16(device: torch.device) -> bool:
    """Whether the processor supports bfloat16 natively, at half the time of float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported())
