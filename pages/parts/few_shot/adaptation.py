"""A task learnt step by step, computed once for each network: by the one that answers, and by those
of the race.
"""

import time
from typing import NamedTuple

import streamlit as st

from core.figures.few_shot import TaskFrames
from pages.parts.few_shot.networks import PAGE, Network, load_network, race_networks
from pages.parts.few_shot.task_choice import TaskChoice


class Race(NamedTuple):
    """A task learnt by each network of the race, and how long that took on this machine."""

    adaptations: list[TaskFrames]
    seconds: float


class _Learnt(NamedTuple):
    frames: TaskFrames
    seconds: float


def adapt(choice: TaskChoice, network: Network = PAGE) -> TaskFrames:
    """A network learning a task. Raises GlimpseError where its weights are missing or damaged."""
    return _learn(choice, network).frames


def adapt_all(choice: TaskChoice, own: Network | None = None) -> Race:
    """A task learnt from each initialisation of the race, and by one's own run if there is one."""
    learnt = [_learn(choice, network) for network in race_networks(own)]
    return Race([each.frames for each in learnt], sum(each.seconds for each in learnt))


@st.cache_data(max_entries=512, show_spinner=False)
def _learn(choice: TaskChoice, network: Network) -> _Learnt:
    from core.data.images import to_bytes

    model = load_network(network)
    task = choice.task()  # the first of a source reads all of its pictures
    began = time.perf_counter()
    adapted = model.adapt(task, choice.steps, choice.statistics, choice.scale)
    # Where the numbers have overflowed, all classes count as equally likely.
    probability = adapted.outputs[0].softmax(-1).nan_to_num(1 / choice.n_way)
    frames = TaskFrames(
        support=to_bytes(task.support_x[0]).cpu().numpy(),
        query=to_bytes(task.query_x[0]).cpu().numpy(),
        probability=probability.cpu().numpy(),
        support_loss=adapted.support_loss[0].cpu().numpy(),
    )
    return _Learnt(frames, time.perf_counter() - began)
