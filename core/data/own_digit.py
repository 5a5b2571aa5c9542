"""A user's own digit, drawn or from a picture file, normalised like MNIST.

LeCun et al. 1998, "Gradient-based learning applied to document recognition", section III: the
bounding box of the ink is scaled to fit 20x20 pixels and placed in 28x28 with its centre of mass in
the middle.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from core.data.images import SIDE
from core.errors import GlimpseError

BOX = 20  # pixels of the longer side of the ink
MAX_PIXELS = 25_000_000  # of a picture file
WORKING_SIDE = 400  # pixels to which a large picture is shrunk first
MIN_CONTRAST = 40  # grey levels between ink and paper
PAPER_SHARE = 0.3  # of the darkest ink; what is fainter is a shadow or the grain of the paper
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


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


def ink_of_file(content: bytes) -> np.ndarray:
    """The ink uint8 (H, W) of a PNG or JPEG: dark on light paper, or light on dark.

    Raises GlimpseError for other files, and for pictures that are too large or show nothing.
    """
    grey = _grey(content)
    paper = float(np.median(grey))
    contrast = np.abs(grey - paper)
    is_dark = (
        (grey < paper)[contrast > MIN_CONTRAST].mean() > 0.5
        if contrast.max() > MIN_CONTRAST
        else True
    )
    ink = np.clip(paper - grey if is_dark else grey - paper, 0, None)
    if ink.max() <= MIN_CONTRAST:
        raise GlimpseError(
            "The picture is nearly uniform: choose one in which the digit stands out."
        )
    ink = ink / ink.max()
    return np.where(ink > PAPER_SHARE, ink * 255, 0).round().astype(np.uint8)


def _grey(content: bytes) -> np.ndarray:
    """The grey levels (H, W) of a picture file, on white where transparent; shrunk where large."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            width, height = picture.size
            if width * height <= MAX_PIXELS:
                picture.draft("L", (WORKING_SIDE, WORKING_SIDE))  # decodes a JPEG at a smaller size
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
                upright.thumbnail((WORKING_SIDE, WORKING_SIDE))
                white = Image.new("RGBA", upright.size, "white")
                flat = Image.alpha_composite(white, upright).convert("L")
                return np.asarray(flat).astype(np.float64)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, ValueError, SyntaxError) as error:
        raise GlimpseError(
            "This file is not a readable picture: choose another PNG or JPEG."
        ) from error
    raise _too_large()


def _too_large() -> GlimpseError:
    return GlimpseError(
        f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels: choose a smaller one."
    )
