"""Points that move: an embedding over the steps of a run, drawn on a canvas in the browser."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.errors import GlimpseError
from pages.parts.frontend import frontend

FINEST = 65535  # coordinates travel in 16 bits: a hundredth of a pixel on any screen

_HELPERS = ("film_moments", "portrait", "scatter_frames", "scatter_view", "scatter_labels",
            "scatter_picks", "scatter_guest", "scatter_turn", "scatter_controls")  # fmt: skip
_mount = st.components.v2.component("scatter_film", **frontend("scatter_film", *_HELPERS))
_mount_pictures = st.components.v2.component("film_pictures", **frontend("film_pictures"))


class Picks(NamedTuple):
    """Points that are picked, in the order of picking, and the chosen one of them, if any."""

    points: tuple[int, ...]
    chosen: int | None


NO_PICKS = Picks((), None)


def scatter_film(
    frames: npt.NDArray[np.floating],
    labels: npt.NDArray[np.integer],
    *,
    key: str,
    alt: str,
    steps: Sequence[int] | None = None,
    names: Sequence[str] | None = None,
    pictures: npt.NDArray[np.uint8] | None = None,
    palette: Sequence[str] | None = None,
    nearest: npt.NDArray[np.integer] | None = None,
    picked: int | None = None,
    layout: str = "",
    live: bool = False,
    autoplay: bool = False,
    fps: float = 8,
    height: int = 480,
) -> Picks:
    """Plays, pauses and scrubs through frames of the same points; all axes have one scale.

    Position, zoom, the isolated class and the picked points stay as they are when frames are added,
    when the points are laid out in another way, and after a rerun.

    Args:
        frames: (F, N, 2), or in space (F, N, 3) to be turned; F >= 1. All of them are
            handed over each time, those of before first.
        labels: (N,) classes from 0, which colour the points; at most 256.
        alt: says to a screen reader what the points show.
        steps: (F,) the step of each frame, ascending; its index by default.
        names: what the legend calls the classes; their numbers by default.
        pictures: (N, h, w) shown beside the pointer; the browser gets them once.
        palette: CSS colours of the classes; those of the theme's charts by default.
        nearest: (F, N) the class that is nearest to each point at each frame, for the pointer.
        picked: the point that is picked at first; None: points cannot be picked.
        layout: names this layout of the points for guests, see `pages.parts.own_digit`.
        live: a run is adding frames: glides to each new one until the user scrubs back.
        autoplay: plays once from the first frame, unless the user's system asks for less motion.
        fps: frames a second at speed 1.
        height: in CSS pixels; the width is that of the column.

    Returns:
        What is picked now.

    Raises:
        GlimpseError: where a coordinate is not a finite number.
    """
    n_frames, n_points = frames.shape[:2]
    low, span, coordinates = quantize(frames)
    classes = int(labels.max()) + 1 if n_points else 0
    with st.container(gap=None):
        if pictures is not None:
            size = {"width": pictures.shape[2], "height": pictures.shape[1]}
            _mount_pictures(
                key=f"{key}.pictures", data={"film": key, "grey": _base64(pictures), **size}
            )
        _mount(
            key=key,
            data={
                "film": key,
                "alt": alt,
                "coordinates": _base64(coordinates),
                "low": low.tolist(),
                "span": span.tolist(),
                "labels": _base64(labels.astype(np.uint8)),
                "steps": [int(step) for step in (range(n_frames) if steps is None else steps)],
                "names": list(names) if names else [str(label) for label in range(classes)],
                "palette": list(palette) if palette else None,
                "nearest": None if nearest is None else _base64(nearest.astype(np.uint8)),
                "picked": None if picked is None else [picked],
                "layout": layout,
                "live": live,
                "autoplay": autoplay,
                "fps": fps,
                "height": height,
            },
            on_picked_change=lambda: None,  # the picks are read where the film is drawn
        )
    return NO_PICKS if picked is None else _picks(key, picked, n_points)


def _picks(key: str, picked: int, n_points: int) -> Picks:
    """What the browser says is picked, kept where a page switch does not drop it."""
    slot = f"{key}.picks"
    said = parse_picks(st.session_state[key].get("picked"), n_points)
    picks: Picks = said or st.session_state.get(slot) or Picks((picked,), picked)
    st.session_state[slot] = picks
    return picks


def parse_picks(message: object, n_points: int) -> Picks | None:
    """What the browser has said of its picks; None for anything that it would not say."""
    if not isinstance(message, Mapping):
        return None
    points, chosen = message.get("points"), message.get("chosen")
    if not isinstance(points, list) or len(points) > n_points:
        return None
    if not all(type(point) is int and 0 <= point < n_points for point in points):
        return None
    if chosen is None:
        return NO_PICKS
    return Picks(tuple(points), chosen) if chosen in points else None


def quantize(
    frames: npt.NDArray[np.floating],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.uint16]]:
    """(F, N, D) as low (D,), span (D,) and whole numbers: frame = low + numbers / FINEST * span."""
    if not np.isfinite(frames).all():
        raise GlimpseError(
            "The points cannot be drawn, because some coordinates are not finite numbers:"
            " choose an earlier step, or train with a smaller learning rate."
        )
    low = frames.min((0, 1)).astype(np.float64)
    span = np.maximum(frames.max((0, 1)) - low, 1e-9)
    return low, span, np.rint((frames - low) / span * FINEST).astype("<u2")


def _base64(array: npt.NDArray[np.generic]) -> str:
    return b64encode(np.ascontiguousarray(array).tobytes()).decode()
