"""Many tasks of one kind, learnt a few at a time by every starting point of the race.

So the page can show how far it is and what it has found, and a person can stop it.
"""

import time
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from core.figures.race import Lane
from pages.parts.few_shot.task_choice import TaskChoice

MANY, CHUNK = 100, 5  # tasks in all, and learnt at once
SLOT = "race-many"  # in session state: the `ManyTasks` looked at last


@dataclass
class ManyTasks:
    """How well each starting point learns tasks of a kind, as far as that is known.

    `scores` are accuracies (CHUNK, S + 1): of the first few tasks from each starting point, then of
    the next few. They took `seconds` to learn.
    """

    kind: TaskChoice
    scores: list[np.ndarray] = field(default_factory=list)
    seconds: float = 0.0
    is_stopped: bool = False

    @property
    def done(self) -> int:
        """Tasks that every starting point has learnt."""
        return len(self.scores) // _starts() * CHUNK

    @property
    def is_running(self) -> bool:
        return self.done < MANY and not self.is_stopped

    def stop(self) -> None:
        self.is_stopped = True

    def go_on(self) -> None:
        self.is_stopped = False

    def learn(self, seconds: float) -> None:
        """Goes on for about so long, for at least one starting point's next few tasks."""
        now = time.perf_counter()
        until = now + seconds
        while True:
            first, start = divmod(len(self.scores), _starts())
            self.scores.append(_scores(self.kind, start, first * CHUNK))
            began, now = now, time.perf_counter()
            self.seconds += now - began
            if now >= until or self.done >= MANY:
                return

    def seconds_left(self, one_task: float) -> float:
        """What the rest takes at the pace so far; before there is any, at that of `one_task`."""
        if not self.scores:
            return MANY * one_task
        in_all = MANY // CHUNK * _starts()
        return self.seconds / len(self.scores) * (in_all - len(self.scores))

    def lanes(self) -> list[Lane]:
        """The mean over the tasks that are done with its interval; nothing before the first."""
        import torch

        from core.evaluation.few_shot import estimate
        from core.zoo.initialisations import RACE

        if not self.done:
            return []
        whole = self.scores[: self.done // CHUNK * _starts()]
        lanes = []
        for index, start in enumerate(RACE):
            columns = torch.from_numpy(np.concatenate(whole[index :: len(RACE)])).unbind(1)
            found = np.array([(each.mean, each.interval) for each in map(estimate, columns)])
            lanes.append(Lane(start.title, *found.T))
        return lanes


def many_tasks(choice: TaskChoice) -> ManyTasks:
    """Those of the kind of `choice`, whichever task it is; begun anew for another kind."""
    kind = replace(choice, number=0)
    many: ManyTasks | None = st.session_state.get(SLOT)
    if many is None or many.kind != kind:
        many = st.session_state[SLOT] = ManyTasks(kind)
    return many


def _starts() -> int:
    from core.zoo.initialisations import RACE

    return len(RACE)


@st.cache_data(max_entries=2000, show_spinner=False)
def _scores(choice: TaskChoice, start: int, first: int) -> np.ndarray:
    """The accuracy (CHUNK, S + 1) of a starting point on a few tasks."""
    from core.evaluation.few_shot import accuracy
    from core.zoo.initialisations import RACE, load_initialisation

    tasks = choice.tasks(CHUNK, "mean", first)
    film = load_initialisation(RACE[start]).adapt(
        tasks, choice.steps, choice.statistics, choice.scale
    )
    scores: np.ndarray = accuracy(film, tasks).numpy()
    return scores
