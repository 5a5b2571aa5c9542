"""In which numbers a step computes: float32, or bfloat16 where a processor has it."""

from typing import Literal

import torch

Precision = Literal["auto", "float32", "bfloat16"]


def autocast(device: torch.device, precision: Precision) -> torch.autocast:
    """Convolutions and matrix products of the block compute in bfloat16, if that was chosen.

    Weights, sums and batch norms' statistics stay float32.
    """
    halved = precision == "bfloat16" or (precision == "auto" and has_bfloat16(device))
    return torch.autocast(device.type, torch.bfloat16, enabled=halved)


def has_bfloat16(device: torch.device) -> bool:
    """Whether the processor computes in bfloat16 itself, which takes half the time of float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported())
