"""The points of a run that may still go on, laid out by the projection chosen."""

from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.evaluation.nearest_neighbours import nearest_labels
from core.evaluation.projection import Turns
from core.training.recording import film_steps
from core.training.run_folder import RunFolder
from pages.parts.embeddings.recording import PROJECTIONS
from pages.parts.embeddings.umap_at_step import UMAP, choose_umap_step, umap_layout_at_step

LIVE_FRAMES = 100  # at most, of a long run
KEPT_FRAMES = 4 * LIVE_FRAMES  # by the server, for all visitors: 77 kB each
KEPT_TURNS = 8  # runs, for all visitors: 32 or 72 bytes a frame
NOT_YET = "UMAP takes seconds, and is there once the run rests. Till then this is t-SNE."


class RunFrames(NamedTuple):
    """F moments of a run."""

    steps: list[int]  # (F,)
    layouts: np.ndarray  # (F, N, 2 or 3)
    embedding: np.ndarray  # (F, N, 16) principal components of the features of length 1
    nearest: np.ndarray  # (F, N) label of each point's nearest neighbour


def run_frames(run: RunFolder, projection: str, rests: bool) -> RunFrames:
    """Its film so far; of UMAP one moment, where the run rests. What there is to say, it says."""
    steps = run.snapshot_steps()
    if projection == UMAP and rests:
        return _one_moment(run, choose_umap_step(f"{run.id}-umap-step", steps))
    if projection == UMAP:
        st.caption(NOT_YET)
    shown = film_steps(steps, LIVE_FRAMES)
    frames = [_frame(str(run.path), step) for step in shown]
    axes = PROJECTIONS.get(projection)
    if axes is None:
        return _together(shown, [frame.layout for frame in frames], frames)
    return _together(shown, _run_turns(str(run.path), axes).layouts(shown), frames)


def _one_moment(run: RunFolder, step: int) -> RunFrames:
    """By UMAP, and by t-SNE till that is there."""
    frame = _frame(str(run.path), step)
    layout = umap_layout_at_step(run, step)
    return _together([step], [frame.layout if layout is None else layout], [frame])


class _Frame(NamedTuple):
    """Shared by all visitors: treat the arrays as read-only."""

    layout: np.ndarray  # (N, 2)
    embedding: np.ndarray  # (N, 16)
    nearest: np.ndarray  # (N,)


def _together(steps: list[int], layouts: list[np.ndarray], frames: list[_Frame]) -> RunFrames:
    return RunFrames(
        steps,
        np.stack(layouts),
        np.stack([frame.embedding for frame in frames]),
        np.stack([frame.nearest for frame in frames]),
    )


@st.cache_resource(max_entries=KEPT_FRAMES, show_spinner=False)
def _frame(run_path: str, step: int) -> _Frame:
    """A snapshot of a run, which never changes once it is written."""
    snapshot = RunFolder(Path(run_path)).snapshot(step)
    embedding = snapshot["embedding"].astype(np.float32)
    return _Frame(
        snapshot["layout"].astype(np.float32),
        embedding,
        nearest_labels(embedding, snapshot["labels"]),
    )


class _RunTurns:
    """The first principal components of a run's frames, each turned onto the one before it.

    Shared by all visitors. What a film leaves out counts too, so that a frame is never turned anew.
    """

    def __init__(self, run: RunFolder, axes: int) -> None:
        self.run, self.axes = run, axes
        self.turns, self.turning = Turns(), Lock()

    def layouts(self, shown: list[int]) -> list[np.ndarray]:
        """(N, axes) of each of some steps."""
        with self.turning:
            for step in self.run.snapshot_steps():
                if step not in self.turns:
                    self.turns.add(step, self.run.snapshot(step)["embedding"][:, : self.axes])
        return [
            self.turns.turned(step, _frame(str(self.run.path), step).embedding[:, : self.axes])
            for step in shown
        ]


@st.cache_resource(max_entries=KEPT_TURNS, show_spinner=False)
def _run_turns(run_path: str, axes: int) -> _RunTurns:
    return _RunTurns(RunFolder(Path(run_path)), axes)
