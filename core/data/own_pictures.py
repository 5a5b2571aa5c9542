"""A person's own pictures to train on: a folder or a zip, a class in each folder within it.

Whatever they are, they become what everything here is made of: 28x28 pixels, ink = 255.
"""

import hashlib
import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from core.data.images import SIDE
from core.data.own_digit import LARGEST
from core.errors import GlimpseError
from core.paths import data_root

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
FEWEST, MOST = 10, 100_000  # pictures
LARGEST_FILE = 32 * 2**20  # bytes of a picture
LARGEST_SET = 2**30  # bytes of all pictures, unpacked
WORKING_SIDE = 280  # pixels to which a large picture is shrunk before it is looked at
FULL = 255


@dataclass(frozen=True)
class OwnPictures:
    """Pictures uint8 (N, 28, 28), ink = 255; of each the number of its class; the classes' names.

    The digest tells these pictures in this order from all others.
    """

    images: Tensor
    labels: Tensor  # int64 (N,)
    names: tuple[str, ...]
    digest: str


def load_own(place: str) -> OwnPictures:
    """The pictures of a folder or a zip, in the order of their names, kept in memory.

    A picture's class is the folder that it lies in. Paper is what most pictures have at their
    border, light or dark, and what is transparent. Raises GlimpseError, with the name of the file,
    for anything that cannot be used.
    """
    path = Path(place).expanduser().resolve()
    if path.is_dir():
        files = _files_of_folder(path)
        newest = max((path / name).stat().st_mtime_ns for name in files) if files else 0
        return _load(path, len(files), newest)
    if not path.is_file():
        raise GlimpseError(f"There is no folder and no zip {place}: check where it lies.")
    return _load(path, path.stat().st_size, path.stat().st_mtime_ns)


def keep_zip(name: str, content: bytes) -> str:
    """Puts a zip that was sent here among the data, where runs find it; returns its place.

    Raises GlimpseError where there is no room or no right to write.
    """
    stem = re.sub(r"[^\w-]+", "-", Path(name).stem)[:40]
    place = data_root() / "own" / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.zip"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_suffix(".part")
        aside.write_bytes(content)
        aside.replace(place)
    except OSError as error:
        raise GlimpseError(
            f"{name} cannot be kept in {place.parent} ({error.strerror}): "
            "make room there, or name the folder that the pictures are in."
        ) from error
    return str(place)


@lru_cache(maxsize=2)
def _load(path: Path, _size: int, _changed: int) -> OwnPictures:
    """As `load_own`; the last two tell a place that has changed since from what is kept."""
    read = [(name, *_read(name, content)) for name, content in _contents(path)]
    light = np.mean([paper for *_, paper in read if paper is not None] or [0]) > FULL / 2
    greys = [FULL - grey if light and paper is not None else grey for _, grey, paper in read]
    folders = [str(PurePosixPath(name).parent) for name, *_ in read]
    names = tuple(sorted(set(folders)))
    numbers = {name: number for number, name in enumerate(names)}
    labels = torch.tensor([numbers[folder] for folder in folders])
    images = torch.from_numpy(np.stack(greys))
    digest = hashlib.sha256(images.numpy().tobytes() + labels.numpy().tobytes())
    return OwnPictures(images, labels, names, digest.hexdigest())


# ---- files -----------------------------------------------------------------------------------


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each picture, in the order of the names."""
    if path.is_dir():
        names = _files_of_folder(path)
        _check_sizes(path, {name: (path / name).stat().st_size for name in names})
        for name in names:
            yield name, (path / name).read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(path, archive)
            for name in sorted(members):
                yield name, _unpacked(archive, members[name])
    except zipfile.BadZipFile as error:
        raise GlimpseError(
            f"{_title(path)} is not a zip that can be read: choose a zip that is whole, or a "
            "folder."
        ) from error


def _title(path: Path) -> str:
    """Its name, as it was before `keep_zip` added to it."""
    return re.sub(r"-[0-9a-f]{12}\.zip$", ".zip", path.name)


def _files_of_folder(path: Path) -> list[str]:
    """Names of the pictures within a folder, '/' between folders; links are not followed."""
    found = (
        (Path(folder) / file).relative_to(path).as_posix()
        for folder, _, files in os.walk(path)
        for file in files
    )
    return sorted(name for name in found if _is_picture(name))


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The pictures in a zip. Nothing of it is ever written to the disk."""
    for member in archive.infolist():
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or parts[:1] == ("/",) or ":" in member.filename:
            raise GlimpseError(
                f"{_title(path)} names a file outside of itself, {member.filename!r}: "
                "make the zip anew, of one folder."
            )
    members = {
        member.filename: member
        for member in archive.infolist()
        if not member.is_dir() and _is_picture(member.filename)
    }
    _check_sizes(path, {name: member.file_size for name, member in members.items()})
    return members


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 1:
        raise GlimpseError(f"{member.filename} is locked by a password: make the zip without one.")
    try:
        with archive.open(member) as file:  # which gives no more than it has said it holds
            return file.read()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise GlimpseError(
            f"{member.filename} cannot be unpacked: make the zip anew, without it or with it whole."
        ) from error


def _is_picture(name: str) -> bool:
    """Whether it is one by its name; what an operating system hides beside pictures is none."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and name.lower().endswith(ENDINGS)


def _check_sizes(path: Path, sizes: dict[str, int]) -> None:
    """Refuses too few, and more than a memory should be asked to hold, before any is unpacked."""
    if not FEWEST <= len(sizes) <= MOST:
        raise GlimpseError(
            f"{_title(path)} has {len(sizes):,} pictures ({', '.join(ENDINGS)}): "
            f"give {FEWEST} to {MOST:,}."
        )
    for name, size in sizes.items():
        if size > LARGEST_FILE:
            raise GlimpseError(
                f"{name} is {size / 2**20:,.0f} MB large: "
                f"a picture may have {LARGEST_FILE // 2**20} at most."
            )
    if sum(sizes.values()) > LARGEST_SET:
        raise GlimpseError(
            f"The pictures in {_title(path)} are {sum(sizes.values()) / 2**30:,.1f} GB when "
            f"unpacked: they may be {LARGEST_SET // 2**30} at most."
        )


# ---- pictures --------------------------------------------------------------------------------


def _read(name: str, content: bytes) -> tuple[np.ndarray, float | None]:
    """Grey levels uint8 (28, 28) of a picture, and how light its paper is.

    Where a picture is transparent, ink is light already and the paper need not be asked for: None.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > LARGEST:
                raise Image.DecompressionBombError
            grey, opaque = _channels(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as error:
        raise GlimpseError(
            f"{name} has more than {LARGEST // 1_000_000} million pixels: make it smaller."
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise GlimpseError(
            f"{name} is not a picture that can be read: replace it, or take it away."
        ) from error
    if opaque.min() < FULL:
        covered = opaque / FULL
        is_dark = (grey * covered).sum() <= covered.sum() * FULL / 2
        return _fitted((FULL - grey if is_dark else grey) * covered, 0.0), None
    border = float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))
    return _fitted(grey, border), border


def _channels(picture: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Grey levels and opacity of a picture, float64 (H, W) in [0, 255] each."""
    if picture.mode.startswith("I"):  # 16 bits, which Pillow would cut off at 255
        picture = Image.fromarray((np.asarray(picture) / (FULL + 2)).astype(np.uint8))
    picture = picture.convert("RGBA")
    shrink = max(picture.size) // WORKING_SIDE
    both = np.asarray((picture.reduce(shrink) if shrink > 1 else picture).convert("LA"))
    return both[..., 0].astype(np.float64), both[..., 1].astype(np.float64)


def _fitted(grey: np.ndarray, paper: float) -> np.ndarray:
    """The picture as a uint8 square of 28x28: paper is put beside what is not square."""
    height, width = grey.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.full((side, side), paper, np.float32)
    square[top : top + height, left : left + width] = grey
    small = Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small).round().clip(0, FULL).astype(np.uint8)
