"""All pictures of a folder or a zip as 28x28 grey levels, within limits of pixels and of time."""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from core.data.images import SIDE
from core.data.picture_files.decoding import Grey, OtherKindError, decode
from core.data.picture_files.deep import SIXTEEN_BITS, WHITE, Span, shared_span
from core.data.picture_files.found import NO_KIND, Found
from core.errors import GlimpseError

# As they are in the files. Photographs, which have some 4 pixels a byte, never reach this; a zip
# of a few bytes may promise any number of pixels, whose decoding takes long.
FREE_PIXELS, PIXELS_A_BYTE = 1_000_000_000, 8
MAX_SECONDS = 60.0  # of processor time, so that a busy machine refuses nothing
TOLD_EVERY = 20  # pictures between two calls of `on_progress`

Progress = Callable[[int, int], None]


class ReadPicture(NamedTuple):
    """Levels uint8 (28, 28) and the level of the paper; None where ink is light already."""

    name: str
    grey: np.ndarray
    paper: float | None
    values: Span | None
    is_first: bool  # of several frames or pages


def read_pictures(
    found: Found, on_progress: Progress | None = None
) -> tuple[list[ReadPicture], Span]:
    """The pictures in the order of their names, and the values of black and white of deep files.

    Files of a kind that cannot be read are moved to what `found` leaves out. Raises GlimpseError
    for damaged pictures, with the name of the first, and for more work than the limits allow.
    """
    found.pictures.sort(key=lambda file: file.name)
    ends = time.thread_time() + MAX_SECONDS
    read = _read(found, SIXTEEN_BITS, ends, on_progress)
    span = shared_span(picture.values for picture in read)
    if span is None:
        return read, SIXTEEN_BITS
    return _read(found, span, ends, on_progress), span


def _read(found: Found, span: Span, ends: float, on_progress: Progress | None) -> list[ReadPicture]:
    read: list[ReadPicture] = []
    pixels, allowed = 0, FREE_PIXELS
    files, found.pictures = found.pictures, []
    for number, file in enumerate(files):
        if on_progress is not None and number % TOLD_EVERY == 0:
            on_progress(number, len(files))
        try:
            content = file.read()
            decoded = decode(file.name, content, span)
        except OtherKindError:
            found.leave_out(file.name, NO_KIND)
            continue
        finally:
            _check_time(ends, found.title)
        pixels, allowed = pixels + decoded.pixels, allowed + PIXELS_A_BYTE * len(content)
        if pixels > allowed:
            raise GlimpseError(
                f"The pictures in {found.title} have more than {allowed // 10**6:,} million "
                f"pixels in all: make them smaller. {SIDE}x{SIDE} pixels are used."
            )
        grey = _fitted(decoded.grey, decoded.paper or 0.0)
        read.append(ReadPicture(file.name, grey, decoded.paper, decoded.values, decoded.is_first))
        found.pictures.append(file)
    return read


def _check_time(ends: float, title: str) -> None:
    if time.thread_time() > ends:
        raise GlimpseError(
            f"To read the pictures in {title} takes more than {MAX_SECONDS:.0f} seconds of work: "
            f"make them smaller. {SIDE}x{SIDE} pixels are used."
        )


def _fitted(grey: Grey, paper: float) -> np.ndarray:
    """The picture as uint8 (28, 28), padded with paper to a square."""
    height, width = grey.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.full((side, side), paper, np.float32)
    square[top : top + height, left : left + width] = grey
    small = Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small).round().clip(0, WHITE).astype(np.uint8)
