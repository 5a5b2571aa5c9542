"""torch.compile, with an early check for its compiler."""

import os
import shutil
from collections.abc import Callable

import torch
from torch import Tensor, nn

from core.errors import GlimpseError


def compiled(network: nn.Module) -> Callable[[Tensor], Tensor]:
    """The network, compiled at its first call. Raises GlimpseError without a C++ compiler.

    Looks for it where torch does: in CXX, else g++. torch itself would fail at the first step only.
    """
    compiler = os.environ.get("CXX", "g++")
    if shutil.which(compiler) is None:
        raise GlimpseError(
            f"compile needs a C++ compiler, and there is no {compiler} on this machine: install it "
            "or leave compile off."
        )
    forward: Callable[[Tensor], Tensor] = torch.compile(network)
    return forward
