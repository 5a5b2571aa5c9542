"""The few-shot protocols on which the shipped weights are evaluated.

1. random: the 423 characters held out of the random split, 5 and 20 ways, 1 and 5 shots.
2. alphabet: trained on the background alphabets, tested on the evaluation alphabets.
3. digits: trained on Omniglot as drawn with all kinds of pens, tested on MNIST's digits.
4. strokes: trained on generated strokes, tested on Omniglot.

Any other few-shot network is measured in the same four settings, on the tasks of its own run.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.method import TEST_TASKS, FewShot
from core.methods.few_shot.problems import TEST_QUERIES
from core.methods.few_shot.task_sources import Origin, Shape, TaskSource
from core.zoo.weights import load_shipped_method

Figures = tuple[float | None, ...]  # per cent, in the order of SETTINGS
SETTINGS = (Shape(5, 1, TEST_QUERIES), Shape(5, 5, TEST_QUERIES),
            Shape(20, 1, TEST_QUERIES), Shape(20, 5, TEST_QUERIES))  # fmt: skip

# Per cent on the random split, as published: 5-way 1-shot, 5-way 5-shot, 20-way 1-shot, 20-way
# 5-shot. Finn et al. 2017 (table 1) and Nichol et al. 2018 (table 2), both transductive; Antoniou
# et al. 2019 (table 1); Snell et al. 2017 (table 1).
PUBLISHED: Mapping[str, Figures] = {
    "MAML": (98.7, 99.9, 95.8, 98.9),
    "First-order MAML": (98.3, 99.2, 89.4, 97.9),
    "Reptile + transduction": (97.7, 99.5, 89.4, 97.1),
    "MAML++": (99.47, 99.85, 97.65, 99.33),
    "ProtoNet": (98.8, 99.7, 96.0, 98.9),
}
# The same, trained on Omniglot without its labels. Hsu et al. 2019 (CACTUs), Khodadadeh et al. 2019
# (UMTRA) and 2021 (LASIUM), Medina et al. 2020 (ProtoTransfer), Shirekar and Jamali-Rad 2022
# (C3LR), Ji et al. 2020 (UFLST).
WITHOUT_LABELS: Mapping[str, Figures] = {
    "CACTUs": (68.8, 87.8, 48.1, 73.4),
    "UMTRA": (83.8, 95.4, 74.3, 92.1),
    "LASIUM": (83.3, 95.3, None, None),
    "ProtoTransfer": (88.0, 96.5, None, None),
    "C3LR": (89.3, 97.4, None, None),
    "UFLST": (97.0, 99.2, None, None),
}


class Protocol(NamedTuple):
    """Shipped weights, and the tasks on which they are evaluated."""

    title: str
    weights: str
    origin: Origin
    by_alphabet: bool = False


class Row(NamedTuple):
    """A measured row of the table: accuracy and 95 % interval as fractions, per setting.

    A cell is None where a task cannot be made, or was not asked for.
    """

    title: str
    statistics: Statistics
    cells: tuple[tuple[float, float] | None, ...]


PROTOCOLS = (
    Protocol("1 random split", "maml", "omniglot"),
    Protocol("2 by alphabet", "alphabet", "omniglot", by_alphabet=True),
    Protocol("3 Omniglot to digits", "pens", "digits"),
    Protocol("4 strokes to Omniglot", "strokes", "omniglot"),
)


def measure(
    protocol: Protocol, n_tasks: int = TEST_TASKS, shifted_views: bool = False
) -> Iterator[Row]:
    """The two rows of a protocol, transductive and inductive. Takes minutes.

    With `shifted_views` each answer is averaged over five, and tasks of several shots are left out.
    """
    method = load_shipped_method(protocol.weights, FewShot)
    source = TaskSource(protocol.origin, "alphabet" if protocol.by_alphabet else "random")
    return measure_network(method, source, protocol.title, n_tasks, shifted_views)


def measure_network(
    method: FewShot, source: TaskSource, title: str, n_tasks: int = TEST_TASKS,
    shifted_views: bool = False,
) -> Iterator[Row]:  # fmt: skip
    """The two rows of a network that classifies pictures, on test tasks of a source."""

    def cell(shape: Shape, statistics: Statistics) -> tuple[float, float] | None:
        if shape.n_way > source.most_ways("test") or (shifted_views and shape.k_shot > 1):
            return None
        scores = method.scores(source, "test", n_tasks, shape, statistics, shifted_views)
        return scores["accuracy_after"], scores["accuracy_interval"]

    for statistics in ("transductive", "inductive"):
        cells = tuple(cell(shape, statistics) for shape in SETTINGS)
        yield Row(title, statistics, cells)


def table(rows: list[Row], published: Mapping[str, Figures] = PUBLISHED) -> str:
    """Measured and published figures side by side, in Markdown."""
    heads = [f"{shape.n_way}-way {shape.k_shot}-shot" for shape in SETTINGS]
    lines = [f"| | batch norm | {' | '.join(heads)} |", "| --- | --- |" + " --- |" * len(heads)]
    for row in rows:
        cells = " | ".join(
            "–" if cell is None else f"{100 * cell[0]:.1f} ± {100 * cell[1]:.1f}"
            for cell in row.cells
        )
        lines.append(f"| {row.title} | {row.statistics} | {cells} |")
    for title, figures in published.items():
        cells = " | ".join("–" if figure is None else f"{figure:.4g}" for figure in figures)
        lines.append(f"| *published: {title}* | | {cells} |")
    return "\n".join(lines)
