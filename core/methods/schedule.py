"""How a learning rate falls during training."""

import math


def cosine_decay(highest: float, done: float, total: float = 1.0) -> float:
    """Half a cosine: `highest` where nothing is done, 0 where `done` is `total`.

    Loshchilov & Hutter 2017, "SGDR", equation 5, without restarts.
    """
    # The order of the operations decides the last bit, and runs repeat bit for bit.
    return highest * (1 + math.cos(math.pi * done / total)) / 2
