"""A task learnt step by step, computed once: by the shipped network, and by those of the race."""

import time
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from core.figures.few_shot import TaskFrames
from pages.parts.few_shot.task_choice import TaskChoice
from pages.parts.shipped import shipped_few_shot

if TYPE_CHECKING:
    from core.data.episodes import Episodes
    from core.methods.few_shot.method import FewShot

SHIPPED = "maml"  # the name of the weights of the page's network


class Race(NamedTuple):
    """A task learnt from each initialisation, and how long that took on this machine."""

    adaptations: list[TaskFrames]
    seconds: float


@st.cache_data(max_entries=64, show_spinner=False)
def adapt_shipped(choice: TaskChoice) -> TaskFrames:
    """The shipped network learning a task."""
    return _adapt(shipped_few_shot(), choice.task(), choice)


@st.cache_data(max_entries=64, show_spinner=False)
def adapt_all(choice: TaskChoice) -> Race:
    """The same network learning a task from each initialisation of the race."""
    from core.zoo.initialisations import RACE, load_initialisation

    models = [load_initialisation(initialisation) for initialisation in RACE]
    task = choice.task()  # the first of a source reads all of its pictures
    began = time.perf_counter()
    adaptations = [_adapt(model, task, choice) for model in models]
    return Race(adaptations, time.perf_counter() - began)


def _adapt(model: "FewShot", task: "Episodes", choice: TaskChoice) -> TaskFrames:
    from core.data.images import to_bytes

    adapted = model.adapt(task, choice.steps, choice.statistics, choice.scale)
    # Where the numbers have overflowed, all classes count as equally likely.
    probability = adapted.outputs[0].softmax(-1).nan_to_num(1 / choice.n_way)
    return TaskFrames(
        support=to_bytes(task.support_x[0]).cpu().numpy(),
        query=to_bytes(task.query_x[0]).cpu().numpy(),
        probability=probability.cpu().numpy(),
        support_loss=adapted.support_loss[0].cpu().numpy(),
    )
