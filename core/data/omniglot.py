"""Omniglot: 1,623 characters of 50 alphabets, each drawn by 20 people.

Lake, Salakhutdinov and Tenenbaum, "Human-level concept learning through probabilistic program
induction" (2015), MIT licence. The first reading is from the two archives that torchvision
downloads into the data root, later ones are from a cache of 3 MB.
"""

import logging
import os
import random
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from core.data.alphabets import BACKGROUND, DRAWINGS, EVALUATION, character_names
from core.data.images import SIDE
from core.data.places import find, refusal
from core.errors import GlimpseError
from core.paths import cache_root

ARCHIVES = {"images_background": BACKGROUND, "images_evaluation": EVALUATION}
FOLDER = "omniglot-py"
INSTEAD = "use strokes"
ORIGINAL_SIDE = 105  # pixels
CACHE_VERSION = 1  # raise it when the pictures or their order change
SPLIT_SEED = 1
VALIDATION_EVERY = 6  # protocol `alphabet`: every sixth background alphabet is for validation

Split = Literal["train", "validation", "test"]
Protocol = Literal["random", "alphabet"]


@dataclass(frozen=True)
class CharacterSet:
    """C characters: images uint8 (C, 20, 28, 28) with ink = 255.

    `alphabets` holds the alphabet of each character and `names` its name, `Alphabet/character01`.
    Drawing d of every character of an alphabet is by the same person.
    """

    images: Tensor
    alphabets: tuple[str, ...]
    names: tuple[str, ...]


def characters(split: Split, protocol: Protocol) -> Tensor:
    """Indices int64 of the characters of a split; no data is read.

    - `random`: 1,100 / 100 / 423 characters after a shuffle with seed 1, in the proportions of Finn
      et al. (2017); the splits share alphabets.
    - `alphabet`: the published split. `test` is the 659 characters of the 20 evaluation
      alphabets; of the 30 background alphabets every sixth is `validation` (158 characters) and
      the others are `train` (806).
    """
    if protocol == "random":
        order = list(range(len(_NAMES)))
        random.Random(SPLIT_SEED).shuffle(order)
        bounds = {"train": (0, 1100), "validation": (1100, 1200), "test": (1200, len(order))}
        first, last = bounds[split]
        return torch.tensor(sorted(order[first:last]))
    if split == "test":
        chosen = set(EVALUATION)
    else:
        validation = set(list(BACKGROUND)[VALIDATION_EVERY - 1 :: VALIDATION_EVERY])
        chosen = validation if split == "validation" else set(BACKGROUND) - validation
    return torch.tensor([i for i, name in enumerate(_NAMES) if _alphabet(name) in chosen])


def load_omniglot() -> CharacterSet:
    """All characters, kept in memory: treat them as read-only.

    Each pixel is the mean ink over its area. Raises GlimpseError where an archive is missing,
    damaged or not Omniglot's.
    """
    files = [f"{FOLDER}/{name}.zip" for name in ARCHIVES]
    found = [find(file) for file in files]
    paths = tuple(path for path in found if path is not None)
    if len(paths) < len(files):
        raise refusal("Omniglot", "omniglot", files, INSTEAD)
    stats = [path.stat() for path in paths]
    source = f"{CACHE_VERSION} {[(stat.st_size, stat.st_mtime_ns) for stat in stats]}"
    images = torch.from_numpy(_load(paths, source))
    return CharacterSet(images, tuple(_alphabet(name) for name in _NAMES), _NAMES)


_NAMES = character_names(BACKGROUND) + character_names(EVALUATION)


def _alphabet(name: str) -> str:
    return name.split("/")[0]


@lru_cache(maxsize=1)
def _load(paths: tuple[Path, ...], source: str) -> np.ndarray:
    """Images uint8 (1623, 20, 28, 28), from the cache if that was made from this `source`."""
    cache = cache_root() / "omniglot.npz"
    images = _read_cache(cache, source)
    if images is None:
        read = zip(paths, ARCHIVES.values(), strict=True)
        images = np.concatenate([_read_archive(path, alphabets) for path, alphabets in read])
        _write_cache(cache, source, images)
    return images


def _read_cache(path: Path, source: str) -> np.ndarray | None:
    """The cached images; None where the file is missing, damaged or of another `source`."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if str(arrays["source"]) != source:
                return None
            images: np.ndarray = arrays["images"]
            return images
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        logging.getLogger(__name__).warning("%s is made anew: %s", path, error)
        return None


def _write_cache(path: Path, source: str, images: np.ndarray) -> None:
    """Writes to a temporary file and renames it. Failing to write is logged and no error."""
    aside = path.with_name(f".{path.stem}.{os.getpid()}.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(aside, images=images, source=np.array(source))
        aside.replace(path)
    except OSError as error:
        logging.getLogger(__name__).warning("Omniglot is not cached: %s", error)
    finally:
        if aside.exists():
            aside.unlink()


def _read_archive(path: Path, alphabets: dict[str, int]) -> np.ndarray:
    """Images uint8 (C, 20, 28, 28) of all characters of these alphabets, in their order.

    The path is that of an archive, or of the folder that it unpacks to.
    """
    try:
        with _opened(path) as (names, read):
            members = _members_by_character(names)
            return np.stack(
                [_read_character(members[name], read) for name in character_names(alphabets)]
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise GlimpseError(
            f"{path} is damaged or not Omniglot's: move it elsewhere, and "
            f"`python -m core data download omniglot` fetches it again, or {INSTEAD}."
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[list[str], Callable[[str], bytes]]]:
    """The names `images_background/Alphabet/character01/0001_01.png`, and what reads one."""
    if path.is_dir():
        names = [file.relative_to(path.parent).as_posix() for file in path.glob("*/*/*.png")]
        yield names, lambda name: (path.parent / name).read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        yield archive.namelist(), archive.read


def _members_by_character(names: list[str]) -> dict[str, list[str]]:
    """Names of drawings by character; sorted, so that drawing d is always by the same person."""
    members = defaultdict(list)
    for member in sorted(names):
        folders, _, file = member.rpartition("/")
        if file.endswith(".png"):
            members[folders.partition("/")[2]].append(member)
    return members


def _read_character(members: list[str], read: Callable[[str], bytes]) -> np.ndarray:
    """Images uint8 (20, 28, 28). Raises ValueError where drawings are missing."""
    if len(members) != DRAWINGS:
        raise ValueError(f"a character has {len(members)} drawings instead of {DRAWINGS}")
    return shrink(np.stack([_decode(read(member)) for member in members]))


def _decode(png: bytes) -> np.ndarray:
    """Ink as bool (105, 105)."""
    with Image.open(BytesIO(png), formats=("PNG",)) as image:
        if image.size != (ORIGINAL_SIDE, ORIGINAL_SIDE):
            raise ValueError(f"a drawing of {image.size} pixels")
        paper = np.asarray(image.convert("1", dither=Image.Dither.NONE), dtype=bool)
        ink: np.ndarray = np.logical_not(paper)
        return ink


def shrink(ink: np.ndarray) -> np.ndarray:
    """bool (N, 105, 105) to uint8 (N, 28, 28): the share of each cell that is ink.

    It has 16 grey levels: more cannot be seen, and would make the cache a third larger.
    """
    covered: np.ndarray = _CELLS @ ink.astype(np.float32) @ _CELLS.T
    levels: np.ndarray = np.rint(15 * covered).astype(np.uint8)
    return 17 * levels


def _cell_weights() -> np.ndarray:
    """(28, 105): the share of each of 28 cells that each of 105 pixels covers; rows sum to 1."""
    size = ORIGINAL_SIDE / SIDE
    cells = size * np.arange(SIDE)[:, None]
    pixels = np.arange(ORIGINAL_SIDE)
    overlap: np.ndarray = np.minimum(cells + size, pixels + 1) - np.maximum(cells, pixels)
    return (overlap.clip(min=0) / size).astype(np.float32)


_CELLS = _cell_weights()
