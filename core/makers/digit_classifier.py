"""Trains `assets/weights/digit_classifier.safetensors`, the classifier of completed digits.

    python -m core.makers.digit_classifier

Trains on MNIST's 60,000 digits without those that Glimpse completes, shifted by up to two pixels.
Takes two minutes on one core.
"""

import time

import torch
import torch.nn.functional as F
from safetensors.torch import save
from torch import Tensor
from tqdm import trange

from core.data.digits import load_digits
from core.data.images import to_unit
from core.evaluation.digit_classifier import N_CLASSES, WEIGHTS, DigitClassifier, accuracy
from core.seeding import generator, seeded
from core.training.files import replace_file, replace_json
from core.training.provenance import provenance

STEPS = 2500
BATCH = 128
LEARNING_RATE = 3e-3  # peak rate of Adam, which falls linearly to 0
SHIFT = 2  # pixels


def train() -> DigitClassifier:
    """The trained classifier."""
    digits = load_digits("mnist", "train")
    with seeded("reader"):  # the name is the seed: with another one the weights would differ
        classifier = DigitClassifier()
    optimizer = torch.optim.Adam(classifier.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0, STEPS)
    classifier.train()
    for step in trange(STEPS):
        random = generator("reader", step)
        batch = torch.randint(len(digits), (BATCH,), generator=random)
        logits = classifier(shifted(to_unit(digits.images[batch]), random))
        optimizer.zero_grad()
        F.cross_entropy(logits, digits.labels[batch]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return classifier


def shifted(pictures: Tensor, random: torch.Generator) -> Tensor:
    """Pictures `(B, 1, H, W)`, each shifted by up to `SHIFT` pixels; black moves in."""
    n, side = len(pictures), pictures.shape[-1]
    start = torch.randint(2 * SHIFT + 1, (n, 2), generator=random)  # in the padded picture
    line = start[..., None] + torch.arange(side)  # (B, 2, H)
    padded = F.pad(pictures[:, 0], (SHIFT,) * 4)
    return padded[torch.arange(n)[:, None, None], line[:, 0, :, None], line[:, 1, None, :]][:, None]


def main() -> None:
    began = time.process_time()
    classifier = train()
    test = load_digits("mnist", "held_out")
    replace_file(WEIGHTS, save({k: v.contiguous() for k, v in classifier.state_dict().items()}))
    card = {
        "title": "DigitClassifier",
        "command": "python -m core.makers.digit_classifier",
        "classes": N_CLASSES,
        "steps": STEPS,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "figures": {"accuracy": round(accuracy(classifier, test.images, test.labels), 4)},
    }
    replace_json(WEIGHTS.with_suffix(".json"), card)
    print(f"{card['figures']} on MNIST's test digits, {WEIGHTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
