"""The tasks of the section Unlabelled drawings help, and soft k-means on them."""

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import streamlit as st

from core.paths import ASSETS

if TYPE_CHECKING:
    from core.figures.unlabelled import SoftStep
    from core.methods.lifelong.features import Embed
    from core.methods.lifelong.soft_k_means import Task

FEATURES, LAST_TASK = "alphabet", 999  # the tasks of the study


class Learnt(NamedTuple):
    """A task, and what is right and where all is before and after each step (S + 1)."""

    pictures: np.ndarray  # uint8 (W, 28, 28): the labelled drawings
    right: list[int]  # queries whose nearest class mean is theirs
    queries: int
    unlabelled: int
    steps: "list[SoftStep]"


@st.cache_data(max_entries=1, show_spinner=False)
def study() -> dict[str, Any]:
    """See `core.studies.unlabelled`."""
    measured: dict[str, Any] = json.loads((ASSETS / "unlabelled.json").read_text())
    return measured


@st.cache_resource(max_entries=20, show_spinner=False)
def learnt(number: int, distractors: bool, cluster: bool) -> Learnt:
    """A task of the evaluation alphabets. Read-only."""
    import torch

    from core.evaluation.adaptation import principal_plane
    from core.figures.unlabelled import SoftStep
    from core.methods.lifelong.soft_k_means import LENGTH, right, soft_k_means

    pictures, task = _task(number)
    ways, of_classes = len(task.labelled), len(task.unlabelled)
    seen = torch.cat([task.unlabelled, task.distractors]) if distractors else task.unlabelled
    truth = np.full(len(seen), -1)
    truth[:of_classes] = np.repeat(np.arange(ways), of_classes // ways)
    plane = principal_plane(torch.cat([task.labelled, task.unlabelled]))
    states = soft_k_means(task.labelled, seen, LENGTH if cluster else None)
    trail = np.stack([plane.coordinates(state.prototypes).numpy() for state in states])
    origin = plane.coordinates(torch.zeros_like(task.labelled[:1]))[0].numpy() if cluster else None
    steps = [
        SoftStep(
            trail[0], plane.coordinates(seen).numpy(), truth, state.assigned.numpy(),
            trail[: place + 1], origin,
        )
        for place, state in enumerate(states)
    ]  # fmt: skip
    queries = len(task.queries)
    rights = [round(right(task.queries, state.prototypes).item() * queries) for state in states]
    return Learnt(pictures, rights, queries, len(seen), steps)


@st.cache_resource(max_entries=5, show_spinner="Embedding the drawings …")
def _task(number: int) -> "tuple[np.ndarray, Task]":
    """The labelled drawings uint8 (W, 28, 28) of a task, and its features. Read-only."""
    from core.methods.lifelong.soft_k_means import draw_task, task_of
    from core.methods.lifelong.stream import evaluation_characters

    characters = evaluation_characters()
    pictures = characters[draw_task(len(characters), number)]
    features = _embed()(pictures.flatten(0, 1)).view(*pictures.shape[:2], -1)
    task = task_of(features)
    return pictures[: len(task.labelled), 0].numpy(), task


@st.cache_resource(max_entries=1, show_spinner=False)
def _embed() -> "Embed":
    from core.methods.lifelong.features import load_features

    return load_features(FEATURES)
