"""Measurements of an initialisation as arrays for the figures, computed once."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.figures.analysis import Surface

if TYPE_CHECKING:
    from torch import Tensor

    from core.data.episodes import Episodes
    from core.data.omniglot import Split
    from core.evaluation.adaptation import GradientParts
    from core.evaluation.few_shot import Estimate
    from core.methods.few_shot.inner_loop import Learner

TASKS, STEPS = 50, 5  # over which layers are measured
N_WAY, K_SHOT, N_QUERY = 5, 1, 10  # of those tasks
META_BATCH = 16
PATH_STEPS, PATH_QUERIES = 10, 3  # of a surface, which takes many evaluations
GRID = (21, 17)  # points of a surface, across and up


class Movement(NamedTuple):
    """What STEPS inner steps change in L layers: means over tasks, with 95 % intervals.

    relative and its interval are (STEPS, L), NaN for a layer that starts at zero; share (L,) is
    the layer's share of the squared distance after the last step; similarity and its interval
    (L - 1,) leave out the head. gain is what the body's movement adds to a task's accuracy.
    """

    layers: tuple[str, ...]
    relative: np.ndarray
    interval: np.ndarray
    share: np.ndarray
    similarity: np.ndarray
    similarity_interval: np.ndarray
    accuracy: "Estimate"
    gain: "Estimate"


class Landscape(NamedTuple):
    """The losses around one task's path, and the share of its variance that their plane holds."""

    support: Surface
    query: Surface
    share: float


def learner_of(title: str) -> "Learner":
    """The learner at an initialisation of the race, by its title."""
    from core.zoo.initialisations import RACE, load_initialisation

    return load_initialisation(next(each for each in RACE if each.title == title)).learner


@st.cache_data(max_entries=32, show_spinner="Learning many tasks, to measure what moves")
def measure_movement(title: str) -> Movement:
    """What adaptation moves in the network initialised as `title`."""
    from core.evaluation.few_shot import estimate
    from core.methods.few_shot.analysis import measure_adaptation

    found = measure_adaptation(learner_of(title), _tasks(TASKS), STEPS)
    relative, interval = _estimates(found.movement.relative)
    similarity, similarity_interval = _estimates(found.similarity)
    return Movement(
        found.movement.layers,
        relative,
        interval,
        found.movement.share[:, -1].mean(0).numpy(),
        similarity,
        similarity_interval,
        estimate(found.accuracy),
        estimate(found.accuracy - found.accuracy_with_initial_body),
    )


@st.cache_data(max_entries=32, show_spinner=False)
def measure_similarity(title: str, other: str) -> np.ndarray:
    """Linear CKA (L - 1,) of the layers of two initialisations, neither of them adapted."""
    import torch

    from core.evaluation.adaptation import linear_cka

    pictures = _tasks(TASKS).query_x
    with torch.no_grad():
        first, second = (
            learner.network.activations(
                learner.initial_parameters(N_WAY), learner.prepare(pictures)
            )
            for learner in (learner_of(title), learner_of(other))
        )
        pairs = zip(first, second, strict=True)
        return np.array([linear_cka(*pair).mean().item() for pair in pairs])


@st.cache_data(max_entries=64, show_spinner="Computing the loss around the path")
def measure_landscape(title: str, task: int, scale: float) -> Landscape:
    """The losses around the path of one task, with inner rates multiplied by `scale`."""
    from core.methods.few_shot.analysis import loss_landscape

    found = loss_landscape(
        learner_of(title), _tasks(1, PATH_QUERIES, task), PATH_STEPS, GRID, scale
    )
    x, y, support, query, path, path_support, path_query = (
        tensor.numpy()
        for tensor in (found.x, found.y, found.support, found.query,
                       found.path, found.path_support, found.path_query)
    )  # fmt: skip
    return Landscape(
        Surface(x, y, support, path, path_support),
        Surface(x, y, query, path, path_query),
        found.share,
    )


@st.cache_data(max_entries=64, show_spinner="Computing the meta-gradient twice")
def measure_gradient(title: str, steps: int) -> "GradientParts":
    """The parts of the meta-gradient of one meta-batch through `steps` inner steps."""
    from core.methods.few_shot.analysis import decompose_gradient

    tasks = _tasks(META_BATCH, split="train")
    return decompose_gradient(learner_of(title), tasks, steps)


def _tasks(
    n_tasks: int, n_query: int = N_QUERY, number: int = 0, split: "Split" = "test"
) -> "Episodes":
    """The same tasks for the same arguments."""
    from core.methods.few_shot.task_sources import Shape, TaskSource
    from core.seeding import generator

    shape = Shape(N_WAY, K_SHOT, n_query)
    random = generator("inside", "omniglot", number)
    return TaskSource("omniglot").draw(split, n_tasks, shape, random)


def _estimates(values: "Tensor") -> tuple[np.ndarray, np.ndarray]:
    """Means over tasks of (T, ...) and half-widths of their 95 % intervals, each (...)."""
    from core.evaluation.few_shot import estimate

    columns = [estimate(column) for column in values.flatten(1).unbind(1)]
    mean, interval = np.array([(each.mean, each.interval) for each in columns]).T
    return mean.reshape(values.shape[1:]), interval.reshape(values.shape[1:])
