"""Short films that loop, drawn in the colours of the theme."""

from base64 import b64encode
from typing import Any

import numpy as np
import streamlit as st

from pages.parts.components.frontend import frontend

POINTS_SIZE = (960, 640)  # pixels of the canvas that points are drawn on

_mount = st.components.v2.component("film", **frontend("film/film"))


def picture_film(
    ink: np.ndarray, hue: np.ndarray, *, key: str, alt: str, seconds: float = 1.0
) -> None:
    """Loops over F pictures; each is shown for `seconds` and fades into the next.

    Where a system asks for reduced motion, only the last picture is shown.

    Args:
        ink: uint8 (F, H, W), the opacity of each pixel.
        hue: uint8 (F, H, W), its colour: 0 is that of the text, k the k-th of the charts.
    """
    count, height, width = ink.shape
    _show(key, alt, seconds, count, (width, height), hue, ink=_base64(ink))


def point_film(
    points: np.ndarray, hue: np.ndarray, *, key: str, alt: str, seconds: float = 0.1
) -> None:
    """Loops over F frames of N points, which move from one frame to the next within `seconds`.

    Args:
        points: uint16 (F, N, 2), x to the right and y up; 0 and 65535 are the edges of the film.
        hue: uint8 (N,), the colour of each point as in `picture_film`.
    """
    _show(key, alt, seconds, len(points), POINTS_SIZE, hue, points=_base64(points.astype("<u2")))


def _show(
    key: str,
    alt: str,
    seconds: float,
    count: int,
    size: tuple[int, int],
    hue: np.ndarray,
    **frames: str,
) -> None:
    data: dict[str, Any] = {"alt": alt, "seconds": seconds, "count": count, "hue": _base64(hue)}
    _mount(key=key, data={**data, "width": size[0], "height": size[1], **frames})


def _base64(array: np.ndarray) -> str:
    return b64encode(np.ascontiguousarray(array).tobytes()).decode()
