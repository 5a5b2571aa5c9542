"""The pixel canvas: paint over a picture to hide parts of it, or draw one."""

import base64
import binascii
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.parts.components.frontend import frontend

Painted = npt.NDArray[np.bool_]

_mount = st.components.v2.component("pixel_canvas", **frontend("canvas/canvas"))


class _Kept(NamedTuple):
    """What is painted, kept beside the widget's own state, which a page switch throws away."""

    revision: int
    bits: str


def pixel_canvas(
    image: npt.NDArray[np.uint8],
    *,
    key: str,
    label: str,
    mode: Literal["mask", "draw"] = "mask",
    preset: Painted | None = None,
    revision: int = 0,
    brush: int = 2,
    size: int = 420,
) -> Painted:
    """Shows `image` to be painted on, and returns what is painted so far.

    Painting lives in the session under `key`: a new `image` and a page switch keep it. It is
    replaced by `preset` (None: nothing painted) whenever `revision` is another than before, so a
    preset is applied by handing it over with the next revision, and later strokes change it.

    Args:
        image: (h, w) in 0..255, shown as grey levels, 255 white.
        label: says to a screen reader what is being painted.
        mode: "mask" covers what is painted; "draw" lays white ink, with fewer tools, and shows
            `image` only until something is drawn.
        brush: diameter in pixels of `image`, 1 to 6; in mode "mask" to begin with.
        size: widest the canvas gets, in CSS pixels; it shrinks with its column.

    Returns:
        (h, w), True where painted: hidden in mode "mask", ink in mode "draw". The project's masks
        (1 = visible) are its negation.
    """
    shape: tuple[int, int] = (image.shape[0], image.shape[1])
    slot = f"{key}.kept"

    def keep() -> None:
        kept: _Kept = st.session_state[slot]
        st.session_state[slot] = _after_message(kept, st.session_state[key].get("painted"), shape)

    kept: _Kept | None = st.session_state.get(slot)
    if kept is None or kept.revision != revision or decode_painted(kept.bits, shape) is None:
        kept = _Kept(revision, encode_painted(np.zeros(shape, bool) if preset is None else preset))
        st.session_state[slot] = kept
    _mount(
        key=key,
        data={
            "width": shape[1],
            "height": shape[0],
            "image": base64.b64encode(np.ascontiguousarray(image, np.uint8).tobytes()).decode(),
            "mode": mode,
            "label": label,
            "brush": brush,
            "size": size,
            **kept._asdict(),
        },
        on_painted_change=keep,
    )
    painted = decode_painted(kept.bits, shape)
    assert painted is not None  # encoded above, or decoded before it was kept
    return painted


def painted_on(key: str, shape: tuple[int, int], revision: int = 0) -> Painted:
    """What is painted so far on the canvas `key`, also before it is mounted in this run."""
    kept: _Kept | None = st.session_state.get(f"{key}.kept")
    if kept is None or kept.revision != revision:
        return np.zeros(shape, bool)
    painted = decode_painted(kept.bits, shape)
    return np.zeros(shape, bool) if painted is None else painted


def _after_message(kept: _Kept, message: object, shape: tuple[int, int]) -> _Kept:
    """What is kept once the browser has said `message`: unchanged where that makes no sense."""
    if not isinstance(message, dict) or message.get("revision") != kept.revision:
        return kept  # painted before a preset arrived, or nothing that the canvas would send
    bits = message.get("bits")
    return kept if decode_painted(bits, shape) is None else _Kept(kept.revision, str(bits))


def encode_painted(painted: Painted) -> str:
    """One bit a pixel, rows from the top, most significant bit first, in base64."""
    return base64.b64encode(np.packbits(painted).tobytes()).decode()


def decode_painted(bits: object, shape: tuple[int, int]) -> Painted | None:
    """The inverse of `encode_painted`, or None for anything that it cannot have made."""
    pixels = shape[0] * shape[1]
    n_bytes = (pixels + 7) // 8
    if not isinstance(bits, str) or len(bits) != 4 * ((n_bytes + 2) // 3):
        return None
    try:
        packed = base64.b64decode(bits, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(packed) != n_bytes:
        return None
    unpacked = np.unpackbits(np.frombuffer(packed, np.uint8))
    if unpacked[pixels:].any():
        return None
    return unpacked[:pixels].reshape(shape).astype(bool)
