"""There is no answer for *none of these*: how far a query is from the classes, in the features."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.figures.pictures import class_name
from pages.parts.few_shot.networks import PAGE, Network, load_network
from pages.parts.few_shot.task_choice import N_QUERY, TaskChoice

REFERENCE_TASKS = 40  # of characters, that a drawing is compared with
USUAL = 95  # per cent of the characters are within what counts as usual
MUST_CHOOSE = (
    "There is no answer for *none of these*: the network must choose one of the {n} {what}"
)


class Within(NamedTuple):
    """Distances of characters to the mean of their own class's examples."""

    mean: float
    most: float  # of USUAL per cent of them
    made_of: str


@st.cache_data(max_entries=64, show_spinner=False)
def task_distances(choice: TaskChoice, network: Network = PAGE) -> np.ndarray:
    """How far the queries of a task are from each of its classes: (Q, n_way)."""
    from core.methods.few_shot.class_distances import class_distances

    learner = load_network(network).learner
    distances: np.ndarray = (
        class_distances(learner, choice.task(), choice.statistics)[0].cpu().numpy()
    )
    return distances


@st.cache_data(max_entries=64, show_spinner=False)
def drawing_distances(
    support: list[np.ndarray], query: np.ndarray, network: Network = PAGE
) -> np.ndarray:
    """How far a query uint8 (1, 28, 28) is from each class of examples (K_c, 28, 28): (n_way,)."""
    from core.data.drawings import drawn_task
    from core.methods.few_shot.class_distances import class_distances

    task = drawn_task(support, query)
    learner = load_network(network).learner
    distances: np.ndarray = class_distances(learner, task, "inductive")[0, 0].cpu().numpy()
    return distances


@st.cache_data(max_entries=32, show_spinner=False)
def within_classes(n_way: int, k_shot: int, network: Network = PAGE) -> Within:
    """The same of characters that are held out from the network to their own class.

    They are those of tasks of this size.
    """
    from core.methods.few_shot.class_distances import class_distances, own_distances
    from core.methods.few_shot.task_sources import Shape, TaskSource
    from core.seeding import generator

    model = load_network(network)
    tasks = TaskSource("omniglot", model.config.protocol).draw(
        "test", REFERENCE_TASKS, Shape(n_way, k_shot, N_QUERY),
        generator("page", "omniglot", "none of these"),
    )  # fmt: skip
    distances = class_distances(model.learner, tasks, "inductive")
    own = own_distances(distances, tasks.query_y).cpu().numpy()
    return Within(
        float(own.mean()),
        float(np.percentile(own, USUAL)),
        f"{REFERENCE_TASKS * n_way * N_QUERY:,} held-out Omniglot characters",
    )


def is_far(distances: np.ndarray, within: Within) -> bool:
    """Whether a drawing is farther from every symbol (n,) than USUAL per cent of the characters."""
    return bool(distances.min() > within.most)


def about_drawing(distances: np.ndarray, numbers: list[int], within: Within) -> str:
    """How far a drawing is from the nearest symbol, against what is usual.

    distances (n,) are to the symbols with those numbers.
    """
    nearest = int(distances.argmin())
    far = distances[nearest]
    verdict = (
        f"so the query is **farther off than {USUAL} % of them and may be none of these**"
        if is_far(distances, within)
        else "so the query is as near as they are"
    )
    return (
        f"{MUST_CHOOSE.format(n=len(numbers), what='symbols')}, also for a query that is none. In "
        f"its features the query is **{far:.2f}** from {class_name(numbers[nearest])}, the "
        f"nearest. Of {within.made_of}, each is {within.mean:.2f} from its own class on average, "
        f"and {USUAL} % are within {within.most:.2f}: {verdict}."
    )


def about_queries(distances: np.ndarray) -> str:
    """How far the queries (Q, n_way), sorted by class, are from their own class and from others."""
    n_queries, n_way = distances.shape
    truth = np.repeat(np.arange(n_way), n_queries // n_way)
    own = distances[np.arange(n_queries), truth]
    others = np.where(np.eye(n_way, dtype=bool)[truth], np.inf, distances).min(1)
    farthest = int(distances.min(1).argmax())
    return (
        f"{MUST_CHOOSE.format(n=n_way, what='classes')}. In its features the queries are "
        f"{own.mean():.2f} from their own class on average, and {others.mean():.2f} from the "
        f"nearest other. Farthest off is a query of {class_name(truth[farthest])}, "
        f"{distances[farthest].min():.2f} from the nearest class."
    )


def notes_on_queries(distances: np.ndarray) -> list[str]:
    """A line for each query (Q, n_way): its nearest class in the features."""
    return [
        f"In the features {row.min():.2f} from {class_name(int(row.argmin()))}, the nearest class"
        for row in distances
    ]
