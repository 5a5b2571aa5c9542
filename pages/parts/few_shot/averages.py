"""Averages over many tasks like the one on screen, as far as they were measured beforehand."""

import json
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.figures.race import Lane
from core.figures.words import counted
from core.paths import ASSETS
from pages.parts.few_shot.task_choice import TaskChoice

RANDOM = "random"  # in the file, in place of the name of shipped weights


class Averages(NamedTuple):
    """The curves of networks over `n_tasks` tasks of one kind, by the names of their weights."""

    n_tasks: int
    lanes: dict[str, Lane]

    @property
    def basis(self) -> str:
        return f"over {counted(self.n_tasks, 'task')}"

    def of(self, weights: str, step: int) -> str:
        """96.8 ± 0.5 %, after an inner step; empty weights are the random ones."""
        return self.lanes[weights or RANDOM].score_with_interval(step)

    def by_title(self) -> dict[str, Lane]:
        """Those of the race, by their titles."""
        from core.zoo.initialisations import RACE

        return {each.title: self.lanes[each.weights or RANDOM] for each in RACE}

    def has(self, step: int) -> bool:
        """Whether so many steps were measured."""
        return step < len(next(iter(self.lanes.values())).accuracy)


def averages_like(choice: TaskChoice) -> Averages | None:
    """Those of tasks like this one; None where none were measured."""
    measured = _measured()
    curves = measured["accuracy"][choice.origin].get(str(choice.n_way))
    if curves is None or (choice.k_shot, choice.scale) != (measured["k_shot"], 1.0):
        return None
    return Averages(
        measured["tasks"][str(choice.n_way)],
        {
            name: Lane(name, np.array(curve["mean"]), np.array(curve["interval"]))
            for name, curve in curves[choice.statistics].items()
        },
    )


@st.cache_data(max_entries=1)
def _measured() -> dict[str, Any]:
    """The output of `python -m core evaluate tasks`."""
    measured: dict[str, Any] = json.loads((ASSETS / "tasks.json").read_text())
    return measured
