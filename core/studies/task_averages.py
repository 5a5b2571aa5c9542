"""How well the page's network and those of the race learn tasks of every source, on average.

The page says it beside the one task that it shows, and its default task is one that is near these
averages. `python -m core evaluate tasks > assets/tasks.json` repeats the measurement.
"""

from collections.abc import Callable
from typing import Any, get_args

import torch

from core.evaluation.few_shot import accuracy, estimate
from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.task_sources import Origin, Shape, TaskSource
from core.seeding import generator
from core.training.provenance import provenance
from core.zoo.initialisations import RACE, load_initialisation
from core.zoo.weights import load_shipped_method

COMMAND = "python -m core evaluate tasks > assets/tasks.json"
PAGE = "maml"  # the weights of the page's network
# Those of the literature, and as many as the page's tasks have at first.
WAYS: dict[Origin, tuple[int, ...]] = {
    "omniglot": (5, 20), "alphabet": (5, 12), "strokes": (5, 20), "digits": (5, 10),
}  # fmt: skip
K_SHOT, N_QUERY = 1, 5
STEPS = 5
AT_ONCE = 20  # tasks learnt together
RANDOM = "random"  # stands for random weights, which have no name
KINDS: tuple[Statistics, ...] = get_args(Statistics)
TICKS = sum(map(len, WAYS.values())) * len(KINDS) * (len(RACE) + 1)  # calls of `tick`


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """Accuracies after each inner step by source, ways, batch norm and weights. Takes minutes.

    Calls `tick` `TICKS` times.
    """
    networks = {PAGE: load_shipped_method(PAGE, FewShot)}
    networks |= {each.weights or RANDOM: load_initialisation(each) for each in RACE}

    def averages(origin: Origin, n_way: int, statistics: Statistics) -> dict[str, Any]:
        found = {}
        for name, network in networks.items():
            found[name] = average(network, origin, n_way, statistics, tasks_of(n_way))
            tick()
        return found

    return {
        "command": COMMAND,
        **provenance(torch.device("cpu")),
        "tasks": {
            str(n_way): tasks_of(n_way)
            for n_way in sorted({n for ways in WAYS.values() for n in ways})
        },
        "k_shot": K_SHOT,
        "accuracy": {
            origin: {
                str(n_way): {kind: averages(origin, n_way, kind) for kind in KINDS}
                for n_way in all_ways
            }
            for origin, all_ways in WAYS.items()
        },
    }


def tasks_of(n_way: int) -> int:
    """How many tasks are learnt: fewer large ones, each of which has more queries."""
    return min(400, 4000 // n_way)


def average(
    network: FewShot, origin: Origin, n_way: int, statistics: Statistics, n_tasks: int
) -> dict[str, list[float]]:
    """Mean accuracy before and after each of `STEPS` inner steps, and its 95 % interval's half.

    All networks get the same tasks.
    """
    source, shape = TaskSource(origin), Shape(n_way, K_SHOT, N_QUERY)
    scores = []
    for first in range(0, n_tasks, AT_ONCE):
        count = min(AT_ONCE, n_tasks - first)
        tasks = source.draw("test", count, shape, generator("task averages", origin, first))
        scores.append(accuracy(network.adapt(tasks, STEPS, statistics), tasks))
    estimates = [estimate(column) for column in torch.cat(scores).unbind(1)]
    return {
        "mean": [round(each.mean, 4) for each in estimates],
        "interval": [round(each.interval, 4) for each in estimates],
    }
