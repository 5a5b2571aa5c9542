"""A sheet to draw on with pillow: text, lines and pictures with smooth edges.

Pillow draws text smoothly and lines with stairs, so everything is drawn larger and then reduced.
The font is pillow's own, which every machine has.
"""

from functools import lru_cache
from itertools import pairwise
from math import hypot

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

_FINER = 2  # how much larger everything is drawn
_DASH = 6.0  # pixels of a dash, and of the gap after it
_SPELLINGS = str.maketrans({"×": "x", "–": "-", "—": "-", "−": "-", "’": "'", "…": "..."})


class Sheet:
    """White paper of `width` times `height` units, each of `scale` pixels.

    Colours are whatever pillow understands.
    """

    def __init__(self, width: int, height: int, scale: int = 1) -> None:
        self.width, self.height = width, height
        self._finer = scale * _FINER
        size = width * self._finer, height * self._finer
        self._image = Image.new("RGB", size, "white")
        self._draw = ImageDraw.Draw(self._image)

    def pixels(self) -> np.ndarray:
        """What is on the sheet, (scale * height, scale * width, 3) uint8."""
        return np.asarray(self._image.reduce(_FINER))

    def text(
        self, at: Point, text: str, size: float, colour: str, anchor: str = "ls", bold: bool = False
    ) -> None:
        """Writes `text` so that its `anchor`, as pillow names them, is at a point."""
        self._draw.text(
            self._place(at), plain(text), colour, _font(size * self._finer), anchor,
            stroke_width=size * self._finer / 40 if bold else 0, stroke_fill=colour,
        )  # fmt: skip

    def line(self, points: list[Point], width: float, colour: str) -> None:
        places = [self._place(point) for point in points]
        self._draw.line(places, colour, round(width * self._finer), joint="curve")

    def disc(self, centre: Point, radius: float, colour: str) -> None:
        self._draw.circle(self._place(centre), radius * self._finer, colour)

    def dashed_frame(self, box: Box, width: float, colour: str) -> None:
        left, top, right, bottom = box
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        for start, end in pairwise(corners):
            self.dashed_line(start, end, width, colour)

    def dashed_line(self, start: Point, end: Point, width: float, colour: str) -> None:
        """Dashes at both ends, and as many between as there is room for."""
        count = max(1, round(hypot(end[0] - start[0], end[1] - start[1]) / (2 * _DASH)))
        stops = np.linspace(start, end, 2 * count)  # dash, gap, dash, ..., dash
        for first, last in zip(stops[::2], stops[1::2], strict=True):
            self.line([tuple(first), tuple(last)], width, colour)

    def picture(self, at: tuple[int, int], pixels: np.ndarray) -> None:
        """Lays a picture (H, W, 3) uint8 on the sheet, a unit each of its pixels."""
        enlarged = pixels.repeat(self._finer, axis=0).repeat(self._finer, axis=1)
        self._image.paste(Image.fromarray(enlarged), (at[0] * self._finer, at[1] * self._finer))

    def _place(self, point: Point) -> Point:
        return point[0] * self._finer, point[1] * self._finer


def plain(text: str) -> str:
    """The text in characters that the font has; a question mark for others."""
    spelt = text.translate(_SPELLINGS)
    return "".join(letter if letter.isascii() or letter in "·±" else "?" for letter in spelt)


def text_width(text: str, size: float) -> float:
    return _font(size * _FINER).getlength(plain(text)) / _FINER


def shortened(text: str, size: float, room: float) -> str:
    """The text, cut off with an ellipsis where it is wider than `room` pixels."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}...", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}..."


@lru_cache(maxsize=16)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "pillow was built without FreeType"
    return font
