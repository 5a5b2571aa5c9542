"""Omniglot: 1,623 characters of 50 alphabets, each drawn by 20 people.

Lake, Salakhutdinov and Tenenbaum, "Human-level concept learning through probabilistic program
induction" (2015), MIT licence. The pictures come with Glimpse; `core.makers.omniglot` makes their
file from the published archives.
"""

import hashlib
import random
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from core.data.alphabets import BACKGROUND, EVALUATION, character_names
from core.data.catalog import CHARACTERS
from core.data.images import SIDE
from core.errors import GlimpseError

ORIGINAL_SIDE = 105  # pixels
# SHA-256 of the pictures.
DIGEST = "3a22c6a02e967e4384436535688e3a35a843596a9ba7feb26927781b2a0dac50"
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


@lru_cache(maxsize=1)
def load_omniglot() -> CharacterSet:
    """All characters, kept in memory: treat them as read-only.

    Each pixel is the mean ink over its area. Raises GlimpseError where the file is missing or not
    the one that Glimpse ships.
    """
    try:
        with np.load(CHARACTERS, allow_pickle=False) as arrays:
            images: np.ndarray = arrays["images"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _refusal() from error
    if hashlib.sha256(images.tobytes()).hexdigest() != DIGEST:
        raise _refusal()
    alphabets = tuple(_alphabet(name) for name in _NAMES)
    return CharacterSet(torch.from_numpy(images), alphabets, _NAMES)


def _refusal() -> GlimpseError:
    return GlimpseError(
        f"{CHARACTERS} is missing or damaged: get it again with the rest of Glimpse, "
        "or use strokes."
    )


_NAMES = character_names(BACKGROUND) + character_names(EVALUATION)


def _alphabet(name: str) -> str:
    return name.split("/")[0]


def shrink(ink: np.ndarray) -> np.ndarray:
    """bool (N, 105, 105) to uint8 (N, 28, 28): the share of each cell that is ink.

    It has 16 grey levels: more cannot be seen, and would make the file a third larger.
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
