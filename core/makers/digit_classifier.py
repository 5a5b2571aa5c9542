"""Trains `assets/weights/digit_classifier.safetensors`, the classifier that reads completed digits.

    python -m core.makers.digit_classifier

On MNIST's 60,000 less the digits that Glimpse completes, shifted by up to two pixels; two minutes
of one core.
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
from core.zoo.weights import provenance

STEPS = 2500
BATCH = 128
LEARNING_RATE = 3e-3  # of Adam, at its highest; it falls in a line
SHIFT = 2  # pixels


def train() -> DigitClassifier:
    """A reader of MNIST's training digits."""
    digits = load_digits("mnist", "train")
    with seeded("reader"):
        reader = DigitClassifier()
    optimizer = torch.optim.Adam(reader.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0, STEPS)
    reader.train()
    for step in trange(STEPS):
        random = generator("reader", step)
        batch = torch.randint(len(digits), (BATCH,), generator=random)
        logits = reader(shifted(to_unit(digits.images[batch]), random))
        optimizer.zero_grad()
        F.cross_entropy(logits, digits.labels[batch]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return reader


def shifted(pictures: Tensor, random: torch.Generator) -> Tensor:
    """Pictures `(B, 1, H, W)`, each moved by up to `SHIFT` pixels either way; black moves in."""
    n, side = len(pictures), pictures.shape[-1]
    start = torch.randint(2 * SHIFT + 1, (n, 2), generator=random)  # in the padded picture
    line = start[..., None] + torch.arange(side)  # (B, 2, H)
    padded = F.pad(pictures[:, 0], (SHIFT,) * 4)
    return padded[torch.arange(n)[:, None, None], line[:, 0, :, None], line[:, 1, None, :]][:, None]


def main() -> None:
    began = time.process_time()
    reader = train()
    test = load_digits("mnist", "held_out")
    replace_file(WEIGHTS, save({k: v.contiguous() for k, v in reader.state_dict().items()}))
    card = {
        "title": "DigitClassifier",
        "command": "python -m core.makers.digit_classifier",
        "classes": N_CLASSES,
        "steps": STEPS,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "figures": {"accuracy": round(accuracy(reader, test.images, test.labels), 4)},
    }
    replace_json(WEIGHTS.with_suffix(".json"), card)
    print(f"{card['figures']} on MNIST's test digits, {WEIGHTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
