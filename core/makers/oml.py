"""Trains `assets/weights/oml.safetensors`, features for learning class after class.

    python -m core.makers.oml

Trains on the background alphabets without those for validation. Takes 12 minutes of one core.
"""

import time
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn
from tqdm import trange

from core.data.omniglot import characters, load_omniglot
from core.methods.lifelong.learners.oml import RATE, OmlHead
from core.methods.lifelong.oml import BEGUN, WEIGHTS, Oml, Stream
from core.methods.lifelong.snapshot import ASKED
from core.seeding import generator
from core.training.files import replace_file, replace_json
from core.training.provenance import provenance

STEPS = 4000
CLASSES, K_SHOT = 40, 2  # of the stream of a meta-step
ANYWHERE = 64  # drawings of any class, about which each step asks too
INNER_RATE = 3.0  # to begin with: that of fine-tuning
LEARNING_RATE = 1e-3  # of Adam; it falls to 0 along half a cosine
ROWS = 10  # times that rate for the linear layer, since features of length 1 need large weights
LARGEST_GRADIENT = 10.0
RATES = (0.01, 0.03, 0.1, 0.3, 1.0)  # of the learner, tried on validation alphabets


def train(steps: int = STEPS) -> Oml:
    """OML after so many meta-steps."""
    drawings = load_omniglot().images[characters("train", "alphabet")]
    oml = Oml(len(drawings), INNER_RATE)
    rest = [*oml.network.parameters(), oml.log_rate]
    groups: list[dict[str, Any]] = [
        {"params": rest},
        {"params": [oml.weight], "lr": ROWS * LEARNING_RATE},
    ]
    optimizer = torch.optim.Adam(groups, lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in trange(1, steps + 1):
        optimizer.zero_grad()
        oml.loss(sample_stream(drawings, step)).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(oml.parameters(), LARGEST_GRADIENT)
        optimizer.step()
        schedule.step()
    return oml


def sample_stream(drawings: Tensor, step: int) -> Stream:
    """A stream of classes of drawings uint8 (C, 20, 28, 28), the examples of each in a row."""
    random = generator("oml", step)
    n_classes, n_drawings = drawings.shape[:2]
    chosen = torch.randperm(n_classes, generator=random)[:CLASSES]
    of_each = torch.rand(CLASSES, n_drawings, generator=random).argsort(1)[:, : K_SHOT + 1]
    shown = drawings[chosen[:, None], of_each]  # (CLASSES, K_SHOT + 1, 28, 28)
    anywhere = torch.randint(n_classes, (ANYWHERE,), generator=random)
    others = drawings[anywhere, torch.randint(n_drawings, (ANYWHERE,), generator=random)]
    return Stream(
        shown[:, :K_SHOT].flatten(0, 1),
        chosen.repeat_interleave(K_SHOT),
        torch.cat([shown[:, K_SHOT], others]),
        torch.cat([chosen, anywhere]),
    )


def right_at_the_end(rate: float) -> float:
    """What the learner knows of the validation characters, once all have come at this rate."""
    drawings = load_omniglot().images[characters("validation", "alphabet")]
    learner = OmlHead(0, len(drawings))
    learner.rate = rate
    labels = torch.arange(len(drawings))
    learnt = drawings[:, :-ASKED]
    learner.learn(learnt.flatten(0, 1), labels.repeat_interleave(learnt.shape[1]))
    answers = learner.answers(drawings[:, -ASKED:].flatten(0, 1))
    return (answers == labels.repeat_interleave(ASKED)).float().mean().item()


def main() -> None:
    began = time.process_time()
    network = train().network
    minutes = round((time.process_time() - began) / 60, 1)
    replace_file(WEIGHTS, save({k: v.half() for k, v in network.state_dict().items()}))
    right = {str(rate): round(right_at_the_end(rate), 4) for rate in RATES}
    card = {
        "title": "OML",
        "command": "python -m core.makers.oml",
        "begun_with": BEGUN,
        "steps": STEPS,
        "minutes": minutes,
        **provenance(torch.device("cpu")),
        "rate": RATE,
        "validation_by_rate": right,
    }
    replace_json(WEIGHTS.with_suffix(".json"), card)
    print(f"right on validation alphabets, by rate: {right}")


if __name__ == "__main__":
    main()
