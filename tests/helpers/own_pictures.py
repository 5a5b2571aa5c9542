"""Digits of the sample as the files that somebody might bring."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from core.data.digits import load_digits

INPUTS = Path(__file__).parents[1] / "inputs/pictures"
N = 12
DIGITS = load_digits("sample", "train").images[:N].numpy()


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def as_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def of_digits(to_picture: Callable[[np.ndarray], Image.Image]) -> dict[str, bytes]:
    """The first twelve digits in two classes of six, and in no order."""
    files = {f"{'ab'[i // 6]}/{i:02}.png": png(to_picture(DIGITS[i])) for i in range(N)}
    return dict(sorted(files.items(), reverse=True))


GOOD = of_digits(Image.fromarray)
