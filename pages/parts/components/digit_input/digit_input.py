"""A digit of one's own as MNIST would have it: drawn on a sheet, or chosen as a picture file."""

import numpy as np
import streamlit as st

from core.data.own_digit import ink_of_file, like_mnist
from core.errors import GlimpseError
from pages.parts.components.canvas.canvas import pixel_canvas

PAPER = (56, 56)
PEN = 5  # pixels of the paper: of a digit that fills it, as wide as MNIST's
CANVAS = 200  # CSS pixels
LARGEST_UPLOAD = 5  # MB
TOO_LARGE = "A file that is larger turns red and is not read."  # the widget itself does not say why


def drawn_digit(key: str) -> np.ndarray | None:
    """What is on a sheet (28, 28); None while it is empty."""
    ink = pixel_canvas(
        np.zeros(PAPER, np.uint8),
        key=key,
        label="Draw a digit",
        mode="draw",
        brush=PEN,
        size=CANVAS,
    )
    return like_mnist(ink.astype(np.uint8) * 255) if ink.any() else None


def chosen_digit(key: str) -> np.ndarray | None:
    """The digit in a picture file (28, 28); None without a file. Raises GlimpseError for others."""
    file = st.file_uploader(
        f"One digit, dark on light or light on dark, at most {LARGEST_UPLOAD} MB",
        type=["png", "jpg", "jpeg"],
        key=key,
        help=TOO_LARGE,
        max_upload_size=LARGEST_UPLOAD,
    )
    if file is None:
        return None
    try:
        return like_mnist(ink_of_file(file.getvalue()))
    except GlimpseError as refusal:  # by name: a larger file, refused after it, leaves it there
        raise GlimpseError(f"{file.name}: {refusal}") from refusal
