"""Makes the characters that Glimpse ships, `assets/omniglot.npz`, from Omniglot's archives.

    python -m core.makers.omniglot images_background.zip images_evaluation.zip

The archives are those of https://github.com/brendenlake/omniglot (folder `python`), MIT licence.
"""

import hashlib
import sys
import zipfile
from collections import defaultdict
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from core.data.alphabets import BACKGROUND, DRAWINGS, EVALUATION, character_names
from core.data.catalog import CHARACTERS
from core.data.omniglot import ORIGINAL_SIDE, shrink


def read_archive(path: Path, alphabets: dict[str, int]) -> np.ndarray:
    """Images uint8 (C, 20, 28, 28) of all characters of these alphabets, in their order.

    Raises ValueError where drawings are missing or of another size.
    """
    with zipfile.ZipFile(path) as archive:
        members = _members_by_character(archive.namelist())
        return np.stack(
            [_read_character(members[name], archive) for name in character_names(alphabets)]
        )


def _members_by_character(names: list[str]) -> dict[str, list[str]]:
    """Names of drawings by character; sorted, so that drawing d is always by the same person.

    A member is called `images_background/Alphabet/character01/0001_01.png`.
    """
    members = defaultdict(list)
    for member in sorted(names):
        folders, _, file = member.rpartition("/")
        if file.endswith(".png"):
            members[folders.partition("/")[2]].append(member)
    return members


def _read_character(members: list[str], archive: zipfile.ZipFile) -> np.ndarray:
    """Images uint8 (20, 28, 28)."""
    if len(members) != DRAWINGS:
        raise ValueError(f"A character has {len(members)} drawings instead of {DRAWINGS}.")
    return shrink(np.stack([decode(archive.read(member)) for member in members]))


def decode(png: bytes) -> np.ndarray:
    """Ink as bool (105, 105). Raises ValueError for a picture of another size."""
    with Image.open(BytesIO(png), formats=("PNG",)) as image:
        if image.size != (ORIGINAL_SIDE, ORIGINAL_SIDE):
            raise ValueError(f"A drawing has {image.size} pixels.")
        paper = np.asarray(image.convert("1", dither=Image.Dither.NONE), dtype=bool)
        ink: np.ndarray = np.logical_not(paper)
        return ink


def main(background: Path, evaluation: Path) -> None:
    images = np.concatenate(
        [read_archive(background, BACKGROUND), read_archive(evaluation, EVALUATION)]
    )
    np.savez_compressed(CHARACTERS, images=images)
    digest = hashlib.sha256(images.tobytes()).hexdigest()
    print(f"{CHARACTERS.name}: {CHARACTERS.stat().st_size:,} bytes, pictures {digest}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
