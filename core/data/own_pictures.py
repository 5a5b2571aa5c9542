"""A user's own training pictures: a folder or a zip in which each folder is a class.

Pictures of any size and colour become grey, 28x28 pixels, ink = 255.
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
from core.data.own_digit import MAX_PIXELS
from core.errors import GlimpseError
from core.paths import data_root

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
MIN_PICTURES, MAX_PICTURES = 10, 100_000
MAX_FILE_BYTES = 32 * 2**20
MAX_TOTAL_BYTES = 2**30  # of all pictures, unpacked
WORKING_SIDE = 280  # pixels to which a large picture is shrunk first
WHITE = 255


@dataclass(frozen=True)
class OwnPictures:
    """Pictures uint8 (N, 28, 28), ink = 255, with the class of each and the classes' names.

    The digest identifies these pictures in this order.
    """

    images: Tensor
    labels: Tensor  # int64 (N,)
    names: tuple[str, ...]
    digest: str


def load_own(place: str) -> OwnPictures:
    """The pictures of a folder or a zip in the order of their names, cached in memory.

    A picture's class is its folder. The paper is light or dark as most pictures' borders are;
    transparent pixels are paper too. Raises GlimpseError for anything that cannot be used, with the
    name of the file.
    """
    path = Path(place).expanduser().resolve()
    if path.is_dir():
        files = _files_of_folder(path)
        newest = max((path / name).stat().st_mtime_ns for name in files) if files else 0
        return _load(path, len(files), newest)
    if not path.is_file():
        raise GlimpseError(f"There is no folder or zip {place}: check the path.")
    return _load(path, path.stat().st_size, path.stat().st_mtime_ns)


def keep_zip(name: str, content: bytes) -> str:
    """Stores an uploaded zip in the data root, where runs find it; returns its path.

    Raises GlimpseError where the disk is full or cannot be written to.
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
            f"{name} cannot be stored in {place.parent} ({error.strerror}): "
            "free some space there, or give the folder of the pictures instead."
        ) from error
    return str(place)


@lru_cache(maxsize=2)
def _load(path: Path, _size: int, _changed: int) -> OwnPictures:
    """As `load_own`; size and time of the last change are part of the cache's key."""
    read = [(name, *_read(name, content)) for name, content in _contents(path)]
    light = np.mean([paper for *_, paper in read if paper is not None] or [0]) > WHITE / 2
    greys = [WHITE - grey if light and paper is not None else grey for _, grey, paper in read]
    folders = [str(PurePosixPath(name).parent) for name, *_ in read]
    names = tuple(sorted(set(folders)))
    numbers = {name: number for number, name in enumerate(names)}
    labels = torch.tensor([numbers[folder] for folder in folders])
    images = torch.from_numpy(np.stack(greys))
    digest = hashlib.sha256(images.numpy().tobytes() + labels.numpy().tobytes())
    return OwnPictures(images, labels, names, digest.hexdigest())


# ---- files -----------------------------------------------------------------------------------


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of each picture, in the order of the names."""
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
            f"{_title(path)} is not a readable zip: choose another zip, or a folder."
        ) from error


def _title(path: Path) -> str:
    """The file's name without the digest that `keep_zip` adds."""
    return re.sub(r"-[0-9a-f]{12}\.zip$", ".zip", path.name)


def _files_of_folder(path: Path) -> list[str]:
    """Relative paths of the pictures within a folder. Does not follow links."""
    found = (
        (Path(folder) / file).relative_to(path).as_posix()
        for folder, _, files in os.walk(path)
        for file in files
    )
    return sorted(name for name in found if _is_picture(name))


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The pictures in a zip, which is never unpacked to the disk."""
    for member in archive.infolist():
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or parts[:1] == ("/",) or ":" in member.filename:
            raise GlimpseError(
                f"{_title(path)} has a path that leaves the zip, {member.filename!r}: "
                "make a new zip of one folder."
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
        raise GlimpseError(f"{member.filename} needs a password: make a new zip without one.")
    try:
        with archive.open(member) as file:  # reads at most the size that was checked
            return file.read()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise GlimpseError(
            f"{member.filename} in the zip is damaged: replace or remove it and make a new zip."
        ) from error


def _is_picture(name: str) -> bool:
    """Whether a name is a picture's. Hidden files and those that macOS adds to zips are not."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and name.lower().endswith(SUFFIXES)


def _check_sizes(path: Path, sizes: dict[str, int]) -> None:
    """Raises GlimpseError for too few pictures and for too many bytes, before reading any."""
    if not MIN_PICTURES <= len(sizes) <= MAX_PICTURES:
        raise GlimpseError(
            f"{_title(path)} has {len(sizes):,} pictures ({', '.join(SUFFIXES)}): "
            f"give {MIN_PICTURES} to {MAX_PICTURES:,}."
        )
    for name, size in sizes.items():
        if size > MAX_FILE_BYTES:
            raise GlimpseError(
                f"{name} has {size / 2**20:,.0f} MB: "
                f"a picture may have {MAX_FILE_BYTES // 2**20} MB at most."
            )
    if sum(sizes.values()) > MAX_TOTAL_BYTES:
        raise GlimpseError(
            f"The pictures in {_title(path)} have {sum(sizes.values()) / 2**30:,.1f} GB unpacked: "
            f"they may have {MAX_TOTAL_BYTES // 2**30} GB at most."
        )


# ---- pictures --------------------------------------------------------------------------------


def _read(name: str, content: bytes) -> tuple[np.ndarray, float | None]:
    """Grey levels uint8 (28, 28) of a picture, and the grey level of its paper.

    A picture with transparent pixels is returned with light ink already, and None for its paper.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            grey, opaque = _channels(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as error:
        raise GlimpseError(
            f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels: make it smaller."
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise GlimpseError(f"{name} is not a readable picture: replace or remove it.") from error
    if opaque.min() < WHITE:
        covered = opaque / WHITE
        is_dark = (grey * covered).sum() <= covered.sum() * WHITE / 2
        return _fitted((WHITE - grey if is_dark else grey) * covered, 0.0), None
    border = float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))
    return _fitted(grey, border), border


def _channels(picture: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Grey levels and opacity of a picture, each float64 (H, W) in [0, 255]."""
    if picture.mode.startswith("I"):  # 16 bits, which Pillow would clip at 255
        picture = Image.fromarray((np.asarray(picture) / (WHITE + 2)).astype(np.uint8))
    picture = picture.convert("RGBA")
    shrink = max(picture.size) // WORKING_SIDE
    both = np.asarray((picture.reduce(shrink) if shrink > 1 else picture).convert("LA"))
    return both[..., 0].astype(np.float64), both[..., 1].astype(np.float64)


def _fitted(grey: np.ndarray, paper: float) -> np.ndarray:
    """The picture as uint8 (28, 28), padded with paper to a square."""
    height, width = grey.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.full((side, side), paper, np.float32)
    square[top : top + height, left : left + width] = grey
    small = Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small).round().clip(0, WHITE).astype(np.uint8)
