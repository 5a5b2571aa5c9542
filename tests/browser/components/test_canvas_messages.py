"""What the canvas sends to the browser, and what it makes of the messages that come back."""

import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.components.canvas.canvas import (
    _after_message,
    _Kept,
    decode_painted,
    encode_painted,
    mask_from_text,
    mask_to_text,
)

SHAPE = (28, 28)
PAINTED = np.random.default_rng(0).random(SHAPE) < 0.3
GOOD = encode_painted(PAINTED)


def test_decode_inverts_encode() -> None:
    for shape in ((28, 28), (3, 5), (1, 1)):
        painted = np.random.default_rng(1).random(shape) < 0.5
        decoded = decode_painted(encode_painted(painted), shape)
        assert decoded is not None
        assert (decoded == painted).all()


def test_bits_run_along_rows_from_the_top_left() -> None:
    painted = np.zeros(SHAPE, bool)
    painted[0, 0] = painted[0, 9] = True
    assert base64.b64decode(encode_painted(painted))[:2] == bytes([0b10000000, 0b01000000])


@pytest.mark.parametrize(
    "bits",
    [
        None,
        7,
        {"length": 132},
        "",
        GOOD[:-4],
        GOOD + "AAAA",
        "*" * len(GOOD),
        "é" * len(GOOD),
        "=" * len(GOOD),
        base64.b64encode(bytes(99)).decode(),
    ],
)
def test_what_cannot_be_decoded_changes_nothing(bits: object) -> None:
    assert decode_painted(bits, SHAPE) is None
    kept = _Kept(3, GOOD)
    assert _after_message(kept, {"revision": 3, "bits": bits}, SHAPE) == kept


def test_bits_beyond_the_last_pixel_are_refused() -> None:
    assert decode_painted(base64.b64encode(bytes([0b10101000])).decode(), (1, 5)) is not None
    assert decode_painted(base64.b64encode(bytes([0b10101001])).decode(), (1, 5)) is None


@pytest.mark.parametrize(
    "message", [None, "bits", [], {"bits": GOOD}, {"revision": 2, "bits": GOOD}]
)
def test_a_message_of_no_or_another_revision_changes_nothing(message: object) -> None:
    kept = _Kept(3, encode_painted(~PAINTED))
    assert _after_message(kept, message, SHAPE) == kept
    assert _after_message(kept, {"revision": 3, "bits": GOOD}, SHAPE) == _Kept(3, GOOD)


def _page_with_a_mask() -> None:
    """A canvas whose top row is hidden at first; the session keeps the mask that it returns."""
    import numpy as np
    import streamlit as st

    from pages.parts.components.canvas.canvas import mask_canvas

    visible = np.ones((28, 28), np.uint8)
    visible[0] = 0
    picture = np.zeros((28, 28), np.uint8)
    st.session_state["mask"] = mask_canvas(picture, key="canvas", label="Mask", preset=visible)


def test_python_gets_visible_pixels_and_the_browser_painted_ones() -> None:
    """Masks are 1 = visible, 0 = hidden everywhere in Python; what is painted over is hidden."""
    page = AppTest.from_function(_page_with_a_mask).run()
    top_row = np.zeros(SHAPE, bool)
    top_row[0] = True
    (canvas,) = page.get("bidi_component")
    assert json.loads(canvas.proto.json)["bits"] == encode_painted(top_row)
    mask = page.session_state["mask"]
    assert mask.dtype == np.uint8
    assert (mask == np.where(top_row, 0, 1)).all()

    page.session_state["canvas.kept"] = _Kept(0, GOOD)  # as after a stroke
    mask = page.run().session_state["mask"]
    assert (mask[PAINTED] == 0).all() and (mask[~PAINTED] == 1).all()


def test_the_address_has_the_painted_pixels_of_a_mask() -> None:
    visible = np.where(PAINTED, 0, 1).astype(np.uint8)
    text = mask_to_text(visible)
    assert base64.urlsafe_b64decode(text) == base64.b64decode(GOOD), "as in links made before"
    decoded = mask_from_text(text, SHAPE)
    assert decoded is not None and (decoded == visible).all()
    assert mask_from_text("bottom", SHAPE) is None
