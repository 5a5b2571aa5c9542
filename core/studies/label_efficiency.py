"""The accuracy of an embedding with few labels, and with all of them.

With few labels per class: k-NN and a linear probe on the features of the shipped encoder, which was
trained on the sample without labels, beside the same network trained from scratch on those labels.
With all labels: the confusion matrix of k-NN, and the scores before and after the projection head.

`python -m core evaluate labels > assets/labels.json` repeats the measurement.
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
from core.evaluation.knn_accuracy import K, knn_accuracy, knn_predict
from core.evaluation.linear_probe import fit_linear_probe
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import N_CLASSES, SimClr, learning_rate
from core.models.encoder import build_encoder
from core.seeding import generator, seeded
from core.training.provenance import provenance
from core.zoo.weights import load_shipped_method

WEIGHTS = "simclr"
COMMAND = "python -m core evaluate labels > assets/labels.json"
PER_CLASS = (1, 5, 10, 100, 400)  # labels; the last is all of the sample
SEEDS = 5
STUDENT_95 = 2.776  # standard errors either side of a mean over 5 that cover 95 %
SCRATCH_STEPS = 500
SCRATCH_BATCH = 64
TICKS = 4 * len(PER_CLASS)  # calls of `tick`: four ways of using labels

Score = Callable[[LabelledImages, int], float]  # labelled pictures and a seed to an accuracy


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """The whole study, in minutes. Calls `tick` `TICKS` times."""
    began = time.process_time()
    method = load_shipped_method(WEIGHTS, SimClr)
    curves: dict[str, dict[str, list[float]]] = {}
    for name, (score, is_random) in _ways(method).items():
        curves[name] = {"accuracy": [], "interval": []}
        for per_class in PER_CLASS:
            is_repeated = is_random or per_class < PER_CLASS[-1]
            mean, interval = over_seeds(score, per_class, SEEDS if is_repeated else 1)
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
    """Mean accuracy with `per_class` labels per class, and the half-width of its 95 % interval.

    Each seed draws its own labels, the same for every way of using them. A deterministic score
    needs a single seed and has the interval 0.
    """
    values = torch.tensor([score(labelled(per_class, seed), seed) for seed in range(seeds)])
    error = values.double().std(correction=min(1, seeds - 1)).item() / math.sqrt(seeds)
    return round(values.double().mean().item(), 4), round(STUDENT_95 * error, 4)


def labelled(per_class: int, seed: int) -> LabelledImages:
    """Digits of each class, drawn from those on which SimCLR was trained without labels."""
    digits = load_digits("sample", "train")
    random = generator("labels", seed)
    rows = [
        members[torch.randperm(len(members), generator=random)[:per_class]]
        for members in ((digits.labels == label).nonzero()[:, 0] for label in range(N_CLASSES))
    ]
    chosen = torch.cat(rows)
    return LabelledImages(digits.images[chosen], digits.labels[chosen])


def head_scores(method: SimClr) -> dict[str, dict[str, float]]:
    """k-NN and linear probe with all labels, on the features h and on the projections z."""
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
    """The confusion matrix (10, 10) of k-NN on held-out digits: true class by predicted class."""
    train, held_out = load_digits("sample", "train"), load_digits("sample", "held_out")
    predicted = knn_predict(method.embed(held_out.images), method.embed(train.images), train.labels)
    pairs = torch.bincount(held_out.labels * N_CLASSES + predicted, minlength=N_CLASSES**2)
    return pairs.reshape(N_CLASSES, N_CLASSES)


def train_from_scratch(
    digits: LabelledImages, config: SimClrConfig, seed: int, with_views: bool
) -> nn.Module:
    """The encoder of a config with a linear layer, trained to classify these digits.

    Optimiser and schedule are SimCLR's; `with_views`, so are the augmentations.
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
    """The ways of using labels by name, and whether each is random for given labels."""
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
