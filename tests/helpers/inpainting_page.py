"""What the Inpainting page shows, in a test that runs it as a script."""

import json
from base64 import b64decode
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from pages.parts.components.canvas.canvas import decode_painted

SHAPE = (28, 28)
ANSWERS = ["Truth", "U-Net", "Uncertainty", "Autoencoder", "Telea", "Navier-Stokes", "Biharmonic"]
ROWS, COLUMNS = np.indices(SHAPE)
HIDDEN = {
    "left": COLUMNS < 14,
    "right": COLUMNS >= 14,
    "top": ROWS < 14,
    "bottom": ROWS >= 14,
    "box": (abs(ROWS - 13.5) < 7) & (abs(COLUMNS - 13.5) < 7),
    "everything": np.ones(SHAPE, bool),
    "nothing": np.zeros(SHAPE, bool),
}


def texts(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(str(box.value) for box in [*page.markdown, *page.caption])


def sent(page: AppTest, component: str) -> dict[str, Any]:
    """What the browser was sent for a component, the last one where there are several."""
    elements = [box.proto for box in page.get("bidi_component")]
    found: dict[str, Any] = next(
        json.loads(proto.json) for proto in elements[::-1] if proto.component_name == component
    )
    return found


def hidden(page: AppTest) -> np.ndarray:
    painted = decode_painted(sent(page, "pixel_canvas")["bits"], SHAPE)  # a sheet is above it
    assert painted is not None
    return painted


def pictures(card: dict[str, Any]) -> np.ndarray:
    """(F, 28, 28) uint8."""
    return np.frombuffer(b64decode(card["frames"]), np.uint8).reshape(-1, *SHAPE)


def cards(page: AppTest) -> dict[str, dict[str, Any]]:
    data = sent(page, "completions")
    return {card["name"]: card for card in [*data["answers"], *data["samples"]]}


def shown_digit(page: AppTest) -> int:
    return int(page.session_state["digit"])


def in_address(page: AppTest, name: str) -> str:
    return "".join(page.query_params[name])  # AppTest has a text, or a list of one


def button(page: AppTest, label: str) -> Any:
    return next(box for box in page.button if box.label == label)
