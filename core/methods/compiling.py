"""torch.compile, where the machine can."""

import os
import shutil
from collections.abc import Callable

import torch
from torch import Tensor, nn

from core.errors import GlimpseError


def compiled(network: nn.Module) -> Callable[[Tensor], Tensor]:
    """The network, compiled at its first call. Raises GlimpseError without a C++ compiler.

    It is looked for where torch looks: CXX, or else g++. torch itself would fail at the first step.
    """
    compiler = os.environ.get("CXX", "g++")
    if shutil.which(compiler) is None:
        raise GlimpseError(
            f"compile needs a C++ compiler, and there is no {compiler} on this machine: install it "
            "or leave compile off."
        )
    forward: Callable[[Tensor], Tensor] = torch.compile(network)
    return forward
