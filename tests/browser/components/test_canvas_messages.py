"""What the canvas makes of messages that its own browser side would never send."""

import base64

import numpy as np
import pytest

from pages.parts.components.canvas.canvas import (
    _after_message,
    _Kept,
    decode_painted,
    encode_painted,
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
