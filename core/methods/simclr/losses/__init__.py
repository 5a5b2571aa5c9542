"""The losses of N positive pairs by name: a file or a function each, and a line here."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from core.methods.simclr.losses.barlow_twins import barlow_twins
from core.methods.simclr.losses.contrastive import attraction, dcl, nt_xent
from core.methods.simclr.losses.simsiam import SimSiam
from core.methods.simclr.losses.vicreg import vicreg

CONTRASTIVE = {"nt-xent": nt_xent, "dcl": dcl, "attraction": attraction}  # have a temperature
OF_THE_BATCH = {"vicreg": vicreg, "barlow-twins": barlow_twins}
TRAINED: dict[str, type[nn.Module]] = {"simsiam": SimSiam}  # have weights, made for D dimensions


class Objective(nn.Module):
    """A loss by its name, in full precision, with the weights that it may have."""

    def __init__(self, name: str, dimension: int, temperature: float) -> None:
        super().__init__()
        self.loss: Callable[[Tensor, Tensor], Tensor]
        if name in CONTRASTIVE:
            self.loss = partial(CONTRASTIVE[name], temperature=temperature)
        elif name in OF_THE_BATCH:
            self.loss = OF_THE_BATCH[name]
        else:
            self.loss = TRAINED[name](dimension)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """The loss of z (N, D) and z (N, D), whose rows are positive pairs: a scalar."""
        exact = torch.promote_types(
            first.dtype, torch.float32
        )  # half precision cannot hold the sums
        return self.loss(first.to(exact), second.to(exact))
