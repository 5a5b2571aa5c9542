"""A user's own digit, drawn or from a picture file, normalised like MNIST.

LeCun et al. 1998, "Gradient-based learning applied to document recognition", section III: the
bounding box of the ink is scaled to fit 20x20 pixels and placed in 28x28 with its centre of mass in
the middle.
"""

import numpy as np
from PIL import Image

from core.data.images import SIDE
from core.data.picture_files.decoding import decode_one
from core.errors import GlimpseError

BOX = 20  # pixels of the longer side of the ink
MIN_CONTRAST = 40  # grey levels between ink and paper
PAPER_SHARE = 0.3  # of the darkest ink; what is fainter is a shadow or the grain of the paper


def like_mnist(ink: np.ndarray) -> np.ndarray:
    """Ink uint8 (H, W), 0 = no ink, normalised like MNIST: uint8 (28, 28).

    Raises GlimpseError for a picture without ink.
    """
    rows, columns = np.nonzero(ink.any(axis=1))[0], np.nonzero(ink.any(axis=0))[0]
    if len(rows) == 0:
        raise GlimpseError("There is no digit in the picture yet: draw one, then lift the pen.")
    box = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = BOX / max(box.size)
    width, height = (max(1, round(side * scale)) for side in box.size)
    small = np.asarray(box.resize((width, height), Image.Resampling.BOX)).astype(np.float64)
    weight = small / small.sum()
    middle_row = weight.sum(axis=1) @ np.arange(height)
    middle_column = weight.sum(axis=0) @ np.arange(width)
    top = int(np.clip(round(SIDE / 2 - 0.5 - middle_row), 0, SIDE - height))
    left = int(np.clip(round(SIDE / 2 - 0.5 - middle_column), 0, SIDE - width))
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[top : top + height, left : left + width] = (small / small.max() * 255).round()
    return picture


def ink_of_file(content: bytes, name: str = "This file") -> np.ndarray:
    """The ink uint8 (H, W) of a picture file: dark on light paper, or light on dark or nothing.

    Raises GlimpseError for files that are not pictures, are too large or show nothing.
    """
    decoded = decode_one(name, content)
    grey = decoded.grey
    paper = 0.0 if decoded.paper is None else float(np.median(grey))
    ink = np.clip(paper - grey if _is_dark(grey - paper) else grey - paper, 0, None)
    if ink.max() <= MIN_CONTRAST:
        raise GlimpseError(
            "The picture is nearly uniform: choose one in which the digit stands out."
        )
    ink = ink / ink.max()
    return np.where(ink > PAPER_SHARE, ink * 255, 0).round().astype(np.uint8)


def _is_dark(contrast: np.ndarray) -> bool:
    """Whether most of what differs from the paper is darker."""
    strong = contrast[np.abs(contrast) > MIN_CONTRAST]
    return len(strong) == 0 or bool((strong < 0).mean() > 0.5)
