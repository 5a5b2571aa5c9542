"""What is drawn, in letters that an address can have: the fewer, the blanker the paper."""

import base64
import zlib

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.parts.url_state import say

Ink = npt.NDArray[np.bool_]  # (h, w), True where there is ink
Shape = tuple[int, int]


def short_text(values: bytes) -> str:
    """Bytes in letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(zlib.compress(values, 9)).decode().rstrip("=")


def from_short_text(text: str, length: int) -> bytes | None:
    """The inverse of `short_text` for so many bytes; None for any other text."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        values = zlib.decompressobj().decompress(packed, length + 1)
    except (ValueError, zlib.error):
        return None
    return values if len(values) == length else None


def ink_to_text(ink: Ink) -> str:
    """A drawing; empty where nothing is drawn."""
    return short_text(np.packbits(ink).tobytes()) if ink.any() else ""


def ink_from_text(text: str, shape: Shape) -> Ink | None:
    """The inverse of `ink_to_text`; None for any other text."""
    if not text:
        return np.zeros(shape, bool)
    pixels = shape[0] * shape[1]
    packed = from_short_text(text, (pixels + 7) // 8)
    if packed is None:
        return None
    bits = np.unpackbits(np.frombuffer(packed, np.uint8))
    return None if bits[pixels:].any() else bits[:pixels].reshape(shape).astype(bool)


def ink_in_address(name: str, shape: Shape) -> Ink:
    """What the parameter `name` says is drawn: nothing, and a sentence, where it makes no sense."""
    text = st.query_params.get(name, "")
    ink = ink_from_text(text, shape)
    if ink is None:
        say(f"{text[:40]!r} in the address is no drawing: the paper is empty.")
        return np.zeros(shape, bool)
    return ink
