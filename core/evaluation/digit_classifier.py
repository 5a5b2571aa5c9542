"""A small classifier that says which digit it reads in a picture, a completed one for instance.

Trained on whole digits alone, never on completions, by `python -m core.makers.digit_classifier`.
"""

from functools import lru_cache

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from core.data.images import to_unit
from core.models.encoder import SmallEncoder
from core.paths import ASSETS

WEIGHTS = ASSETS / "weights" / "digit_classifier.safetensors"
WIDTH = 16
N_CLASSES = 10
CHUNK = 1000  # pictures at once


class DigitClassifier(nn.Module):
    """The encoder of pictures that SimCLR has too, and a linear layer that names the digit."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = SmallEncoder(WIDTH)
        self.name = nn.Linear(self.encoder.dimension, N_CLASSES)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures `(B, 1, 28, 28)` in [0, 1] to logits `(B, 10)`."""
        logits: Tensor = self.name(self.encoder(pictures))
        return logits


def classify_digits(pictures: np.ndarray) -> np.ndarray:
    """How likely each digit is in pictures uint8 (B, 28, 28), ink = 255: float32 (B, 10)."""
    batches = torch.split(to_unit(torch.from_numpy(pictures)), CHUNK)
    with torch.inference_mode():
        likely = [shipped_classifier()(batch).softmax(dim=1) for batch in batches]
    return torch.cat(likely).numpy()


@lru_cache(maxsize=1)
def shipped_classifier() -> DigitClassifier:
    """The trained classifier that comes with Glimpse."""
    reader = DigitClassifier()
    reader.load_state_dict(load_file(WEIGHTS))
    return reader.eval()


def accuracy(reader: DigitClassifier, images: Tensor, labels: Tensor) -> float:
    """The fraction of pictures uint8 (N, 28, 28) in which it reads their label (N,)."""
    reader.eval()
    with torch.inference_mode():
        read = torch.cat(
            [reader(to_unit(batch)).argmax(dim=1) for batch in torch.split(images, CHUNK)]
        )
    return (read == labels).float().mean().item()
