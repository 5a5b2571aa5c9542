"""A grid of completions, in which the sampler's steps play as a film."""

from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.components.frontend import frontend

INK = (255, 255, 255)
UNCERTAINTY_COLOUR = (255, 190, 70)

_mount = st.components.v2.component("completions", **frontend("completions/completions"))


class Completion(NamedTuple):
    """A picture and what is shown with it."""

    name: str
    frames: np.ndarray  # uint8 (F, 28, 28); F is 1 outside a film
    probabilities: np.ndarray  # float (F, 10) of each digit; (0, 10) if it is no picture of a digit
    note: str
    alt: str
    colour: tuple[int, int, int] = INK  # RGB of a pixel of 255


def completions(
    answers: Sequence[Completion],
    samples: Sequence[Completion],
    *,
    key: str,
    is_playable: bool = True,
) -> None:
    """Shows `answers`, and below them `samples`, whose frames are played as one film.

    The film's controls are disabled unless it `is_playable`.
    """
    _mount(
        key=key,
        data={
            "answers": [_for_browser(a) for a in answers],
            "samples": [_for_browser(s) for s in samples],
            "is_playable": is_playable,
        },
    )


def _for_browser(completion: Completion) -> dict[str, object]:
    frames = np.ascontiguousarray(completion.frames, np.uint8)
    return {
        **completion._asdict(),
        "frames": b64encode(frames.tobytes()).decode(),
        "probabilities": (100 * completion.probabilities).round().astype(int).tolist(),
    }
