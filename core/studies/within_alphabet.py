"""One-shot classification within an alphabet, the task that people and BPL were measured on.

Lake, Salakhutdinov and Tenenbaum, "Human-level concept learning through probabilistic program
induction" (2015), figure 6 A: 20 characters of one evaluation alphabet, one drawing of each by one
person as support, and one of each by another person to classify. They used 20 fixed tasks of 10
alphabets; here tasks are drawn at random from all 20 evaluation alphabets.
"""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.method import TEST_TASKS, FewShot
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.zoo.weights import load_shipped_method

SHAPE = Shape(n_way=20, k_shot=1, n_query=1)
SOURCE = TaskSource("alphabet", "alphabet", same_drawers=True)


class Network(NamedTuple):
    """Shipped weights, and what they were trained on."""

    weights: str
    seen: str


NETWORKS = (
    Network("alphabet", "background alphabets, pictures alone"),
    Network("strokes", "generated strokes: no alphabet at all"),
)

# Errors in per cent and what each had seen, as published. All but the siamese network's (Koch et
# al. 2015, as given by Lake et al. 2015) are of Lake et al. 2015 and, for prototypical networks,
# of their "The Omniglot challenge: a 3-year progress report" (2019), table 1.
PUBLISHED = (
    ("people", "a lifetime of characters", 4.5),
    ("BPL", "background alphabets, with the strokes of each drawing", 3.3),
    ("siamese network", "background alphabets, distorted", 8.0),
    ("convolutional network", "background alphabets", 13.5),
    ("prototypical network", "background alphabets", 13.7),
)


class Row(NamedTuple):
    """An error and its 95 % interval, as fractions, over tasks of 20 queries each."""

    network: Network
    statistics: Statistics
    shifted_views: bool
    error: float
    interval: float


KINDS: tuple[tuple[Statistics, bool], ...] = (
    ("transductive", False), ("inductive", False), ("transductive", True), ("inductive", True),
)  # fmt: skip
TICKS = len(NETWORKS) * len(KINDS)  # calls of `tick`


def measure(tick: Callable[[], object], n_tasks: int = TEST_TASKS) -> list[Row]:
    """The errors of every network on test tasks, the same for all. Takes minutes."""
    rows = []
    for network, (statistics, shifted_views) in product(NETWORKS, KINDS):
        method = load_shipped_method(network.weights, FewShot)
        scores = method.scores(SOURCE, "test", n_tasks, SHAPE, statistics, shifted_views)
        error, interval = 1 - scores["accuracy_after"], scores["accuracy_interval"]
        rows.append(Row(network, statistics, shifted_views, error, interval))
        tick()
    return rows


def table(rows: list[Row]) -> str:
    """Measured and published errors side by side, in Markdown."""
    lines = ["| | has seen | batch norm | views | error, % |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        views = "5" if row.shifted_views else "1"
        error = f"{100 * row.error:.1f} ± {100 * row.interval:.1f}"
        name, seen = row.network
        lines.append(f"| `{name}` | {seen} | {row.statistics} | {views} | {error} |")
    for title, seen, figure in PUBLISHED:
        lines.append(f"| *published: {title}* | {seen} | | | {figure} |")
    return "\n".join(lines)
