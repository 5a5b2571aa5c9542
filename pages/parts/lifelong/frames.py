"""The frames of a stream: what each learner knew of each class, whenever it was asked."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.export.cabinet import CabinetFrames
from core.figures.race import LOOKS
from core.figures.words import counted
from core.methods.lifelong.snapshot import ASKED, LEARNER_NAMES, NOT_MET, names_in
from core.registry import metric_of
from core.training.recording import film_steps, open_recording
from core.training.run_folder import RunFolder

NAME = "lifelong"
LIVE_FRAMES = 100  # at most, of a long run
KEPT_FRAMES = 4 * LIVE_FRAMES  # in the server's cache, for all visitors: a few kB each
LABELS = {name: metric_of(NAME, f"{name}_accuracy").label for name in LEARNER_NAMES}
LEARNERS = [*LABELS.values()]
COLOURS = {name: look.colour for name, look in zip(LEARNER_NAMES, LOOKS, strict=False)}
SHOWN = ("tuning", "means")  # in the two cabinets, until others are chosen
LEFT, RIGHT = (LEARNER_NAMES.index(name) for name in SHOWN)


class StreamFrames(NamedTuple):
    """F frames of a stream of C classes, and what is known of them. Treat them as read-only."""

    right: np.ndarray  # uint8 (F, L, C): right answers of five, 255 for a class that has not come
    pictures: np.ndarray  # uint8 (C, 28, 28)
    steps: list[int]  # (F,): classes whose examples have come
    k_shot: int
    replay: int
    names: tuple[str, ...]  # (L,) of the learners

    @property
    def accuracy(self) -> np.ndarray:
        """On all classes so far (F, L); NaN before the first."""
        return accuracies(self.right)

    def notes(self) -> list[str]:
        """What is said of each frame."""
        n_classes = self.right.shape[2]
        return [
            f"{step:,} of {n_classes:,} classes, {counted(step * self.k_shot, 'label')} spent"
            for step in self.steps
        ]

    def cabinet(self) -> CabinetFrames:
        """The same, as a cabinet shows it."""
        return CabinetFrames(
            right=self.right,
            asked=ASKED,
            pictures=self.pictures,
            learners=[LABELS[name] for name in self.names],
            steps=self.steps,
            notes=self.notes(),
            accuracy=self.accuracy,
        )


def accuracies(right: np.ndarray) -> np.ndarray:
    """The share of right answers (..., L) on the classes that have come, of (..., L, C)."""
    met = right != NOT_MET
    n_met = met.sum(-1)
    total = np.where(met, right, 0).sum(-1)
    shares: np.ndarray = np.divide(
        total, ASKED * n_met, out=np.full(n_met.shape, np.nan), where=n_met > 0
    )
    return shares


@st.cache_resource(max_entries=1, show_spinner=False)
def recorded_stream() -> StreamFrames:
    """The recorded run of the page."""
    run = open_recording(NAME)
    return _frames(run, run.snapshot_steps())


def stream_of(run: RunFolder) -> StreamFrames:
    """The frames of a run so far."""
    return _frames(run, film_steps(run.snapshot_steps(), LIVE_FRAMES))


def _frames(run: RunFolder, steps: Sequence[int]) -> StreamFrames:
    first = run.snapshot_steps()[0]
    right = [_frame(str(run.path), step)["right"] for step in steps]
    pictures = _frame(str(run.path), first)["pictures"]
    names = names_in(len(right[0]))
    k_shot, replay = run.config["k_shot"], run.config["replay"]
    return StreamFrames(np.stack(right), pictures, list(steps), k_shot, replay, names)


@st.cache_resource(max_entries=KEPT_FRAMES, show_spinner=False)
def _frame(run_path: str, step: int) -> dict[str, np.ndarray]:
    """A snapshot of a run, which never changes once it is written."""
    return RunFolder(Path(run_path)).snapshot(step)
