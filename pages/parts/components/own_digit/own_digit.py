"""A digit of one's own beside a film of points, in which it is a star: its neighbours."""

from base64 import b64encode
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from core.export.scripts import PORTRAIT
from pages.parts.components.frontend import frontend

_parts = frontend(
    "own_digit/own_digit",
    "shared/film_moments", "shared/film_panel", "shared/picture_row",
    exported=[PORTRAIT],
)  # fmt: skip
_parts["css"] = frontend("neighbours/neighbours")["css"] + _parts["css"]
_mount = st.components.v2.component("own_digit", **_parts)


def own_digit_panel(
    film: str,
    picture: np.ndarray,
    places: Mapping[str, Sequence[float]],
    nearest: Sequence[np.ndarray],
    counts: Sequence[str],
    labels: np.ndarray,
) -> None:
    """Shows a picture uint8 (28, 28) and its neighbours, and puts it into the film of this key.

    Args:
        places: where it lies in each layout of the film.
        nearest: its neighbours in the features and in pixels, indices (8,) of points each.
        counts: a caption for each of the two.
        labels: (N,) the classes of the film's points.
    """
    _mount(
        key=f"{film}.own-digit",
        data={
            "film": film,
            "picture": b64encode(picture.tobytes()).decode(),
            "places": places,
            "nearest": [each.tolist() for each in nearest],
            "counts": counts,
            "labels": b64encode(labels.astype(np.uint8).tobytes()).decode(),
            "names": [str(label) for label in range(10)],
        },
    )
