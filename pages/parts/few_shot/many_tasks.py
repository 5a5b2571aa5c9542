"""Many tasks of one kind, learnt a few at a time from every initialisation of the race.

So the page can show the progress and the results so far, and a person can stop it.
"""

import time
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from core.figures.race import Lane
from pages.parts.few_shot.task_choice import MANY, TaskChoice

CHUNK = 5  # tasks learnt at once
SLOT = "race-many"  # in session state: the `ManyTasks` shown last


@dataclass
class ManyTasks:
    """How well each initialisation learns tasks of a kind, as far as that is known.

    `scores` are accuracies (CHUNK, S + 1): of the first chunk of tasks from each initialisation,
    then of the next chunk. They took `seconds` to learn.
    """

    kind: TaskChoice
    scores: list[np.ndarray] = field(default_factory=list)
    seconds: float = 0.0
    is_stopped: bool = False

    @property
    def done(self) -> int:
        """Tasks learnt from every initialisation."""
        return len(self.scores) // _n_initialisations() * CHUNK

    @property
    def is_running(self) -> bool:
        return self.done < MANY and not self.is_stopped

    def stop(self) -> None:
        self.is_stopped = True

    def resume(self) -> None:
        self.is_stopped = False

    def learn(self, seconds: float) -> None:
        """Goes on for about so long, for at least one chunk from one initialisation."""
        now = time.perf_counter()
        until = now + seconds
        while True:
            chunk, index = divmod(len(self.scores), _n_initialisations())
            self.scores.append(_scores(self.kind, index, chunk * CHUNK))
            began, now = now, time.perf_counter()
            self.seconds += now - began
            if now >= until or self.done >= MANY:
                return

    def seconds_left(self, one_task: float) -> float:
        """The time for the rest, at the pace so far; at first at `one_task` seconds a task."""
        if not self.scores:
            return MANY * one_task
        total = MANY // CHUNK * _n_initialisations()
        return self.seconds / len(self.scores) * (total - len(self.scores))

    def lanes(self) -> list[Lane]:
        """The means over the tasks so far with their intervals; empty before the first chunk."""
        import torch

        from core.evaluation.few_shot import estimate
        from core.zoo.initialisations import RACE

        if not self.done:
            return []
        complete = self.scores[: self.done // CHUNK * _n_initialisations()]
        lanes = []
        for index, initialisation in enumerate(RACE):
            columns = torch.from_numpy(np.concatenate(complete[index :: len(RACE)])).unbind(1)
            means = np.array([(each.mean, each.interval) for each in map(estimate, columns)])
            lanes.append(Lane(initialisation.title, *means.T))
        return lanes


def many_tasks(choice: TaskChoice) -> ManyTasks:
    """Those like the task of `choice`; new ones where the choice is of another kind than before."""
    kind = replace(choice, number=0)
    many: ManyTasks | None = st.session_state.get(SLOT)
    if many is None or many.kind != kind:
        many = st.session_state[SLOT] = ManyTasks(kind)
    return many


def _n_initialisations() -> int:
    from core.zoo.initialisations import RACE

    return len(RACE)


@st.cache_data(max_entries=2000, show_spinner=False)
def _scores(choice: TaskChoice, index: int, first: int) -> np.ndarray:
    """Accuracy (CHUNK, S + 1) from one initialisation on the tasks from number `first` on."""
    from core.evaluation.few_shot import accuracy
    from core.zoo.initialisations import RACE, load_initialisation

    tasks = choice.tasks(CHUNK, "mean", first)
    adapted = load_initialisation(RACE[index]).adapt(
        tasks, choice.steps, choice.statistics, choice.scale
    )
    scores: np.ndarray = accuracy(adapted, tasks).numpy()
    return scores
