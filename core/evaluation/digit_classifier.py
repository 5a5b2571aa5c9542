"""A small classifier of digits, with which completed pictures are evaluated.

Trained by `python -m core.makers.digit_classifier`, on whole digits only and never on completions.
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
CHUNK = 1000  # pictures per forward pass


class DigitClassifier(nn.Module):
    """SimCLR's small encoder and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = SmallEncoder(WIDTH)
        self.name = nn.Linear(self.encoder.dimension, N_CLASSES)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures `(B, 1, 28, 28)` in [0, 1] to logits `(B, 10)`."""
        logits: Tensor = self.name(self.encoder(pictures))
        return logits


def classify_digits(pictures: np.ndarray) -> np.ndarray:
    """Probabilities float32 (B, 10) of the digits in pictures uint8 (B, 28, 28), ink = 255."""
    batches = torch.split(to_unit(torch.from_numpy(pictures)), CHUNK)
    with torch.inference_mode():
        likely = [shipped_classifier()(batch).softmax(dim=1) for batch in batches]
    return torch.cat(likely).numpy()


@lru_cache(maxsize=1)
def shipped_classifier() -> DigitClassifier:
    """The trained classifier that comes with Glimpse."""
    classifier = DigitClassifier()
    classifier.load_state_dict(load_file(WEIGHTS))
    return classifier.eval()


def accuracy(classifier: DigitClassifier, images: Tensor, labels: Tensor) -> float:
    """The fraction of pictures uint8 (N, 28, 28) that are classified as their label (N,)."""
    classifier.eval()
    with torch.inference_mode():
        predicted = torch.cat(
            [classifier(to_unit(batch)).argmax(dim=1) for batch in torch.split(images, CHUNK)]
        )
    return (predicted == labels).float().mean().item()
