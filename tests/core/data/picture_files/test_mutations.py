"""Damaged zips and pictures of every kind are read, or refused in one sentence with their name.

Some hundred are tried each time; `GLIMPSE_MUTATIONS=20000` tries so many of each kind.
"""

import io
import os
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.own_digit import ink_of_file
from core.data.own_pictures import load_own
from core.errors import GlimpseError
from tests.helpers.own_pictures import DIGITS, INPUTS, N

MUTATIONS = int(os.environ.get("GLIMPSE_MUTATIONS", "60"))
METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflated": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}
FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "BMP": "bmp", "WEBP": "webp", "TIFF": "tif",
           "AVIF": "avif", "JPEG2000": "jp2", "PPM": "pgm", "TGA": "tga", "PCX": "pcx"}  # fmt: skip
Change = Callable[[bytearray, np.random.Generator], bytearray]


def flipped(content: bytearray, random: np.random.Generator) -> bytearray:
    for at in random.integers(len(content), size=random.integers(1, 6)):
        content[at] ^= 1 << int(random.integers(8))
    return content


def overwritten(content: bytearray, random: np.random.Generator) -> bytearray:
    """With numbers that are rarely meant: none, all bits, the largest and the smallest."""
    at = int(random.integers(len(content)))
    values = (b"\0", b"\xff", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80")
    value = values[random.integers(len(values))]
    content[at : at + len(value)] = value
    return content


def cut(content: bytearray, random: np.random.Generator) -> bytearray:
    return content[: random.integers(len(content))]


def moved(content: bytearray, random: np.random.Generator) -> bytearray:
    """Some bytes taken away, put twice, or in from somewhere else."""
    start, at = random.integers(len(content), size=2)
    piece = content[start : start + random.integers(1, 40)]
    content[at : at + random.integers(0, 40)] = piece
    return content


CHANGES: tuple[Change, ...] = (flipped, overwritten, cut, moved)


def mutations(content: bytes, seed: int) -> Iterator[bytes]:
    random = np.random.default_rng(seed)
    for number in range(MUTATIONS):
        yield bytes(CHANGES[number % len(CHANGES)](bytearray(content), random))


def picture(digit: np.ndarray, kind: str) -> bytes:
    """With EXIF data, where the format has some."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a description"
    file = io.BytesIO()
    options = {"exif": exif.tobytes()} if kind in ("PNG", "JPEG", "WEBP", "TIFF", "AVIF") else {}
    Image.fromarray(digit).save(file, kind, **options)
    return file.getvalue()


def packed(pictures: list[bytes], suffix: str, method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for number, content in enumerate(pictures):
            folder = ("a", "猫")[number % 2]
            archive.writestr(f"{folder}/{number:02}.{suffix}", content)
    return file.getvalue()


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    """Pillow warns of damage that it reads over."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_or_refused(place: Path) -> None:
    try:
        found = load_own(str(place))
    except GlimpseError as refusal:
        assert len(str(refusal)) < 1000 and "\n" not in str(refusal)
    else:
        assert found.images.shape[1:] == (28, 28) and len(found.images) == len(found.labels)
        assert all("\n" not in words for words in (*found.names, *found.notes))


@pytest.mark.parametrize("method", METHODS)
def test_damaged_zips(method: str, tmp_path: Path) -> None:
    pictures = [picture(digit, "PNG") for digit in DIGITS]
    place = tmp_path / "own.zip"
    for mutation in mutations(packed(pictures, "png", METHODS[method]), seed=len(method)):
        place.write_bytes(mutation)
        read_or_refused(place)


@pytest.mark.parametrize("name", sorted(path.name for path in INPUTS.glob("*.zip")))
def test_unusual_zips_that_are_damaged_too(name: str, tmp_path: Path) -> None:
    place = tmp_path / "own.zip"
    for mutation in list(mutations((INPUTS / name).read_bytes(), seed=1))[: MUTATIONS // 4]:
        place.write_bytes(mutation)
        read_or_refused(place)


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_pictures(kind: str, tmp_path: Path) -> None:
    """Whole zips in which one picture is damaged; each is tried as a digit of one's own too."""
    pictures = [picture(digit, kind) for digit in DIGITS]
    place = tmp_path / "own.zip"
    for mutation in mutations(pictures[3], seed=len(kind)):
        damaged = [*pictures[:3], mutation, *pictures[4:]]
        assert len(damaged) == N
        place.write_bytes(packed(damaged, FORMATS[kind], zipfile.ZIP_STORED))
        read_or_refused(place)
        try:
            ink = ink_of_file(mutation, f"x.{FORMATS[kind]}")
        except GlimpseError as refusal:
            assert "\n" not in str(refusal)
        else:
            assert ink.dtype == np.uint8
