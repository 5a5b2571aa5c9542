"""Points that move: an embedding over the steps of a run, drawn on a canvas in the browser."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st
from pydantic import TypeAdapter

from core.export.points import film_message, to_base64
from core.export.scripts import KEYS, PORTRAIT, SCATTER
from pages.parts.components.frontend import frontend
from pages.parts.components.messages import Message, checked, message_of
from pages.parts.components.scatter_film.address import (
    AS_USUAL,
    ScatterStart,
    keep_in_address,
    restore_view,
)

_HELPERS = ("shared/film_moments", "shared/film_player", "shared/tooltip", *(
    f"scatter_film/{part}"
    for part in ("zoom", "picks", "own_point", "controls", "address")
))  # fmt: skip
_mount = st.components.v2.component(
    "scatter_film",
    **frontend("scatter_film/scatter_film", *_HELPERS, exported=(KEYS, PORTRAIT, *SCATTER)),
)
_mount_pictures = st.components.v2.component(
    "film_pictures", **frontend("scatter_film/film_pictures")
)


class Picks(NamedTuple):
    """Points that are picked, in the order of picking, and the chosen one of them, if any."""

    points: tuple[int, ...]
    chosen: int | None


NO_PICKS = Picks((), None)


class _Picked(Message):
    """What the film sends when a point is picked."""

    points: list[int]
    chosen: int | None = None


_PICKED = TypeAdapter(_Picked)


class ScatterFrames(NamedTuple):
    """N points that move over F frames, F >= 1, and what is known of them."""

    frames: npt.NDArray[np.floating]  # (F, N, 2), or in space (F, N, 3) to be turned
    labels: npt.NDArray[np.integer]  # (N,) classes from 0, which colour the points; at most 256
    steps: Sequence[int] | None = None  # (F,) of each frame, ascending; its index by default
    names: Sequence[str] | None = None  # of the classes; their numbers by default
    pictures: npt.NDArray[np.uint8] | None = None  # (N, h, w) beside the pointer; sent once
    palette: Sequence[str] | None = None  # CSS colours of the classes; by default the theme's
    nearest: npt.NDArray[np.integer] | None = None  # (F, N) class nearest to each, for the pointer


def scatter_film(
    film: ScatterFrames,
    *,
    key: str,
    alt: str,
    picked: int | None = None,
    twin: str | None = None,
    address: str | None = None,
    layout: str = "",
    live: bool = False,
    autoplay: bool = False,
    height: int = 480,
) -> Picks:
    """Plays, pauses and scrubs through frames of the same points; all axes have one scale.

    Position, zoom, the isolated class and the picked points stay as they are when frames are added,
    when the points are laid out in another way, and after a rerun.

    Args:
        film: with all of its frames each time; new ones come last.
        alt: says to a screen reader what the points show.
        picked: the point that is picked at first; None: points cannot be picked.
        twin: key of another film of the same points, in which the same ones are picked.
        address: parameter of the address that keeps the film's view.
        layout: names this layout of the points for a point of one's own, see `own_digit_panel`.
        live: a run is adding frames: glides to each new one until the user scrubs back.
        autoplay: plays once from the first frame, unless the user's system asks for less motion.
        height: in CSS pixels; the width is that of the column.

    Returns:
        What is picked now.

    Raises:
        GlimpseError: where a coordinate is not a finite number.
    """
    with st.container(gap=None):
        start = _start(film, address)
        first = None if picked is None else _first_picks(start, picked)
        settings = {
            "alt": alt, "usual": picked, "twin": twin, "address": address, "layout": layout,
            "live": live, "autoplay": autoplay, "height": height, "start": start.numbers,
            "picked": None if first is None else list(first.points),
        }  # fmt: skip
        _mount_film(film, key, settings)
    if address:
        keep_in_address(address, message_of(key, "view"))
    return NO_PICKS if first is None else _picks(key, first, len(film.labels))


def _start(film: ScatterFrames, address: str | None) -> ScatterStart:
    """What the address asks for."""
    if address is None:
        return AS_USUAL
    n_classes = int(film.labels.max()) + 1
    return restore_view(address, len(film.labels), n_classes, _steps(film)[-1])


def _steps(film: ScatterFrames) -> list[int]:
    return [int(step) for step in film.steps or range(len(film.frames))]


def _mount_film(film: ScatterFrames, key: str, settings: Mapping[str, object]) -> None:
    """Draws the film."""
    if film.pictures is not None:
        film_pictures(film.pictures, film=key)
    # The messages of the film are read in `scatter_film`, so nothing has to be called.
    data = _message(film) | {"film": key, **settings}
    _mount(key=key, data=data, on_picked_change=_nothing, on_view_change=_nothing)


def film_pictures(pictures: npt.NDArray[np.uint8], *, film: str) -> None:
    """Sends the pictures (N, h, w) of the film with this key, apart: they never change."""
    _, height, width = pictures.shape
    data = {"film": film, "grey": to_base64(pictures), "width": width, "height": height}
    _mount_pictures(key=f"{film}.pictures", data=data)


def _first_picks(start: ScatterStart, usual: int) -> Picks:
    """The picks of the address; the chosen one comes first, as the browser expects."""
    digit = int(start.numbers.get("digit", usual + 1))
    if digit == 0:
        return NO_PICKS
    if not start.group:
        return Picks((digit - 1,), digit - 1)
    chosen = digit - 1 if digit - 1 in start.group else start.group[0]
    return Picks((chosen, *(point for point in start.group if point != chosen)), chosen)


def _nothing() -> None:
    pass


def _message(film: ScatterFrames) -> dict[str, Any]:
    """The film as the browser reads it. Raises GlimpseError where a coordinate is not finite."""
    classes = int(film.labels.max()) + 1 if len(film.labels) else 0
    names = film.names or tuple(map(str, range(classes)))
    return film_message(film.frames, film.labels, _steps(film), names) | {
        "palette": list(film.palette) if film.palette else None,
        "nearest": None if film.nearest is None else to_base64(film.nearest.astype(np.uint8)),
    }


def _picks(key: str, first: Picks, n_points: int) -> Picks:
    """The picks that the browser has sent, kept where a page switch does not drop them."""
    slot = f"{key}.picks"
    sent = parse_picks(message_of(key, "picked"), n_points)
    picks: Picks = sent or st.session_state.get(slot) or first
    st.session_state[slot] = picks
    return picks


def parse_picks(message: object, n_points: int) -> Picks | None:
    """The picks in a message of the browser; None for anything that it would not send."""
    sent = checked(_PICKED, message)
    if sent is None or len(sent.points) > n_points:
        return None
    if not all(0 <= point < n_points for point in sent.points):
        return None
    if sent.chosen is None:
        return NO_PICKS
    return Picks(tuple(sent.points), sent.chosen) if sent.chosen in sent.points else None
