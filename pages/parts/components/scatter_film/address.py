"""What a film of points shows, as one parameter of the address: `digit_18+step_400+zoom_2.5`.

The browser writes what differs from how the film begins, once it rests, and reads nothing: what an
address asks for is checked here. Several picked points are `group_` and one bit a point in base64.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.url_state import nearest_number, say_changed

_PART = r"([a-z]+_-?\d+(\.\d+)?|group_[\w-]+)"
_TEXT = re.compile(rf"{_PART}( {_PART})*|", re.ASCII)
MOST_LETTERS = 400


class _Range(NamedTuple):
    label: str
    low: float
    high: float


VIEW = {  # of the film on screen
    "zoom": _Range("Zoom", 0.25, 200),
    "across": _Range("Place across", -5, 5),  # of the middle: 0 is that of all points, 1 their edge
    "up": _Range("Place upwards", -5, 5),
    "yaw": _Range("Turn", -180, 180),  # degrees, of a film in space
    "pitch": _Range("Tilt", -90, 90),
}


class ScatterStart(NamedTuple):
    """What a film begins with, where it differs from the usual."""

    numbers: Mapping[str, float]  # of `digit` (0: none is picked), `step`, `class` and VIEW
    group: tuple[int, ...]  # points that are picked together, from 0


AS_USUAL = ScatterStart({}, ())


def scatter_start(name: str, n_points: int, n_classes: int, last_step: int) -> ScatterStart:
    """What the parameter `name` asks a film to begin with; what is out of range is clamped, and
    said once a session.
    """
    slot = f"{name}.start"
    if slot not in st.session_state:
        ranges = {
            "digit": _Range("Digit", 0, n_points),
            "step": _Range("Step", 0, last_step),
            "class": _Range("Class", 0, n_classes - 1),
        } | VIEW
        st.session_state[slot] = _read(st.query_params.get(name, ""), ranges, n_points)
    start: ScatterStart = st.session_state[slot]
    return start


def _read(given: str, ranges: Mapping[str, _Range], n_points: int) -> ScatterStart:
    numbers: dict[str, float] = {}
    group: tuple[int, ...] = ()
    for part in given[:MOST_LETTERS].split(" ") if given else []:
        name, _, text = part.partition("_")
        value = _number_in(ranges.get(name), text)
        if name == "group" and (points := _points(text, n_points)):
            group = points
        elif value is None:
            st.warning(
                f"{part[:40]!r} in the address says nothing about the film, and is left out.",
                icon=":material/straighten:",
            )
        else:
            numbers[name] = value if name in VIEW else round(value)
            if numbers[name] != float(text):
                say_changed(ranges[name].label, text, f"{numbers[name]:g}")
    return ScatterStart(numbers, group)


def _number_in(bounds: _Range | None, text: str) -> float | None:
    return None if bounds is None else nearest_number(text, bounds.low, bounds.high)


def _points(text: str, n_points: int) -> tuple[int, ...]:
    """The points whose bits are set, none where it is no such text."""
    try:
        bits = np.unpackbits(np.frombuffer(_decoded(text), np.uint8), bitorder="little")
    except ValueError:
        return ()
    return tuple(np.flatnonzero(bits[:n_points]).tolist())


def _decoded(text: str) -> bytes:
    """Raises ValueError for what is no base64."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def step_in_address(name: str, steps: Sequence[int]) -> int:
    """The step at which the film rests, as its parameter of the address says: else the last."""
    said = re.search(r"\bstep_(\d{1,9})\b", st.query_params.get(name, "")[:MOST_LETTERS])
    return min(steps, key=lambda step: abs(step - int(said[1]))) if said else steps[-1]


def keep_in_address(name: str, said: object) -> None:
    """Puts what the browser says that a film shows into the address, nothing where it is as begun.

    The browser has done so already: this lets Streamlit know. What no browser would say is left.
    """
    if not isinstance(said, str) or len(said) > MOST_LETTERS or not _TEXT.fullmatch(said):
        return
    if said and st.query_params.get(name) != said:
        st.query_params[name] = said
    elif not said and name in st.query_params:
        del st.query_params[name]
