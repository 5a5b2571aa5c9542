"""What everyone makes of the visible part of a digit, computed once for each painting."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from pages.parts.canvas import Painted
from pages.parts.inpainting_words import MODELS

if TYPE_CHECKING:  # they import torch, which the title need not wait for
    from core.methods.completion_sampling import Samples
    from core.methods.inpainting import Inpainting


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
    from core.methods.completion_sampling import samples

    visible = (~hidden).astype(np.uint8)
    raw = {name: shipped_model(own).answer(picture, visible)[0] for name, own in MODELS.items()}
    drawn = samples(shipped_model(MODELS["U-Net"]), picture, visible, **sampler._asdict())
    return Answers(raw | classical(picture, visible), drawn)


@st.cache_resource(max_entries=len(MODELS), show_spinner=False)
def shipped_model(shipped: str) -> "Inpainting":
    """A shipped network by the name of its weights."""
    from core.weights import load_shipped, restore

    model: Inpainting = restore(load_shipped(shipped))  # type: ignore[assignment]
    return model
