"""k-NN and linear-probe accuracy of a completer's features, beside those of other features.

`python -m core evaluate features > assets/features.json` repeats the measurement.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from core.data.digits import load_digits
from core.data.images import to_unit
from core.evaluation.knn_accuracy import knn_accuracy
from core.evaluation.linear_probe import fit_linear_probe
from core.methods.inpainting.features import features
from core.methods.inpainting.method import Inpainting
from core.methods.simclr.method import N_CLASSES, SimClr
from core.training.provenance import provenance
from core.zoo.weights import load_shipped_method

COMMAND = "python -m core evaluate features > assets/features.json"


def measure() -> dict[str, Any]:
    """k-NN and linear probe on the sample: 4,000 digits with labels, 1,000 to classify."""
    train, held_out = load_digits("sample", "train"), load_digits("sample", "held_out")
    rows = {}
    for name, embed in _embeddings().items():
        bank, queries = embed(train.images), embed(held_out.images)
        probe = fit_linear_probe(bank, train.labels, N_CLASSES)
        rows[name] = {
            "dimensions": bank.shape[1],
            "knn_accuracy": round(knn_accuracy(queries, held_out.labels, bank, train.labels), 4),
            "probe_accuracy": round(probe.accuracy(queries, held_out.labels), 4),
        }
    return {
        "command": COMMAND,
        **provenance(torch.device("cpu")),
        "features": rows,
    }


def _embeddings() -> dict[str, Callable[[Tensor], Tensor]]:
    """Functions from uint8 (N, 28, 28) to features (N, D), by name."""
    unet = load_shipped_method("inpainting", Inpainting)
    plain = load_shipped_method("autoencoder", Inpainting)
    simclr = load_shipped_method("simclr-mnist", SimClr)
    return {
        "Raw pixels": lambda images: to_unit(images).flatten(1),
        "Autoencoder": lambda images: features(plain, images),
        "U-Net": lambda images: features(unet, images),
        "SimCLR": simclr.embed,
    }
