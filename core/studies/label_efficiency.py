"""The accuracy of an embedding with few labels, and with all of them.

With few labels per class: what `core.studies.label_uses` makes of them with the shipped encoder
that was trained on all of MNIST without labels, and with the same network from scratch. The labels
and the digits to classify are the sample's.
With all labels: the confusion matrix of k-NN, and the scores before and after the projection head.

`python -m core evaluate labels > assets/labels.json` repeats the measurement.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from core.data.digits import load_digits
from core.evaluation.knn_accuracy import knn_accuracy, knn_predict
from core.evaluation.label_propagation import GRAPH_NEIGHBOURS
from core.evaluation.linear_probe import fit_linear_probe
from core.methods.simclr.method import N_CLASSES, SimClr
from core.seeding import generator
from core.studies.label_uses import (
    FINE_TUNING_RATE,
    TRAINING_STEPS,
    Score,
    ways_of_using,
)
from core.training.provenance import provenance
from core.zoo.weights import load_shipped_method

WEIGHTS = "simclr-mnist"
COMMAND = "python -m core evaluate labels > assets/labels.json"
PER_CLASS = (1, 5, 10, 100, 400)  # labels; the last is all of the sample
SEEDS = 5
STUDENT_95 = 2.776  # standard errors either side of a mean over 5 that cover 95 %
TICKS = 6 * len(PER_CLASS)  # calls of `tick`: six ways of using labels


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """The whole study, in minutes. Calls `tick` `TICKS` times."""
    began = time.process_time()
    method = load_shipped_method(WEIGHTS, SimClr)
    curves: dict[str, dict[str, list[float]]] = {}
    for name, (score, is_random) in ways_of_using(method).items():
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
        "steps": TRAINING_STEPS,
        "rates": {"tuned": FINE_TUNING_RATE, "scratch": method.config.learning_rate},
        "neighbours": GRAPH_NEIGHBOURS,
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


def labelled(per_class: int, seed: int) -> Tensor:
    """The places of digits of each class in the sample, which SimCLR saw without labels."""
    labels = load_digits("sample", "train").labels
    random = generator("labels", seed)
    rows = [
        members[torch.randperm(len(members), generator=random)[:per_class]]
        for members in ((labels == label).nonzero()[:, 0] for label in range(N_CLASSES))
    ]
    return torch.cat(rows)


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


@torch.no_grad()
def _projected(method: SimClr, images: Tensor) -> Tensor:
    """z (N, D) of uint8 images (N, 28, 28)."""
    method.net.eval()
    z: Tensor = method.net.head(method.embed(images))
    return z
