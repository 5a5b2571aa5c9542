"""The pixel canvas: paint over a picture to hide parts of it, or draw one.

The browser speaks of painted pixels, and so does the address. Python gets masks as everywhere else:
1 = visible, 0 = hidden.
"""

import base64
import binascii
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import streamlit as st
from pydantic import TypeAdapter

from pages.parts.components.canvas.ink_address import ink_in_address, ink_to_text
from pages.parts.components.frontend import frontend
from pages.parts.components.messages import Message, checked, message_of
from pages.parts.url_state import write

Painted = npt.NDArray[np.bool_]  # (h, w), True where painted
Mask = npt.NDArray[np.uint8]  # (h, w), 1 = visible, 0 = hidden
Shape = tuple[int, int]

_TO_ADDRESS, _FROM_ADDRESS = str.maketrans("+/", "-_"), str.maketrans("-_", "+/")
_mount = st.components.v2.component(
    "pixel_canvas",
    **frontend("canvas/canvas", "canvas/bits", "canvas/view", "canvas/painting", "canvas/input"),
)


class _Painted(Message):
    """What the canvas sends after a stroke."""

    revision: int
    bits: str


_PAINTED = TypeAdapter(_Painted)


class Look(NamedTuple):
    """What is at a paper beside its ink."""

    title: str = ""  # above it, with the tools in the same line
    colour: str = ""  # of the title and of the edge
    hint: str = ""  # shown on the paper until something is drawn
    erases: bool = True  # whether there is an eraser among the tools


PLAIN = Look()


class _Kept(NamedTuple):
    """What is painted, kept beside the widget's own state, which a page switch throws away."""

    revision: int
    bits: str


def mask_canvas(
    picture: npt.NDArray[np.uint8],
    *,
    key: str,
    label: str,
    preset: Mask | None = None,
    revision: int = 0,
    brush: int = 2,
    size: int = 420,
    sees_through: bool = False,
) -> Mask:
    """Shows a picture whose pixels can be hidden by painting over them; returns the mask.

    The mask lives in the session under `key`: another picture or another page keeps it. A changed
    `revision` replaces it by `preset`.

    Args:
        picture: (h, w) in 0..255, shown as grey levels, 255 white.
        label: what is being painted, for a screen reader.
        preset: (h, w), the mask at first; None hides nothing.
        brush: diameter in pixels of the picture at first, 1 to 6.
        size: width of the canvas in CSS pixels; less where its column is narrower.
        sees_through: whether hidden pixels shine through what covers them.

    Returns:
        (h, w), 1 = visible, 0 = hidden.
    """
    painted = None if preset is None else _painted_over(preset)
    kept = _kept(key, picture.shape, revision, painted)
    return _visible(_canvas("mask", picture, kept, key, label, brush, size, sees_through))


def drawing_canvas(
    underlay: npt.NDArray[np.uint8],
    *,
    key: str,
    label: str,
    revision: int = 0,
    brush: int = 2,
    size: int = 420,
    address: str | None = None,
    look: Look = PLAIN,
) -> Painted:
    """Paper to draw on with white ink; returns the ink.

    It lives in the session as a mask does. A changed `revision` gives empty paper.

    Args:
        underlay: (h, w) in 0..255, shown until something is drawn.
        address: parameter of the address that keeps the ink.
        brush: diameter of the pen in pixels of the paper, 1 to 6.
        look: what else is at the paper, by default nothing.

    Returns:
        (h, w), True where there is ink.
    """
    height, width = underlay.shape
    if address and _slot(key) not in st.session_state:
        put_ink(key, ink_in_address(address, (height, width)), revision)
    kept = _kept(key, underlay.shape, revision, None)
    ink = _canvas("draw", underlay, kept, key, label, brush, size, look=look)
    if address:
        write(address, ink_to_text(ink))
    return ink


def put_ink(key: str, ink: Painted, revision: int) -> None:
    """Draws on the canvas `key` before it is mounted, as where an address asks for it."""
    st.session_state[_slot(key)] = _Kept(revision, encode_painted(ink))


def ink_on(key: str, shape: Shape, revision: int = 0) -> Painted:
    """What is drawn so far on the canvas `key`, also before it is mounted in this run."""
    kept: _Kept | None = st.session_state.get(_slot(key))
    if kept is None or kept.revision != revision:
        return np.zeros(shape, bool)
    ink = decode_painted(kept.bits, shape)
    return np.zeros(shape, bool) if ink is None else ink


def _kept(key: str, shape: tuple[int, ...], revision: int, preset: Painted | None) -> _Kept:
    """What the session has of a canvas; its preset where that has another revision or shape."""
    height, width = shape
    kept: _Kept | None = st.session_state.get(_slot(key))
    if kept is None or kept.revision != revision or not _fits(kept.bits, (height, width)):
        painted = np.zeros((height, width), bool) if preset is None else preset
        kept = st.session_state[_slot(key)] = _Kept(revision, encode_painted(painted))
    return kept


def _canvas(
    mode: Literal["mask", "draw"],
    image: npt.NDArray[np.uint8],
    kept: _Kept,
    key: str,
    label: str,
    brush: int,
    size: int,
    sees_through: bool = False,
    look: Look = PLAIN,
) -> Painted:
    """Mounts the component and returns what is painted."""
    height, width = image.shape

    def keep() -> None:
        message = message_of(key, "painted")
        before: _Kept = st.session_state[_slot(key)]
        st.session_state[_slot(key)] = _after_message(before, message, (height, width))

    _mount(
        key=key,
        data={
            "width": width,
            "height": height,
            "image": base64.b64encode(np.ascontiguousarray(image, np.uint8).tobytes()).decode(),
            "mode": mode,
            "label": label,
            "brush": brush,
            "size": size,
            "seesThrough": sees_through,
            **look._asdict(),
            **kept._asdict(),
        },
        on_painted_change=keep,
    )
    painted = decode_painted(kept.bits, (height, width))
    assert painted is not None  # `_kept` has made sure
    return painted


def _slot(key: str) -> str:
    return f"{key}.kept"


def _after_message(kept: _Kept, message: object, shape: Shape) -> _Kept:
    """What to keep after a message of the browser: as before where the message makes no sense."""
    sent = checked(_PAINTED, message)
    if sent is None or sent.revision != kept.revision or not _fits(sent.bits, shape):
        return kept  # painted before a preset arrived, or nothing that the canvas would send
    return _Kept(kept.revision, sent.bits)


# ---- between what is painted and the mask --------------------------------------------------------


def _visible(painted: Painted) -> Mask:
    return (~painted).astype(np.uint8)


def _painted_over(visible: Mask) -> Painted:
    return np.asarray(visible == 0)


def mask_to_text(visible: Mask) -> str:
    """A mask as an address can have it: the bits of what is painted over, in URL-safe base64."""
    return encode_painted(_painted_over(visible)).translate(_TO_ADDRESS)


def mask_from_text(text: str, shape: Shape) -> Mask | None:
    """The inverse of `mask_to_text`; None for any other text."""
    painted = decode_painted(text.translate(_FROM_ADDRESS), shape)
    return None if painted is None else _visible(painted)


# ---- as the browser has it -----------------------------------------------------------------------


def encode_painted(painted: Painted) -> str:
    """One bit a pixel, rows from the top, most significant bit first, in base64."""
    return base64.b64encode(np.packbits(painted).tobytes()).decode()


def decode_painted(bits: object, shape: Shape) -> Painted | None:
    """The inverse of `encode_painted`; None for anything that it cannot have made."""
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


def _fits(bits: object, shape: Shape) -> bool:
    return decode_painted(bits, shape) is not None
