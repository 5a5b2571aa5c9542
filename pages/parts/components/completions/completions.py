"""Completions as a grid of small pictures, and the sampler's steps as a film that plays in it."""

from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.components.frontend import frontend

INK = (255, 255, 255)
HEAT = (255, 190, 70)  # of what is no ink: how unsure a network is

_mount = st.components.v2.component("completions", **frontend("completions/completions"))


class Completion(NamedTuple):
    """A picture and what is to be said of it.

    `frames` uint8 (F, 28, 28) has one frame, or those of a film; `reads` float (F, 10) says how
    likely each digit is in each of them, and is empty for what is no picture of a digit.
    """

    name: str
    frames: np.ndarray
    reads: np.ndarray
    note: str
    alt: str
    colour: tuple[int, int, int] = INK


def completions(
    answers: Sequence[Completion], samples: Sequence[Completion], *, key: str, still: bool = False
) -> None:
    """Shows `answers`, and below them `samples`, whose frames are one film.

    Where the film is `still`, since nothing moves in it, it can be neither played nor scrubbed.
    """
    _mount(
        key=key,
        data={
            "answers": [_sent(a) for a in answers],
            "samples": [_sent(s) for s in samples],
            "still": still,
        },
    )


def _sent(completion: Completion) -> dict[str, object]:
    frames = np.ascontiguousarray(completion.frames, np.uint8)
    return {
        **completion._asdict(),
        "frames": b64encode(frames.tobytes()).decode(),
        "reads": (100 * completion.reads).round().astype(int).tolist(),
    }
