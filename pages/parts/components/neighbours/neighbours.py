"""The points picked in a film, and the nearest neighbours of the chosen one at each frame."""

from base64 import b64encode
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.evaluation.neighbour_lookup import N_NEAREST, nearest_over_time, nearest_to
from core.export.scripts import PORTRAIT
from core.figures.words import with_article
from pages.parts.components.frontend import frontend

HINT = (
    "Click a point to see its neighbours, shift-click to pick more, or draw a lasso around some. "
    "Keys: N and P go to the next and the previous picture, Escape clears the selection."
)

_mount = st.components.v2.component(
    "neighbours",
    **frontend(
        "neighbours/neighbours",
        "shared/film_moments",
        "shared/film_panel",
        "shared/picture_row",
        exported=[PORTRAIT],
    ),
)


def neighbours(
    chosen: int | None,
    frames: np.ndarray,
    pixels: np.ndarray,
    labels: np.ndarray,
    *,
    film: str,
    first: tuple[int, np.ndarray],
    names: Sequence[str] | None = None,
) -> None:
    """Shows what is picked in the film `film`, and the neighbours at the frame that it shows.

    Args:
        chosen: the point whose neighbours are shown, beside those at the first frame and in pixels.
        frames: (F, N, D) the points of each frame in the space in which neighbours are looked for.
        pixels: (N, P) the pictures as vectors.
        labels: (N,) classes from 0, at most 256.
        first: step and points (N, D) of the run's first frame, which need not be among `frames`.
        names: of the classes; their numbers by default.
    """
    first_step, first_frame = first
    shown = list(names) if names else [str(label) for label in range(int(labels.max()) + 1)]
    of_frames = np.zeros((len(frames), N_NEAREST), int)
    of_first = of_pixels = np.zeros(N_NEAREST, int)
    if chosen is not None:
        of_frames, of_pixels = nearest_over_time(chosen, frames), nearest_to(chosen, pixels)
        of_first = nearest_to(chosen, first_frame)
    _mount(
        key=f"{film}.neighbours",
        data={
            "film": film,
            "chosen": chosen,
            "nearest": b64encode(of_frames.astype("<u2").tobytes()).decode(),
            "first": of_first.tolist(),
            "firstStep": first_step,
            "count": N_NEAREST,
            "pixels": of_pixels.tolist(),
            "labels": b64encode(labels.astype(np.uint8).tobytes()).decode(),
            "names": shown,
            "withArticle": [with_article(name) for name in shown],
            "hint": HINT,
        },
    )
