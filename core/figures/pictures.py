"""Pictures of classes, as the few-shot figures draw them: the ink has the colour of the class.

A class has a letter and a colour. The classes after the tenth have the same ten colours again, as
white ink on coloured paper in place of coloured ink. What has no predicted class yet is grey. A
wrong answer has a dashed frame.
"""

import base64
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image

SIDE = 28  # pixels of a picture; the unit of the layouts
FINE = 2  # pixels of a mosaic to a unit, so that pictures are smooth on a large screen
TIGHT = 3  # units between the pictures of a small mosaic

# Mid-tones that stand out on white as on black.
CLASS_COLOURS = (
    "#4c78dd", "#df7a16", "#1f9e78", "#d1478f", "#8f6fe0",
    "#a8842c", "#2f9bc1", "#d2564a", "#6f9a2d", "#8c7b75",
)  # fmt: skip
WRONG = "#d64545"
UNDECIDED = -1  # in place of a class where all are equally likely; its colour is GREY
GREY = "#8a8f98"
FRAME, DASH = 2, 8  # width of the frame in units, and of a dash in pixels
PAPER_ALPHA = 26  # of 255: opacity of a picture's background


def class_name(index: int) -> str:
    """A, B, C, ... for the classes of a task, which have no names of their own."""
    return chr(ord("A") + index)


def class_colour(index: int) -> str:
    """The colour of a class; the eleventh has that of the first."""
    return GREY if index == UNDECIDED else CLASS_COLOURS[int(index) % len(CLASS_COLOURS)]


def answers(probability: np.ndarray) -> np.ndarray:
    """The likeliest of classes (..., n_way) as int (...), UNDECIDED where all are equally likely.

    They are before the first inner step, with a head of zero.
    """
    spread = probability.max(-1) - probability.min(-1)
    return np.where(spread > 1e-6, probability.argmax(-1), UNDECIDED)


def credit(given: np.ndarray, truth: np.ndarray, n_way: int) -> np.ndarray:
    """How far answers (..., Q) to queries of classes (Q,) are right: 1, 0, or 1 / n_way.

    The last is for an undecided one, and the share of guesses that are right.
    """
    score: np.ndarray = np.where(given == UNDECIDED, 1 / n_way, given == truth)
    return score


def blank(width: int, height: int) -> np.ndarray:
    """A clear mosaic RGBA (FINE * height, FINE * width, 4) of so many units."""
    return np.zeros((FINE * height, FINE * width, 4), np.uint8)


def paint(
    mosaic: np.ndarray, picture: np.ndarray, predicted: int, x: int, y: int, side: int = SIDE
) -> None:
    """Paints a picture uint8 (28, 28) into a mosaic at (x, y) units, in the colours of a class."""
    pixels = FINE * side
    ink = _smooth(picture.tobytes(), pixels)
    tile = mosaic[FINE * y : FINE * y + pixels, FINE * x : FINE * x + pixels]
    colour = np.array(rgb(class_colour(predicted)), np.uint8)
    if predicted < len(CLASS_COLOURS):
        tile[..., :3] = colour
        tile[..., 3] = np.maximum(ink, PAPER_ALPHA)
    else:
        white = ink[..., None] / 255
        tile[..., :3] = (255 * white + colour * (1 - white)).round()
        tile[..., 3] = 255


@lru_cache(maxsize=2000)  # each picture is drawn at each step, for seven initialisations
def _smooth(picture: bytes, pixels: int) -> np.ndarray:
    """A picture uint8 (28, 28) so many pixels wide and high."""
    image = Image.frombytes("L", (SIDE, SIDE), picture)
    return np.asarray(image.resize((pixels, pixels), Image.Resampling.BICUBIC))


def frame_wrong(mosaic: np.ndarray, x: int, y: int) -> None:
    """Paints a dashed frame around the picture at (x, y) units, both at least FRAME."""
    outer = FINE * (SIDE + 2 * FRAME)
    top, left = FINE * (y - FRAME), FINE * (x - FRAME)
    around = mosaic[top : top + outer, left : left + outer]
    dashes = np.arange(outer) // DASH % 2 == 0
    colour = (*rgb(WRONG), 255)
    for line in range(FINE * FRAME):
        for edge in (line, outer - 1 - line):
            around[edge, dashes] = colour
            around[dashes, edge] = colour


def png(rgba: np.ndarray) -> str:
    """A mosaic as a data URL."""
    file = BytesIO()
    Image.fromarray(rgba).save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def rgb(colour: str) -> tuple[int, ...]:
    """#4c78dd as (76, 120, 221)."""
    return tuple(bytes.fromhex(colour[1:]))
