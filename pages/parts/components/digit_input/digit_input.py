"""A digit of one's own in MNIST's form: drawn on a sheet, or from a picture file."""

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.data.own_digit import ink_of_file, like_mnist
from core.errors import GlimpseError
from pages.parts.components.canvas.canvas import drawing_canvas
from pages.parts.uploads import taken

INK = "own_digit"
PAPER = (56, 56)
PEN_WIDTH = 5  # pixels of the paper: a digit that fills it gets strokes as wide as MNIST's
CANVAS_SIZE = 200  # CSS pixels
MAX_UPLOAD_MB = 5
PICTURE_TYPES = ["png", "jpg", "jpeg", "jfif", "webp", "avif", "gif", "bmp", "tif", "tiff"]
UPLOAD_HELP = "A larger file turns red and is not used."  # the widget itself does not say why


def drawn_digit(key: str) -> np.ndarray | None:
    """The digit drawn on a sheet, uint8 (28, 28); None while the sheet is empty.

    The parameter `INK` of the address keeps it.
    """
    ink = drawing_canvas(
        np.zeros(PAPER, np.uint8), key=key, label="Draw a digit", brush=PEN_WIDTH,
        size=CANVAS_SIZE, address=INK,
    )  # fmt: skip
    return like_mnist(ink.astype(np.uint8) * 255) if ink.any() else None


def chosen_digit(key: str) -> np.ndarray | None:
    """The digit in a picture file, uint8 (28, 28); None while no file is chosen.

    Raises GlimpseError, with the file's name, for a file that is too large or has no digit in it.
    """
    file = st.file_uploader(
        f"One digit, dark on light or light on dark, at most {MAX_UPLOAD_MB} MB",
        type=PICTURE_TYPES,
        key=key,
        help=UPLOAD_HELP,
        max_upload_size=MAX_UPLOAD_MB,
    )
    return taken(key, file, MAX_UPLOAD_MB, _digit)


def _digit(file: UploadedFile) -> np.ndarray:
    try:
        return like_mnist(ink_of_file(file.getvalue()))
    except GlimpseError as refusal:
        # With its name: the widget keeps this file even beside a larger one that it refuses.
        raise GlimpseError(f"{file.name}: {refusal}") from refusal
