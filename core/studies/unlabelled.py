"""What unlabelled drawings bring to tasks with one labelled drawing of each class.

Both scales of soft k-means are chosen on tasks of the validation alphabets; the accuracies are of
tasks of the evaluation alphabets, those that the page Lifelong shows.
`python -m core evaluate unlabelled > assets/unlabelled.json` repeats the measurement.
"""

import time
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor

from core.data.omniglot import Split, characters, load_omniglot
from core.evaluation.few_shot import estimate
from core.methods.lifelong.features import load_features
from core.methods.lifelong.soft_k_means import (
    MOST_UNLABELLED,
    QUERIES,
    STEPS,
    UNLABELLED,
    WAYS,
    Task,
    draw_task,
    right,
    soft_k_means,
    task_of,
)
from core.training.provenance import provenance

COMMAND = "python -m core evaluate unlabelled > assets/unlabelled.json"
FEATURES = "alphabet"
VALIDATION_TASKS, TASKS = 500, 1000
AT_ONCE = 100  # tasks in memory
SCALES = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0, 20.0, 30.0, 50.0, 100.0)
LENGTHS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 3.0, 4.0)
CONDITIONS = tuple(product((UNLABELLED, MOST_UNLABELLED), (False, True), (False, True)))
TICKS = len(SCALES) + len(LENGTHS) + len(CONDITIONS)


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """The choice of the scales, and the means over test tasks before and after each step.

    `rows` are of every number of unlabelled drawings of a class, with and without distractors, with
    and without a cluster for them; `better` and `worse` are shares of tasks after the last step.
    """
    began = time.process_time()
    chosen = choose(split_features("validation"), VALIDATION_TASKS, tick)
    features = split_features("test")
    rows = []
    for n_unlabelled, distractors, cluster in CONDITIONS:
        length = chosen["length"] if cluster else None
        scores = score(features, TASKS, n_unlabelled, distractors, length, chosen["scale"])
        rows.append(
            {
                "unlabelled": n_unlabelled, "distractors": distractors, "cluster": cluster,
                **summary(scores),
            }
        )  # fmt: skip
        tick()
    return {
        "command": COMMAND,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "features": FEATURES,
        "ways": WAYS,
        "queries": QUERIES,
        "tasks": TASKS,
        "validation_tasks": VALIDATION_TASKS,
        **chosen,
        "rows": rows,
    }


def split_features(split: Split) -> Tensor:
    """Of all drawings of a split's characters: (C, 20, D)."""
    pictures = load_omniglot().images[characters(split, "alphabet")]
    features = load_features(FEATURES)(pictures.flatten(0, 1))
    return features.view(*pictures.shape[:2], -1)


def choose(features: Tensor, n_tasks: int, tick: Callable[[], object]) -> dict[str, Any]:
    """First the scale without distractors, then with it the length with them: the best at the end.

    `by_scale` and `by_length` are the accuracies after the last step, in the order of SCALES and
    LENGTHS.
    """

    def end(distractors: bool, length: float | None, scale: float) -> float:
        tick()
        scores = score(features, n_tasks, UNLABELLED, distractors, length, scale)
        return round(scores[:, -1].mean().item(), 4)

    by_scale = [end(False, None, scale) for scale in SCALES]
    scale = best(SCALES, by_scale)
    by_length = [end(True, length, scale) for length in LENGTHS]
    return {
        "scales": list(SCALES), "by_scale": by_scale, "scale": scale,
        "lengths": list(LENGTHS), "by_length": by_length, "length": best(LENGTHS, by_length),
    }  # fmt: skip


def best(values: Sequence[float], accuracies: Sequence[float]) -> float:
    """The value with the highest accuracy, the first of several."""
    return values[max(range(len(values)), key=accuracies.__getitem__)]


def score(
    features: Tensor,
    n_tasks: int,
    n_unlabelled: int,
    distractors: bool,
    length: float | None,
    scale: float,
) -> Tensor:
    """The share of right queries of each task before and after each step: (T, S + 1)."""
    parts = []
    for first in range(0, n_tasks, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, n_tasks))
        parts.append(_score(_tasks(features, numbers, n_unlabelled), distractors, length, scale))
    return torch.cat(parts)


def summary(scores: Tensor) -> dict[str, Any]:
    """Means of (T, S + 1) with their 95 % intervals, and how many tasks gained and lost."""
    estimates = [estimate(column) for column in scores.unbind(1)]
    gained, lost = (scores[:, -1] > scores[:, 0], scores[:, -1] < scores[:, 0])
    return {
        "accuracy": [round(each.mean, 4) for each in estimates],
        "interval": [round(each.interval, 4) for each in estimates],
        "better": round(gained.float().mean().item(), 4),
        "worse": round(lost.float().mean().item(), 4),
    }


def _tasks(features: Tensor, numbers: Sequence[int], n_unlabelled: int) -> Task:
    drawn = [draw_task(len(features), number) for number in numbers]
    chosen, drawings = (torch.stack(each) for each in zip(*drawn, strict=True))
    return task_of(features[chosen, drawings], n_unlabelled)


def _score(task: Task, distractors: bool, length: float | None, scale: float) -> Tensor:
    seen = [task.unlabelled, task.distractors] if distractors else [task.unlabelled]
    states = soft_k_means(task.labelled, torch.cat(seen, -2), length, scale, STEPS)
    return torch.stack([right(task.queries, state.prototypes) for state in states], -1)
