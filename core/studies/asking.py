"""What asking costs and brings on the validation alphabets, by threshold: the choice of both.

Two questions are answered here, on characters that no stream of a page has: whether drawings that
were not asked about should move the means, and from which distance on to ask.
`python -m core evaluate asking > assets/asking.json` repeats the measurement.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from core.data.omniglot import characters, load_omniglot
from core.methods.lifelong.asking import (
    Drawings,
    Rule,
    above,
    arriving,
    at_random,
    everything,
    run_course,
)
from core.methods.lifelong.features import load_features
from core.methods.lifelong.novelty import roc
from core.methods.lifelong.stream import DRAWINGS, shuffled
from core.training.provenance import provenance

COMMAND = "python -m core evaluate asking > assets/asking.json"
FEATURES, CLASSES, STREAMS = "alphabet", 100, 10
THRESHOLDS = [round(0.4 + 0.02 * place, 2) for place in range(31)]
SAME_LABELS = (100, 150, 200, 300, 400)  # at which the ways are compared
KEPT = 0.9  # of the accuracy of asking about everything, which the threshold has to keep
TICKS = STREAMS


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """Means over streams; `ways` are [labels, share right] at the end, for each threshold."""
    began = time.process_time()
    streams = []
    for seed in range(STREAMS):
        streams.append(measure_stream(validation_drawings(seed), seed))
        tick()
    mean = {
        name: np.mean([stream[name] for stream in streams], axis=0).round(4).tolist()
        for name in streams[0]
    }
    ways = {name: mean[name] for name in ("skipped", "self_labelled", "random")}
    return {
        "command": COMMAND,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "features": FEATURES,
        "classes": CLASSES,
        "streams": STREAMS,
        "thresholds": THRESHOLDS,
        "ways": ways,
        "everything": mean["everything"],
        "area": mean["area"],
        "labels": list(SAME_LABELS),
        "at_labels": {name: at_labels(np.array(each)) for name, each in ways.items()},
        "threshold": chosen_threshold(np.array(ways["skipped"]), mean["everything"][1]),
    }


def validation_drawings(seed: int) -> Drawings:
    """A stream like that of the page, of characters of the validation alphabets."""
    pictures = load_omniglot().images[characters("validation", "alphabet")]
    chosen = shuffled(len(pictures), DRAWINGS, CLASSES, seed)
    return arriving(pictures[chosen], load_features(FEATURES), seed)


def measure_stream(drawings: Drawings, seed: int) -> dict[str, Any]:
    """As in `measure`, of one stream. `area` is under the ROC where everything is asked about."""

    def end(rule: Rule, self_labelled: bool = False) -> tuple[int, float]:
        course = run_course(drawings, rule, self_labelled, checks=1)
        return int(course.labels[-1]), float(course.right[-1])

    skipped = [end(above(threshold)) for threshold in THRESHOLDS]
    asked = run_course(drawings, everything, checks=1)
    return {
        "skipped": skipped,
        "self_labelled": [end(above(threshold), True) for threshold in THRESHOLDS],
        "random": [end(at_random(len(asked.seen), labels, seed)) for labels, _ in skipped],
        "everything": (int(asked.labels[-1]), float(asked.right[-1])),
        "area": roc(asked.distances[1:], asked.is_known[1:]).area,  # the first has no distance
    }


def at_labels(ends: np.ndarray) -> list[float]:
    """The shares right at SAME_LABELS, between the labels and shares (T, 2) of the thresholds."""
    labels, right = ends[ends[:, 0].argsort()].T
    return [round(float(each), 4) for each in np.interp(SAME_LABELS, labels, right)]


def chosen_threshold(ends: np.ndarray, right_of_everything: float) -> float:
    """The highest threshold that keeps enough: labels and shares (T, 2) as in THRESHOLDS."""
    enough = ends[:, 1] >= KEPT * right_of_everything
    return max(each for each, is_enough in zip(THRESHOLDS, enough, strict=True) if is_enough)
