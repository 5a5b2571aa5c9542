"""The frames of a run that may still train, in the chosen projection."""

from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.evaluation.neighbour_lookup import nearest_labels
from core.evaluation.projection import Turns
from core.training.recording import film_steps
from core.training.run_folder import RunFolder
from pages.parts.embeddings.recording import PROJECTIONS
from pages.parts.embeddings.umap_at_step import UMAP, choose_umap_step, umap_layout_at_step

LIVE_FRAMES = 100  # at most, of a long run
KEPT_FRAMES = 4 * LIVE_FRAMES  # in the server's cache, for all visitors: 77 kB each
KEPT_TURNS = 8  # runs in the cache, for all visitors: 32 or 72 bytes a frame
NOT_YET = "UMAP takes seconds, so it waits until the run pauses or ends. Until then you see t-SNE."


class RunFrames(NamedTuple):
    """F frames of a run."""

    steps: list[int]  # (F,)
    layouts: np.ndarray  # (F, N, 2 or 3)
    embedding: np.ndarray  # (F, N, 16) principal components of the features of length 1
    nearest: np.ndarray  # (F, N) label of each point's nearest neighbour


def run_frames(run: RunFolder, projection: str, is_active: bool) -> RunFrames:
    """The run's frames so far; for UMAP, once the run is not active, the one of a chosen step.

    Shows the slider for that step, or why there is no UMAP yet.
    """
    steps = run.snapshot_steps()
    if projection == UMAP and not is_active:
        return _umap_frame(run, choose_umap_step(f"{run.key}-umap-step", steps))
    if projection == UMAP:
        st.caption(NOT_YET)
    shown = film_steps(steps, LIVE_FRAMES)
    frames = [_frame(str(run.path), step) for step in shown]
    axes = PROJECTIONS.get(projection)
    if axes is None:
        return _stack(shown, [frame.layout for frame in frames], frames)
    return _stack(shown, _run_turns(str(run.path), axes).layouts(shown), frames)


def _umap_frame(run: RunFolder, step: int) -> RunFrames:
    """One frame by UMAP, or by t-SNE until that is there."""
    frame = _frame(str(run.path), step)
    layout = umap_layout_at_step(run, step)
    return _stack([step], [frame.layout if layout is None else layout], [frame])


class _Frame(NamedTuple):
    """Shared by all visitors: treat the arrays as read-only."""

    layout: np.ndarray  # (N, 2)
    embedding: np.ndarray  # (N, 16)
    nearest: np.ndarray  # (N,)


def _stack(steps: list[int], layouts: list[np.ndarray], frames: list[_Frame]) -> RunFrames:
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
    """The first principal components of a run's frames, each rotated to fit the one before it.

    Shared by all visitors. Frames that a film leaves out are rotated too, so that the rotation of a
    frame never changes.
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
