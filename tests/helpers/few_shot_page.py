"""What the Few-shot page shows, in a test that runs it as a script."""

import json
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from pages.parts.url_state import WARNINGS

Open = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    """All that the page says in words."""
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.warning])


def forget_warnings(app: AppTest) -> None:
    """What `app.py` does after a page; `switch_page` of an AppTest runs the page without it."""
    del app.session_state[WARNINGS]


def race_cards(app: AppTest) -> list[dict[str, Any]]:
    """The cards of the race, as the browser is sent them."""
    elements = (box.proto for box in app.get("bidi_component"))
    (sent,) = (proto.json for proto in elements if proto.component_name == "picture_cards")
    cards: list[dict[str, Any]] = json.loads(sent)["cards"]
    return cards
