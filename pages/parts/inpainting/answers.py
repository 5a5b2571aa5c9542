"""The answers of every method to a masked digit, computed once for each mask."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.figures.inpainting import pasted
from core.training.run_folder import open_run
from pages.parts.components.canvas.canvas import Mask
from pages.parts.inpainting.words import MODELS, NAME
from pages.parts.shipped import shipped_inpainting
from pages.parts.training.choose_run import run_in_view

if TYPE_CHECKING:  # they import torch, which the title need not wait for
    from core.methods.inpainting.method import Inpainting
    from core.methods.inpainting.sampling import Samples


class Sampler(NamedTuple):
    """The settings of the sampler."""

    steps: int
    temperature: float
    seed: int


DEFAULT_SAMPLER = Sampler(steps=8, temperature=0.8, seed=0)


class Answers(NamedTuple):
    """All answers to one masked digit."""

    raw: dict[str, np.ndarray]  # uint8 (28, 28) by method: the networks, then the classical ones
    sampled: "Samples"

    def pasted(self, picture: np.ndarray, visible: Mask) -> dict[str, np.ndarray]:
        """Each answer with the visible pixels of the digit pasted back."""
        return {name: pasted(picture, raw, visible) for name, raw in self.raw.items()}


@st.cache_data(max_entries=32, show_spinner=False)
def answers_of(picture: np.ndarray, visible: Mask, sampler: Sampler) -> Answers:
    """All answers to a digit uint8 (28, 28) under a mask."""
    from core.evaluation.classical import classical
    from core.methods.inpainting.sampling import samples

    raw = {
        name: shipped_inpainting(weights).answer(picture, visible)[0]
        for name, weights in MODELS.items()
    }
    drawn = samples(shipped_inpainting(MODELS["U-Net"]), picture, visible, **sampler._asdict())
    return Answers(raw | classical(picture, visible), drawn)


def answer_of_own_run(picture: np.ndarray, visible: Mask) -> np.ndarray | None:
    """The answer of the run below at its newest checkpoint, uint8 (28, 28), visible pixels pasted
    back; None without a run that has a checkpoint.

    Raises GlimpseError where the checkpoint, or the pictures that it was trained on, are damaged.
    """
    run = run_in_view(NAME)
    steps = run.checkpoint_steps() if run else []
    if run is None or not steps:
        return None
    return pasted(picture, _own_answer(run.id, steps[-1], picture, visible), visible)


@st.cache_data(max_entries=32, show_spinner=False)
def _own_answer(run_id: str, step: int, picture: np.ndarray, visible: Mask) -> np.ndarray:
    return _own_model(run_id, step).answer(picture, visible)[0]


@st.cache_resource(max_entries=2, show_spinner=False)
def _own_model(run_id: str, step: int) -> "Inpainting":  # noqa: ARG001, it is part of the cache key
    """The network of a run at its newest checkpoint, that of `step`."""
    from core.zoo.weights import restore_run

    model: Inpainting = restore_run(open_run(run_id))  # type: ignore[assignment]
    return model
