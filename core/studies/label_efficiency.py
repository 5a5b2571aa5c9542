"""How many labels an embedding saves, and what it knows once it has them all.

With a few labels per class: k-NN and a linear probe on the shipped encoder's features, which saw
all pictures of the sample and no label, against the same net trained from scratch on those labels.
With all of them: what k-NN takes for what, and what the projection head throws away.

`python -m core evaluate labels > assets/labels.json` measures it again.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.data.digits import LabelledImages, load_digits
from core.data.images import to_unit
from core.data.views import augment
from core.evaluation.knn import K, knn_accuracy, knn_predict
from core.evaluation.linear_probe import fit_linear_probe
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import N_CLASSES, SimClr, learning_rate
from core.models.encoder import build_encoder
from core.seeding import generator, seeded
from core.zoo.weights import load_shipped_method, provenance

WEIGHTS = "simclr"
COMMAND = "python -m core evaluate labels > assets/labels.json"
PER_CLASS = (1, 5, 10, 100, 400)  # labels; the last are all that the sample has
SEEDS = 5
STUDENT_95 = 2.776  # standard errors either side of a mean over 5 that cover 95 %
SCRATCH_STEPS = 500
SCRATCH_BATCH = 64
TICKS = 4 * len(PER_CLASS)  # ways of using labels, and how many

Score = Callable[[LabelledImages, int], float]  # of labelled pictures and a seed: accuracy


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """All of it, in minutes; `tick` is called `TICKS` times meanwhile."""
    began = time.process_time()
    method = load_shipped_method(WEIGHTS, SimClr)
    curves: dict[str, dict[str, list[float]]] = {}
    for name, (score, has_luck) in _ways(method).items():
        curves[name] = {"accuracy": [], "interval": []}
        for per_class in PER_CLASS:
            is_drawn = has_luck or per_class < PER_CLASS[-1]
            mean, interval = over_seeds(score, per_class, SEEDS if is_drawn else 1)
            curves[name]["accuracy"].append(mean)
            curves[name]["interval"].append(interval)
            tick()
    head, mistaken = head_scores(method), confusion(method).tolist()
    return {
        "command": COMMAND,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "seeds": SEEDS,
        "steps": SCRATCH_STEPS,
        "per_class": list(PER_CLASS),
        "curves": curves,
        "head": head,
        "confusion": mistaken,
    }


def over_seeds(score: Score, per_class: int, seeds: int = SEEDS) -> tuple[float, float]:
    """Mean accuracy with so many labels per class, and the half-width of its 95 % interval.

    Each seed draws labels of its own, the same ones for every way of using them. The interval of a
    single seed is 0: it is for what no luck is in.
    """
    values = torch.tensor([score(labelled(per_class, seed), seed) for seed in range(seeds)])
    error = values.double().std(correction=min(1, seeds - 1)).item() / math.sqrt(seeds)
    return round(values.double().mean().item(), 4), round(STUDENT_95 * error, 4)


def labelled(per_class: int, seed: int) -> LabelledImages:
    """So many digits of each class, drawn from those that SimCLR saw without their labels."""
    digits = load_digits("sample", "train")
    random = generator("labels", seed)
    rows = [
        members[torch.randperm(len(members), generator=random)[:per_class]]
        for members in ((digits.labels == label).nonzero()[:, 0] for label in range(N_CLASSES))
    ]
    chosen = torch.cat(rows)
    return LabelledImages(digits.images[chosen], digits.labels[chosen])


def head_scores(method: SimClr) -> dict[str, dict[str, float]]:
    """k-NN and linear probe, all labels, on the features h and on what the head makes of them."""
    train, held_out = load_digits("sample", "train"), load_digits("sample", "held_out")
    scores = {}
    for name, embed in (("h", method.embed), ("z", lambda images: _projected(method, images))):
        bank, queries = embed(train.images), embed(held_out.images)
        probe = fit_linear_probe(bank, train.labels, N_CLASSES)
        scores[name] = {
            "dimensions": bank.shape[1],
            "knn_accuracy": round(knn_accuracy(queries, held_out.labels, bank, train.labels), 4),
            "probe_accuracy": round(probe.accuracy(queries, held_out.labels), 4),
        }
    return scores


def confusion(method: SimClr) -> Tensor:
    """How many held-out digits of each class (rows) k-NN takes for which (columns), (10, 10)."""
    train, held_out = load_digits("sample", "train"), load_digits("sample", "held_out")
    predicted = knn_predict(method.embed(held_out.images), method.embed(train.images), train.labels)
    pairs = torch.bincount(held_out.labels * N_CLASSES + predicted, minlength=N_CLASSES**2)
    return pairs.reshape(N_CLASSES, N_CLASSES)


def train_from_scratch(
    digits: LabelledImages, config: SimClrConfig, seed: int, with_views: bool
) -> nn.Module:
    """The encoder of a config under a linear layer, trained to name these digits.

    Optimiser and schedule are SimCLR's, and `with_views` the pictures are augmented as it does.
    """
    with seeded("from scratch", seed):
        encoder = build_encoder(config.encoder, config.width)
        net = nn.Sequential(encoder, nn.Linear(encoder.dimension, N_CLASSES))
    optimizer = torch.optim.Adam(net.parameters())
    config = config.model_copy(update={"steps": SCRATCH_STEPS})
    net.train()
    for step in range(1, SCRATCH_STEPS + 1):
        random = generator("from scratch", seed, step)
        batch = torch.randperm(len(digits), generator=random)[:SCRATCH_BATCH]
        images = to_unit(digits.images[batch])
        if with_views:
            images = augment(images, config.augmentation(), random)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, config)
        optimizer.zero_grad()
        F.cross_entropy(net(images), digits.labels[batch]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return net.eval()


def _ways(method: SimClr) -> dict[str, tuple[Score, bool]]:
    """The ways of using labels by name, and whether there is luck in them beside that of labels."""
    held_out = load_digits("sample", "held_out")
    queries = method.embed(held_out.images)

    def by_neighbours(digits: LabelledImages, _seed: int) -> float:
        k = min(K, len(digits) // N_CLASSES)
        return knn_accuracy(queries, held_out.labels, method.embed(digits.images), digits.labels, k)

    def by_probe(digits: LabelledImages, _seed: int) -> float:
        probe = fit_linear_probe(method.embed(digits.images), digits.labels, N_CLASSES)
        return probe.accuracy(queries, held_out.labels)

    @torch.no_grad()
    def accuracy(net: nn.Module) -> float:
        predicted = net(to_unit(held_out.images)).argmax(1)
        share: float = (predicted == held_out.labels).float().mean().item()
        return share

    def from_scratch(with_views: bool) -> Score:
        return lambda digits, seed: accuracy(
            train_from_scratch(digits, method.config, seed, with_views)
        )

    return {
        "knn": (by_neighbours, False),
        "probe": (by_probe, False),
        "scratch_views": (from_scratch(with_views=True), True),
        "scratch": (from_scratch(with_views=False), True),
    }


@torch.no_grad()
def _projected(method: SimClr, images: Tensor) -> Tensor:
    """z (N, D) of uint8 images (N, 28, 28)."""
    method.net.eval()
    z: Tensor = method.net.head(method.embed(images))
    return z
