"""Tasks being learnt, kept once they are: by the shipped model, and by all starting points."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.figures.few_shot import TaskFilm
from core.figures.race import Lane, counted
from pages.parts.card import load_card
from pages.parts.task_choice import TaskChoice

if TYPE_CHECKING:
    from core.data.episodes import Episodes
    from core.methods.maml import Maml

NAME = "maml"
MANY, CHUNK = 100, 5  # tasks in a mean, and learnt at once

Progress = Callable[[int, int], None]  # networks that have learnt their tasks so far, and in all


@st.cache_resource(max_entries=1)
def shipped() -> "Maml":
    """The model that comes with Glimpse."""
    from core.weights import load_shipped, restore

    model: Maml = restore(load_shipped(NAME))  # type: ignore[assignment]
    return model


@st.cache_data(max_entries=64, show_spinner=False)
def learn(choice: TaskChoice) -> TaskFilm:
    """The shipped model learning a task."""
    return _film(shipped(), choice.task(), choice)


@st.cache_data(max_entries=64, show_spinner=False)
def learn_from_all_starts(choice: TaskChoice) -> list[TaskFilm]:
    """The same network learning a task from each starting point of the race."""
    from core.starts import RACE, load_start

    task = choice.task()
    return [_film(load_start(start), task, choice) for start in RACE]


def _film(model: "Maml", task: "Episodes", choice: TaskChoice) -> TaskFilm:
    from core.methods.maml import to_bytes

    film = model.film(task, choice.steps, choice.statistics, choice.scale)
    # A network whose numbers have overflowed says nothing: all classes are alike to it.
    probability = film.outputs[0].softmax(-1).nan_to_num(1 / choice.n_way)
    return TaskFilm(
        support=to_bytes(task.support_x[0]).cpu().numpy(),
        query=to_bytes(task.query_x[0]).cpu().numpy(),
        probability=probability.cpu().numpy(),
        support_loss=film.support_loss[0].cpu().numpy(),
    )


def measured(name: str, choice: TaskChoice) -> str:
    """What the card of weights says of tasks like this one, as a phrase; empty if nothing."""
    card = load_card(name)
    config, figures = card["config"], card["figures"]
    like_the_card = (config["source"], config["n_way"], config["k_shot"], 1.0)
    if (choice.origin, choice.n_way, choice.k_shot, choice.scale) != like_the_card:
        return ""
    prefix = "inductive_" if choice.statistics == "inductive" else ""
    after, interval = (100 * figures[f"{prefix}accuracy_{part}"] for part in ("after", "interval"))
    tasks, steps = figures["test_tasks"], config["inner_steps"]
    return f"{tasks:,.0f} tasks {after:.1f} ± {interval:.1f} % after {counted(steps)}"


def mean_lanes(choice: TaskChoice, report: Progress) -> list[Lane]:
    """How well MANY tasks like this one are learnt from each starting point, with intervals."""
    import torch

    from core.evaluation.few_shot import estimate
    from core.starts import RACE

    of_this_kind = replace(choice, number=0)
    lanes, in_all = [], len(RACE) * MANY
    for index, start in enumerate(RACE):
        scores = []
        for first in range(0, MANY, CHUNK):
            report(index * MANY + first, in_all)
            scores.append(_scores(of_this_kind, index, first))
        columns = torch.from_numpy(np.concatenate(scores)).unbind(1)
        estimates = [estimate(column) for column in columns]
        lanes.append(
            Lane(
                start.title,
                np.array([each.mean for each in estimates]),
                np.array([each.interval for each in estimates]),
            )
        )
    report(in_all, in_all)
    return lanes


@st.cache_data(max_entries=2000, show_spinner=False)
def _scores(choice: TaskChoice, start: int, first: int) -> np.ndarray:
    """The accuracy (CHUNK, S + 1) of a starting point on a few tasks.

    Kept in parts, so that a mean that is interrupted goes on where it was.
    """
    from core.evaluation.few_shot import accuracy
    from core.starts import RACE, load_start

    tasks = choice.tasks(CHUNK, "mean", first)
    film = load_start(RACE[start]).film(tasks, choice.steps, choice.statistics, choice.scale)
    scores: np.ndarray = accuracy(film, tasks).numpy()
    return scores
