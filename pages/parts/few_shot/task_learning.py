"""Tasks being learnt, kept once they are: by the shipped model, and by all starting points."""

import time
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from core.figures.few_shot import TaskFrames
from core.figures.words import counted
from pages.parts.card import load_card
from pages.parts.few_shot.task_choice import TaskChoice

if TYPE_CHECKING:
    from core.data.episodes import Episodes
    from core.methods.few_shot.method import FewShot

NAME = "maml"


class Raced(NamedTuple):
    """A task learnt from all starting points, and how long that took on this machine."""

    films: list[TaskFrames]
    seconds: float


@st.cache_resource(max_entries=1)
def shipped() -> "FewShot":
    """The model that comes with Glimpse."""
    from core.zoo.weights import load_shipped, restore

    model: FewShot = restore(load_shipped(NAME))  # type: ignore[assignment]
    return model


@st.cache_data(max_entries=64, show_spinner=False)
def learn(choice: TaskChoice) -> TaskFrames:
    """The shipped model learning a task."""
    return _film(shipped(), choice.task(), choice)


@st.cache_data(max_entries=64, show_spinner=False)
def learn_from_all_starts(choice: TaskChoice) -> Raced:
    """The same network learning a task from each starting point of the race."""
    from core.zoo.initialisations import RACE, load_initialisation

    models = [load_initialisation(start) for start in RACE]
    began = time.perf_counter()
    task = choice.task()
    films = [_film(model, task, choice) for model in models]
    return Raced(films, time.perf_counter() - began)


def _film(model: "FewShot", task: "Episodes", choice: TaskChoice) -> TaskFrames:
    from core.data.images import to_bytes

    film = model.adapt(task, choice.steps, choice.statistics, choice.scale)
    # A network whose numbers have overflowed says nothing: all classes are alike to it.
    probability = film.outputs[0].softmax(-1).nan_to_num(1 / choice.n_way)
    return TaskFrames(
        support=to_bytes(task.support_x[0]).cpu().numpy(),
        query=to_bytes(task.query_x[0]).cpu().numpy(),
        probability=probability.cpu().numpy(),
        support_loss=film.support_loss[0].cpu().numpy(),
    )


def measured(name: str, choice: TaskChoice, step: int | None = None, digits: int = 1) -> str:
    """What the card of weights says of tasks like this one, as a phrase; empty if nothing.

    Its figures are of one step, so that they say nothing of another `step`. `digits` are those
    after the point.
    """
    card = load_card(name)
    config, figures = card["config"], card["figures"]
    like_the_card = (config["source"], config["n_way"], config["k_shot"], 1.0)
    if (choice.origin, choice.n_way, choice.k_shot, choice.scale) != like_the_card:
        return ""
    steps = config["inner_steps"]
    if step not in (None, steps):
        return ""
    prefix = "inductive_" if choice.statistics == "inductive" else ""
    after, interval = (100 * figures[f"{prefix}accuracy_{part}"] for part in ("after", "interval"))
    tasks = figures["test_tasks"]
    return f"{tasks:,.0f} tasks {after:.{digits}f} ± {interval:.{digits}f} % after {counted(steps)}"
