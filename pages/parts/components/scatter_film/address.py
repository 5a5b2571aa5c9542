"""The view of a film of points as one parameter of the address: `digit_18+step_400+zoom_2.5`.

The browser writes what differs from the film's first view, once nothing moves any more. It never
reads the parameter: what an address asks for is checked here. Several picked points are `group_`
and one bit a point in base64.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.url_state import UrlValue, nearest_number, restore, write

_PART = r"([a-z]+_-?\d+(\.\d+)?|group_[\w-]+)"
_TEXT = re.compile(rf"{_PART}( {_PART})*|", re.ASCII)
MOST_LETTERS = 400
SHOWN_LETTERS = 40  # of a part that makes no sense


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


@dataclass(frozen=True)
class FilmView(UrlValue):
    """The view in the parameter `name` of a film of N points; `key` is in session state alone."""

    name: str
    ranges: Mapping[str, _Range]  # of the numbers that a view can have
    n_points: int
    label: str = "Film"
    default: ScatterStart = AS_USUAL

    @property
    def key(self) -> str:  # type: ignore[override]
        return f"{self.name}.start"

    def given(self) -> str | None:
        return st.query_params.get(self.name)

    def write(self, value: ScatterStart) -> None:
        """Keeps the value; the browser corrects the address once the film is drawn.

        Streamlit would add an entry to the browser's history, which the film never does.
        """
        st.session_state[self.key] = value

    def nearest(self, given: str) -> ScatterStart:
        return self._read(given)[0]

    def is_same(self, value: ScatterStart, given: str) -> bool:
        return not self._read(given)[1]

    def sentence(self, given: str, value: ScatterStart) -> str:
        return " ".join(self._read(given)[1])

    def _read(self, given: str) -> tuple[ScatterStart, list[str]]:
        """The nearest view, and a sentence for each part that had to be changed."""
        numbers: dict[str, float] = {}
        group: tuple[int, ...] = ()
        changes = []
        for part in given[:MOST_LETTERS].split(" ") if given else []:
            name, _, text = part.partition("_")
            value = self._number(name, text)
            if name == "group" and (points := _points(text, self.n_points)):
                group = points
            elif value is None:
                shown = part[:SHOWN_LETTERS]
                changes.append(f"{shown!r} in the address says nothing about the film.")
            else:
                numbers[name] = value
                if value != float(text):
                    label = self.ranges[name].label
                    changes.append(f"{label} {text!r} in the address became {value:g}.")
        return ScatterStart(numbers, group), changes

    def _number(self, name: str, text: str) -> float | None:
        if name not in self.ranges:
            return None
        _, low, high = self.ranges[name]
        number = nearest_number(text, low, high)
        return number if number is None or name in VIEW else round(number)


def restore_view(name: str, n_points: int, n_classes: int, last_step: int) -> ScatterStart:
    """The view that a film begins with, as the parameter `name` asked when the session began.

    What is out of range is clamped, here and in the address, and the page says so.
    """
    ranges = {
        "digit": _Range("Digit", 0, n_points),
        "step": _Range("Step", 0, last_step),
        "class": _Range("Class", 0, n_classes - 1),
    } | VIEW
    view = FilmView(name, ranges, n_points)
    restore(view)
    start: ScatterStart = st.session_state[view.key]
    return start


def _points(text: str, n_points: int) -> tuple[int, ...]:
    """The points whose bits are set; none where the text is not base64."""
    try:
        bits = np.unpackbits(np.frombuffer(_decoded(text), np.uint8), bitorder="little")
    except ValueError:
        return ()
    return tuple(np.flatnonzero(bits[:n_points]).tolist())


def _decoded(text: str) -> bytes:
    """Raises ValueError for what is no base64."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def step_in_address(name: str, steps: Sequence[int]) -> int:
    """The step that a film shows, as its parameter of the address has it; else the last."""
    found = re.search(r"\bstep_(\d{1,9})\b", st.query_params.get(name, "")[:MOST_LETTERS])
    return min(steps, key=lambda step: abs(step - int(found[1]))) if found else steps[-1]


def keep_in_address(name: str, message: object) -> None:
    """Puts the view that the browser has sent into the address where that has none.

    The browser has put it there before it sent it: an address that says something else is newer.
    But a visit to another page drops it. Ignores what no browser would send.
    """
    if not isinstance(message, str) or len(message) > MOST_LETTERS or not _TEXT.fullmatch(message):
        return
    if name not in st.query_params:
        write(name, message)
