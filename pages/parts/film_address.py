"""What a film of points shows, as one parameter of the address: `digit_18+step_400+zoom_2.5`.

The browser writes what differs from how the film begins, once it rests, and reads nothing: what an
address asks for is checked here.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from pages.parts.address import nearest_number, say_changed

_TEXT = re.compile(r"[a-z]+_-?\d+(\.\d+)?( [a-z]+_-?\d+(\.\d+)?)*|")
MOST_LETTERS = 200


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


def film_start(name: str, n_points: int, last_step: int) -> dict[str, float]:
    """What the parameter `name` asks a film to begin with; what is out of range is clamped, and
    said once a session.
    """
    slot = f"{name}.start"
    if slot not in st.session_state:
        ranges = {
            "digit": _Range("Digit", 1, n_points),
            "step": _Range("Step", 0, last_step),
        } | VIEW
        st.session_state[slot] = _read(st.query_params.get(name, ""), ranges)
    start: dict[str, float] = st.session_state[slot]
    return start


def _read(given: str, ranges: Mapping[str, _Range]) -> dict[str, float]:
    start: dict[str, float] = {}
    for part in given[:MOST_LETTERS].split(" ") if given else []:
        name, _, text = part.partition("_")
        value = (
            nearest_number(text, ranges[name].low, ranges[name].high) if name in ranges else None
        )
        if value is None:
            st.warning(
                f"{part[:40]!r} in the address says nothing about the film, and is left out.",
                icon=":material/straighten:",
            )
            continue
        start[name] = round(value) if name in ("digit", "step") else value
        if start[name] != float(text):
            say_changed(ranges[name].label, text, f"{start[name]:g}")
    return start


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
