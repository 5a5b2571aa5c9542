"""Files of more than 8 bits a channel: what they hold, and their way to grey levels of 8 bits.

Cameras and microscopes write 10, 12 or 14 bits into files of 16, and programs write shares from 0
to 1 or masks of 0 and 1. What is white in such files is known from all of them together.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

WHITE = 255
# Highest values: of a mask or a share, then of 8, 10, 12, 14 and 16 bits.
_TOPS = (1, 255, 1023, 4095, 16383, 65535)
_HIGH_BYTE = 63  # of values that need more than 14 bits


@dataclass(frozen=True)
class Span:
    """The values of black and of white in files with more than 8 bits."""

    low: float
    high: float


SIXTEEN_BITS = Span(0, 65535)


def shared_span(values: Iterable[Span | None]) -> Span | None:
    """The span of pictures that belong together; None where that is `SIXTEEN_BITS`, or 8 bits.

    It is the smallest of the usual ranges that holds all values. Values below 0 or above 16 bits
    have no usual range: theirs goes from the lowest to the highest.
    """
    known = [span for span in values if span is not None]
    if not known:
        return None
    low = min(0.0, *(span.low for span in known), 0.0)
    high = _top(max(span.high for span in known))
    span = Span(low, high if high > low else low + 1)
    return None if span == SIXTEEN_BITS else span


def is_deep_colour(picture: Image.Image) -> bool:
    """Whether Pillow will take the higher byte alone of each channel of a file just opened."""
    return len(picture.getbands()) > 1 and ";16" in str(getattr(picture, "tile", ""))


def in_8_bits(picture: Image.Image, span: Span) -> tuple[Image.Image, Span | None]:
    """A picture with 8 bits a channel, and the lowest and highest of what had more.

    Raises ValueError for values that are not finite.
    """
    if not picture.mode.startswith(("I", "F")):
        return picture, None
    values = np.asarray(picture)
    low, high = float(values.min()), float(values.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("some values are not finite")
    return _as_upright(picture, _levels(values, span)), Span(low, high)


def colour_in_8_bits(
    picture: Image.Image, content: bytes, span: Span
) -> tuple[Image.Image, Span | None]:
    """As `in_8_bits`, of a loaded picture that `is_deep_colour`."""
    colours = np.asarray(picture)[..., : 1 if picture.mode == "LA" else 3]
    if span == SIXTEEN_BITS and colours.max() > _HIGH_BYTE:
        return picture, SIXTEEN_BITS
    whole = _whole_channels(content)
    channels = whole[..., :3]
    found = Span(float(channels.min()), float(channels.max()))
    if span == SIXTEEN_BITS:
        return picture, found
    levels = _levels(channels, span)
    if whole.shape[2] == 4:
        opacity = whole[..., 3:]
        levels = np.dstack([levels, _levels(opacity, Span(0, _top(float(opacity.max()))))])
    return _as_upright(picture, levels), found


def _as_upright(picture: Image.Image, levels: npt.NDArray[np.uint8]) -> Image.Image:
    """Levels as a picture that is to be turned as this one is."""
    shallow = Image.fromarray(levels)
    if "exif" in picture.info:
        shallow.info["exif"] = picture.info["exif"]
    return shallow


def _whole_channels(content: bytes) -> npt.NDArray[Any]:
    """Red, green, blue and, if there is one, opacity: (H, W, 3 or 4)."""
    import cv2  # takes a moment, and few files need it

    whole = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    if whole is None or whole.ndim != 3:
        raise ValueError("this kind of colours cannot be read")
    order = cv2.COLOR_BGRA2RGBA if whole.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(whole, order))


def _top(highest: float) -> float:
    return float(next((top for top in _TOPS if highest <= top), highest))


def _levels(values: npt.NDArray[Any], span: Span) -> npt.NDArray[np.uint8]:
    levels = (values - span.low) / ((span.high - span.low) / WHITE)
    if span != SIXTEEN_BITS:  # these have always been cut, and runs go on with the same pixels only
        levels = np.rint(levels)
    return np.asarray(levels.clip(0, WHITE).astype(np.uint8))
