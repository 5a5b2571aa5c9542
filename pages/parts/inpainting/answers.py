"""What everyone makes of the visible part of a digit, computed once for each painting."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.training.run_folder import open_run
from pages.parts.components.canvas.canvas import Painted
from pages.parts.inpainting.words import MODELS, NAME
from pages.parts.training.choose_run import run_in_view

if TYPE_CHECKING:  # they import torch, which the title need not wait for
    from core.methods.inpainting.method import Inpainting
    from core.methods.inpainting.sampling import Samples


class Sampler(NamedTuple):
    """The settings of the sampler."""

    steps: int
    temperature: float
    seed: int


class Answers(NamedTuple):
    """All answers of one painting; those of the networks raw, the others with what is visible."""

    raw: dict[str, np.ndarray]  # uint8 (28, 28) by name: the networks, then classical methods
    sampled: "Samples"

    def pasted(self, picture: np.ndarray, hidden: Painted) -> dict[str, np.ndarray]:
        """Each answer's hidden pixels with the visible ones of the truth around them."""
        return {name: np.where(hidden, raw, picture) for name, raw in self.raw.items()}


@st.cache_data(max_entries=32, show_spinner=False)
def answers_of(picture: np.ndarray, hidden: Painted, sampler: Sampler) -> Answers:
    """Of a digit uint8 (28, 28)."""
    from core.evaluation.classical import classical
    from core.methods.inpainting.sampling import samples

    visible = (~hidden).astype(np.uint8)
    raw = {name: shipped_model(own).answer(picture, visible)[0] for name, own in MODELS.items()}
    drawn = samples(shipped_model(MODELS["U-Net"]), picture, visible, **sampler._asdict())
    return Answers(raw | classical(picture, visible), drawn)


def answer_of_own_run(picture: np.ndarray, hidden: Painted) -> np.ndarray | None:
    """What the run below makes of it as of its newest checkpoint, uint8 (28, 28), visible pixels
    pasted back; None where there is no run with one.

    Raises GlimpseError where the checkpoint, or the pictures that it was made from, are damaged.
    """
    run = run_in_view(NAME)
    steps = run.checkpoint_steps() if run else []
    if run is None or not steps:
        return None
    raw = _own_answer(run.id, steps[-1], picture, hidden)
    return np.where(hidden, raw, picture)


@st.cache_data(max_entries=32, show_spinner=False)
def _own_answer(run_id: str, step: int, picture: np.ndarray, hidden: Painted) -> np.ndarray:
    return _own_model(run_id, step).answer(picture, (~hidden).astype(np.uint8))[0]


@st.cache_resource(max_entries=2, show_spinner=False)
def _own_model(run_id: str, step: int) -> "Inpainting":  # noqa: ARG001, it tells checkpoints apart
    """A run's network, as of its newest checkpoint, that of `step`."""
    from core.zoo.weights import restore_run

    model: Inpainting = restore_run(open_run(run_id))  # type: ignore[assignment]
    return model


@st.cache_resource(max_entries=len(MODELS), show_spinner=False)
def shipped_model(shipped: str) -> "Inpainting":
    """A shipped network by the name of its weights."""
    from core.zoo.weights import load_shipped, restore

    model: Inpainting = restore(load_shipped(shipped))  # type: ignore[assignment]
    return model
