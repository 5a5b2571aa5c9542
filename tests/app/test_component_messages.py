"""Whatever a component is said to have sent, the page goes on with what it had."""

import itertools
import json
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.components.ask_class.ask_class import parse_answer as parse_class
from pages.parts.components.ask_label.ask_label import parse_answer
from pages.parts.components.canvas.canvas import _after_message as after_stroke
from pages.parts.components.canvas.canvas import _Kept as KeptInk
from pages.parts.components.canvas.canvas import decode_painted, encode_painted
from pages.parts.components.curve_pad.curve_pad import _after_message as after_drag
from pages.parts.components.curve_pad.curve_pad import _Kept as KeptPoints
from pages.parts.components.label_map.label_map import parse_click
from pages.parts.components.live_figure.live_figure import decode_click
from pages.parts.components.scatter_film.scatter_film import Picks, parse_picks

SHAPE, BOUNDS, N_POINTS = (4, 4), ((-5.0, 5.0), (-6.0, 6.0)), 7
INK = KeptInk(3, encode_painted(np.zeros(SHAPE, bool)))
POINTS = KeptPoints(3, 2, np.array([[1.0, 2.0]]))
OPTIONS = ["data:,", "data:,"]  # pictures of two classes
SENT: dict[str, Any] = {  # what each component would send
    "canvas": {"revision": 3, "bits": encode_painted(np.eye(4, dtype=bool))},
    "curve_pad": {"revision": 3, "edit": 4, "points": [[1.5, 2], [-5, 6.0]]},
    "scatter_film": {"points": [6, 0], "chosen": 6},
    "live_figure": [0, 1.5, 2],
    "ask_label": {"point": 6, "digit": 3},
    "ask_class": {"place": 6, "option": 1},
}
HOSTILE: list[Any] = [
    None, True, False, 0, -1, 2**63, 10**400, 1e300, float("nan"), float("inf"), -0.5, "", "3",
    "\0", "\ud800", "a" * 10_000, [], [[]], [None], [float("nan")], {}, {"": 1}, {"points": None},
    [[1, 2]] * 1000, json.loads("[" * 200 + "]" * 200),
]  # fmt: skip


def mutations(good: Any, number: int) -> list[Any]:
    """The hostile values alone, and `number` messages of which one part is hostile."""
    draw = random.Random(0)
    made = list(HOSTILE)
    for _ in range(number):
        message = json.loads(json.dumps(good))
        place, key = message, draw.choice(list(_keys(message)))
        while isinstance(place[key], list | dict) and place[key] and draw.random() < 0.6:
            place, key = place[key], draw.choice(list(_keys(place[key])))
        if draw.random() < 0.1:
            del place[key]
        else:
            place[key] = draw.choice(HOSTILE)
        made.append(message)
    return made


def _keys(message: Any) -> list[Any]:
    return list(message) if isinstance(message, dict) else list(range(len(message)))


def _checked_canvas(message: Any) -> None:
    kept = after_stroke(INK, message, SHAPE)
    assert kept.revision == 3 and decode_painted(kept.bits, SHAPE) is not None


def _checked_pad(message: Any) -> None:
    kept = after_drag(POINTS, message, BOUNDS)
    assert kept.revision == 3 and kept.points.shape[1:] == (2,)
    assert np.isfinite(kept.points).all() and (np.abs(kept.points) <= (5, 6)).all()


def _checked_picks(message: Any) -> None:
    picks = parse_picks(message, N_POINTS)
    if picks is not None:
        assert all(type(point) is int and 0 <= point < N_POINTS for point in picks.points)
        assert picks.chosen is None or picks.chosen in picks.points


def _checked_click(message: Any) -> None:
    place = decode_click(message)
    assert place is None or np.isfinite(place).all()


def _checked_answer(message: Any) -> None:
    assert parse_answer(message, 6) in (None, *range(10))
    assert parse_answer(message, None) is None


def _checked_class(message: Any) -> None:
    assert parse_class(message, 6, OPTIONS) in (None, -1, 0, 1)
    assert parse_class(message, 6, None) is None


CHECKS: dict[str, Callable[[Any], None]] = {
    "canvas": _checked_canvas,
    "curve_pad": _checked_pad,
    "scatter_film": _checked_picks,
    "live_figure": _checked_click,
    "ask_label": _checked_answer,
    "ask_class": _checked_class,
}


@pytest.mark.parametrize("component", CHECKS)
def test_a_hostile_message_is_as_good_as_none(component: str) -> None:
    for message in mutations(SENT[component], 400):
        CHECKS[component](message)


def test_what_a_component_does_send_is_taken() -> None:
    assert after_stroke(INK, SENT["canvas"], SHAPE).bits == SENT["canvas"]["bits"]
    kept = after_drag(POINTS, SENT["curve_pad"], BOUNDS)
    assert (kept.edit, kept.points.tolist()) == (4, [[1.5, 2], [-5, 6]])
    assert parse_picks(SENT["scatter_film"], N_POINTS) == Picks((6, 0), 6)
    assert decode_click(SENT["live_figure"]) == (0, 1.5, 2)
    assert parse_answer(SENT["ask_label"], 6) == 3
    assert parse_answer(SENT["ask_label"], 5) is None  # another picture is asked about by now
    assert parse_class(SENT["ask_class"], 6, OPTIONS) == 1
    assert parse_class(SENT["ask_class"], 6, OPTIONS[:1]) is None  # there is no such option
    assert parse_class(SENT["ask_class"], 5, OPTIONS) is None  # another drawing is there by now
    assert [parse_click(point, N_POINTS) for point in (0, 6, 7, -1)] == [0, 6, None, None]


def test_a_hostile_click_on_a_map_is_as_good_as_none() -> None:
    assert {parse_click(message, N_POINTS) for message in HOSTILE} == {None, 0}


def _page() -> None:
    import plotly.graph_objects as go
    import streamlit as st

    from pages.parts.components.live_figure.live_figure import live_figure
    from pages.parts.components.thumbnails.thumbnails import thumbnails

    def note(*sent: float) -> None:
        st.session_state["heard"] = sent

    live_figure(go.Figure(), key="figure", alt="", on_click=note)
    thumbnails(["data:,", "data:,"], ["a", "b"], key="row", removable=1, on_remove=note)


def test_a_component_on_a_page_hears_nothing_hostile() -> None:
    page = AppTest.from_function(_page).run()
    states = page._tree.get_widget_states()
    ids = [box.proto.id for box in page.get("bidi_component")]
    texts = [json.dumps(message) for message in HOSTILE]
    for widget, text in itertools.product(ids, texts):
        sent = type(states)()
        state = sent.widgets.add()
        state.id, state.json_value = widget, f'{{"clicked": {text}, "removed": {text}}}'
        assert not page._run(sent).exception, text[:40]
        assert "heard" not in page.session_state or page.session_state["heard"] == (0,), text[:40]
