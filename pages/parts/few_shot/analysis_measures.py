"""Measurements of an initialisation as arrays for the figures, computed once."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.figures.analysis import Surface
from pages.parts.few_shot.networks import Network, load_network

if TYPE_CHECKING:
    from torch import Tensor

    from core.data.episodes import Episodes
    from core.data.omniglot import Protocol, Split
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


@st.cache_data(max_entries=32, show_spinner="Learning many tasks, to measure what moves")
def measure_movement(network: Network) -> Movement:
    """What adaptation moves in a network."""
    from core.evaluation.few_shot import estimate
    from core.methods.few_shot.analysis import measure_adaptation

    learner, protocol = _measured(network)
    found = measure_adaptation(learner, _tasks(protocol, TASKS), STEPS)
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
def measure_similarity(network: Network, other: Network) -> np.ndarray:
    """Linear CKA (L - 1,) of the layers of two networks of L layers, neither of them adapted."""
    import torch

    from core.evaluation.adaptation import linear_cka

    (learner, protocol), (rival, _) = _measured(network), _measured(other)
    pictures = _tasks(protocol, TASKS).query_x
    with torch.no_grad():
        first, second = (
            each.network.activations(each.initial_parameters(N_WAY), each.prepare(pictures))
            for each in (learner, rival)
        )
        pairs = zip(first, second, strict=True)
        return np.array([linear_cka(*pair).mean().item() for pair in pairs])


@st.cache_data(max_entries=64, show_spinner="Computing the loss around the path")
def measure_landscape(network: Network, task: int, scale: float) -> Landscape:
    """The losses around the path of one task, with inner rates multiplied by `scale`."""
    from core.methods.few_shot.analysis import loss_landscape

    learner, protocol = _measured(network)
    found = loss_landscape(
        learner, _tasks(protocol, 1, PATH_QUERIES, task), PATH_STEPS, GRID, scale
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
def measure_gradient(network: Network, steps: int) -> "GradientParts":
    """The parts of the meta-gradient of one meta-batch through `steps` inner steps."""
    from core.methods.few_shot.analysis import decompose_gradient

    learner, protocol = _measured(network)
    return decompose_gradient(learner, _tasks(protocol, META_BATCH, split="train"), steps)


def _measured(network: Network) -> "tuple[Learner, Protocol]":
    """The learner of a network, and the split of the characters that it was trained by."""
    model = load_network(network)
    return model.learner, model.config.protocol


def _tasks(
    protocol: "Protocol", n_tasks: int, n_query: int = N_QUERY, number: int = 0,
    split: "Split" = "test",
) -> "Episodes":  # fmt: skip
    """The same tasks for the same arguments."""
    from core.methods.few_shot.task_sources import Shape, TaskSource
    from core.seeding import generator

    shape = Shape(N_WAY, K_SHOT, n_query)
    random = generator("inside", "omniglot", number)
    return TaskSource("omniglot", protocol).draw(split, n_tasks, shape, random)


def _estimates(values: "Tensor") -> tuple[np.ndarray, np.ndarray]:
    """Means over tasks of (T, ...) and half-widths of their 95 % intervals, each (...)."""
    from core.evaluation.few_shot import estimate

    columns = [estimate(column) for column in values.flatten(1).unbind(1)]
    mean, interval = np.array([(each.mean, each.interval) for each in columns]).T
    return mean.reshape(values.shape[1:]), interval.reshape(values.shape[1:])
