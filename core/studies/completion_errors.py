"""The error of every way to complete a digit, by kind of mask and by share of hidden pixels.

`python -m core evaluate completions > assets/completions.json` repeats the measurement.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.data.digits import load_digits
from core.data.images import to_bytes, to_unit
from core.data.masks import ALL_KINDS, held_out_masks, paste, random_pixels
from core.evaluation.classical import classical
from core.evaluation.image_quality import mean_over
from core.methods.inpainting.method import Inpainting
from core.seeding import generator
from core.training.provenance import provenance
from core.zoo.weights import load_shipped_method

COMMAND = "python -m core evaluate completions > assets/completions.json"
DIGITS = 200
SHARES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.95)  # hidden, of random pixels
NETWORKS = {"U-Net": "inpainting", "Autoencoder": "autoencoder"}
TICKS = len(ALL_KINDS) + len(SHARES)  # calls of `tick`


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """Mean squared errors over hidden pixels. Calls `tick` `TICKS` times."""
    networks = {
        name: load_shipped_method(shipped, Inpainting) for name, shipped in NETWORKS.items()
    }
    pictures = to_unit(load_digits("sample", "held_out").images[:DIGITS])

    def evaluate(masks: Tensor) -> dict[str, float]:
        tick()
        return errors(networks, pictures, masks)

    kinds = {kind: evaluate(held_out_masks(kind, DIGITS, _generator(kind))) for kind in ALL_KINDS}
    shares = [
        evaluate(random_pixels(DIGITS, _generator(share), (share, share))) for share in SHARES
    ]
    return {
        "command": COMMAND,
        **provenance(torch.device("cpu")),
        "digits": DIGITS,
        "kinds": kinds,
        "shares": list(SHARES),
        "by_share": {name: [row[name] for row in shares] for name in shares[0]},
    }


def errors(networks: dict[str, Inpainting], pictures: Tensor, masks: Tensor) -> dict[str, float]:
    """Mean squared error by name, over the hidden pixels of pictures `(B, 1, 28, 28)`."""
    completions = {name: each.complete(pictures, masks) for name, each in networks.items()}
    rows = [
        classical(*each)
        for each in zip(to_bytes(pictures).numpy(), masks[:, 0].numpy(), strict=True)
    ]
    for name in rows[0]:
        completions[name] = to_unit(torch.from_numpy(np.stack([row[name] for row in rows])))
    return {
        name: round(_error(paste(pictures, raw, masks), pictures, masks), 5)
        for name, raw in completions.items()
    }


def _error(completed: Tensor, pictures: Tensor, masks: Tensor) -> float:
    return mean_over((completed - pictures).square(), 1 - masks).mean().item()


def _generator(masks: object) -> torch.Generator:
    return generator("completion errors", str(masks))
