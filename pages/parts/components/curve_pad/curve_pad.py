"""The curve pad: panels of one curve each, on which support points are placed by hand."""

import base64
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st
from pydantic import Field, TypeAdapter

from pages.parts.components.frontend import frontend
from pages.parts.components.messages import Message, checked, message_of

Points = npt.NDArray[np.float64]  # (K, 2): x and y of each

MOST = 10
_LATEST_EDIT = 2**53  # JavaScript counts no further

_mount = st.components.v2.component(
    "curve_pad", **frontend("curve_pad/curve_pad", "curve_pad/places")
)


class _Placed(Message):
    """What the pad sends after a change made by hand."""

    revision: int
    edit: int = Field(ge=0, lt=_LATEST_EDIT)
    points: list[list[float]]


_PLACED = TypeAdapter(_Placed)


class Panel(NamedTuple):
    """The content of one panel.

    `predictions` (S, P) are over the places of the curve, the last one bold. `note` stands beside
    the title; `alt` describes the panel to a screen reader.
    """

    title: str
    note: str
    colour: str
    predictions: npt.NDArray[np.floating]
    alt: str


class Axes(NamedTuple):
    """The range of an axis, which is also that of the points, and the places of its labels."""

    low: float
    high: float
    ticks: tuple[int, ...]


class _Kept(NamedTuple):
    """The points, kept beside the widget's own state, which a page switch throws away.

    `revision` is that of the points drawn last, `edit` counts the changes made by hand since the
    pad was first shown.
    """

    revision: int
    edit: int
    points: Points


def placed_points(key: str, drawn: Points, revision: int) -> Points:
    """The points of the pad `key`: `drawn` at first, then as they are moved by hand.

    They are `drawn` again whenever `revision` has changed.
    """
    kept: _Kept | None = st.session_state.get(_slot(key))
    if kept is None or kept.revision != revision:
        kept = _Kept(revision, kept.edit if kept else 0, drawn)
        st.session_state[_slot(key)] = kept
    return kept.points


def curve_pad(
    points: Points,
    curve: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]],
    panels: Sequence[Panel],
    *,
    key: str,
    label: str,
    now: str,
    x_axis: Axes,
    y_axis: Axes,
    snap: bool,
    unseen: tuple[float, float] | None = None,
    height: int = 230,
) -> None:
    """Shows the panels, each with the points, which can be moved, added and removed.

    `points` are those of `placed_points`, perhaps moved onto the curve; they are kept as given.
    After a change made by hand the page runs again, with the new points.

    Args:
        curve: x and y, (P,) each.
        label: describes all panels together to a screen reader.
        now: what the bold lines show.
        snap: whether a moved point stays on the curve.
        unseen: a part of the x axis without points, to be marked.
        height: of a panel in CSS pixels.
    """
    bounds = ((x_axis.low, x_axis.high), (y_axis.low, y_axis.high))
    kept: _Kept = st.session_state[_slot(key)]._replace(points=points)
    st.session_state[_slot(key)] = kept

    def keep() -> None:
        before: _Kept = st.session_state[_slot(key)]
        message = message_of(key, "placed")
        st.session_state[_slot(key)] = _after_message(before, message, bounds)

    _mount(
        key=key,
        data=_drawn(kept, curve, panels)
        | {
            "label": label,
            "now": now,
            "x_axis": x_axis._asdict(),
            "y_axis": y_axis._asdict(),
            "snap": snap,
            "unseen": unseen,
            "height": height,
        },
        on_placed_change=keep,
    )


def _drawn(
    kept: _Kept, curve: tuple[npt.NDArray[np.floating], ...], panels: Sequence[Panel]
) -> dict[str, object]:
    """The points, the curve and the panels, as the browser reads them."""
    return {
        "revision": kept.revision,
        "edit": kept.edit,
        "points": kept.points.round(4).tolist(),
        "most": MOST,
        "x": _floats(curve[0]),
        "truth": _floats(curve[1]),
        "panels": [
            panel._asdict() | {"predictions": _floats(panel.predictions)} for panel in panels
        ],
    }


def _slot(key: str) -> str:
    return f"{key}.kept"


def _floats(values: npt.NDArray[np.floating]) -> str:
    """float32 in base64, row by row, clipped to what an SVG path can hold."""
    held = np.nan_to_num(values.astype(np.float64), nan=0.0).clip(-1e3, 1e3)
    return base64.b64encode(held.astype("<f4").tobytes()).decode()


def _after_message(kept: _Kept, message: object, bounds: Sequence[tuple[float, float]]) -> _Kept:
    """The new state after a message from the browser; unchanged where that makes no sense."""
    sent = checked(_PLACED, message)
    if sent is None or sent.revision != kept.revision:
        return kept  # sent before new points arrived, or not by the pad
    points = decode_points(sent.points, bounds)
    return kept if points is None else _Kept(kept.revision, sent.edit, points)


def decode_points(given: object, bounds: Sequence[tuple[float, float]]) -> Points | None:
    """Pairs of numbers within `bounds` of x and of y as (K, 2); None for anything else."""
    if not isinstance(given, list) or len(given) > MOST:
        return None
    for pair in given:
        if not isinstance(pair, list) or len(pair) != len(bounds):
            return None
        for value, (low, high) in zip(pair, bounds, strict=True):
            if type(value) not in (int, float) or not low <= value <= high:
                return None
    return np.array(given, np.float64).reshape(-1, len(bounds))
