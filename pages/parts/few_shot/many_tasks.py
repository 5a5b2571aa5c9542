"""Many tasks of one kind, learnt a few at a time by every network of the race.

So the page can show the progress and the results so far, and a person can stop it.
"""

import time
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.figures.race import Lane
from pages.parts.few_shot.networks import Network, load_network, race_networks
from pages.parts.few_shot.task_choice import MANY, TaskChoice

CHUNK = 5  # tasks learnt at once
SLOT = "race-many"  # in session state: the `ManyTasks` shown last


@dataclass
class ManyTasks:
    """How well each of N networks learns tasks of a kind, as far as that is known.

    `scores` are accuracies (CHUNK, S + 1): of the first chunk of tasks by each network, then of the
    next chunk. They took `seconds` to learn, whenever that was: what is kept of an
    earlier visit costs no time now.
    """

    kind: TaskChoice
    networks: list[Network] = field(default_factory=race_networks)
    scores: list[np.ndarray] = field(default_factory=list)
    seconds: float = 0.0
    is_stopped: bool = False

    @property
    def done(self) -> int:
        """Tasks learnt by every network."""
        return len(self.scores) // len(self.networks) * CHUNK

    @property
    def is_running(self) -> bool:
        return self.done < MANY and not self.is_stopped

    def stop(self) -> None:
        self.is_stopped = True

    def resume(self) -> None:
        self.is_stopped = False

    def learn(self, seconds: float) -> None:
        """Goes on for about so long, for at least one chunk by one network."""
        until = time.perf_counter() + seconds
        while True:
            chunk, index = divmod(len(self.scores), len(self.networks))
            learnt = _learn(self.kind, self.networks[index], chunk * CHUNK)
            self.scores.append(learnt.scores)
            self.seconds += learnt.seconds
            if time.perf_counter() >= until or self.done >= MANY:
                return

    def seconds_left(self, one_task: float) -> float:
        """The time for the rest, at the pace so far; at first at `one_task` seconds a task."""
        if not self.scores:
            return MANY * one_task
        total = MANY // CHUNK * len(self.networks)
        return self.seconds / len(self.scores) * (total - len(self.scores))

    def lanes(self) -> list[Lane]:
        """The means over the tasks so far with their intervals; empty before the first chunk."""
        import torch

        from core.evaluation.few_shot import estimate

        if not self.done:
            return []
        n_networks = len(self.networks)
        complete = self.scores[: self.done // CHUNK * n_networks]
        lanes = []
        for index, network in enumerate(self.networks):
            columns = torch.from_numpy(np.concatenate(complete[index::n_networks])).unbind(1)
            means = np.array([(each.mean, each.interval) for each in map(estimate, columns)])
            lanes.append(Lane(network.title, *means.T))
        return lanes


def many_tasks(choice: TaskChoice, own: Network | None = None) -> ManyTasks:
    """Those like the task of `choice`; new ones where the kind or a network is another than before.

    What a network has learnt is kept: with a new checkpoint of one's own run, that alone learns.
    """
    kind, networks = replace(choice, number=0), race_networks(own)
    many: ManyTasks | None = st.session_state.get(SLOT)
    if many is None or (many.kind, many.networks) != (kind, networks):
        many = st.session_state[SLOT] = ManyTasks(kind, networks)
    return many


class _Learnt(NamedTuple):
    """Accuracies (CHUNK, S + 1), and how long learning them took."""

    scores: np.ndarray
    seconds: float


@st.cache_data(max_entries=2000, show_spinner=False)
def _learn(choice: TaskChoice, network: Network, first: int) -> _Learnt:
    """The tasks from number `first` on, learnt by one network."""
    from core.evaluation.few_shot import accuracy

    began = time.perf_counter()
    tasks = choice.tasks(CHUNK, "mean", first)
    adapted = load_network(network).adapt(tasks, choice.steps, choice.statistics, choice.scale)
    scores: np.ndarray = accuracy(adapted, tasks).numpy()
    return _Learnt(scores, time.perf_counter() - began)
