"""Where the files of a data set are: under torchvision's names, and the other usual ones.

A file is named as torchvision does, below the data root: `MNIST/raw/train-images-idx3-ubyte`. The
same may lie there packed, or as people copy it from elsewhere: `mnist/train-images.idx3-ubyte.gz`.
Imports neither torch nor torchvision.
"""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import GlimpseError
from core.paths import data_root

IDX_BYTES = {
    "train-images-idx3-ubyte": 47_040_016,
    "train-labels-idx1-ubyte": 60_008,
    "t10k-images-idx3-ubyte": 7_840_016,
    "t10k-labels-idx1-ubyte": 10_008,
}
PHOTOS_ARCHIVE = "cifar-10-python.tar.gz"
KERAS_ARCHIVE = "mnist.npz"  # as Keras keeps MNIST
_IDX_OF_SPELLING = {name.replace("-idx", ".idx"): name for name in IDX_BYTES}
# Where else the files of torchvision's folder may lie, the likeliest first.
_FOLDERS = {
    "MNIST/raw": ("MNIST/raw", "MNIST", "mnist/raw", "mnist", "raw", "."),
    "cifar-10-batches-py": (
        "cifar-10-batches-py",
        *(f"{each}/cifar-10-batches-py" for each in ("cifar10", "CIFAR10", "cifar-10", "CIFAR-10")),
        *("cifar10", "CIFAR10", "cifar-10", "CIFAR-10"),
    ),
    # Of archives, which hold a whole data set.
    ".": (".", "MNIST", "mnist", "cifar10", "CIFAR10", "cifar-10", "CIFAR-10"),
}


def find(file: str) -> Path | None:
    """The first of a file's usual places where it is whole."""
    return next((path for path in _candidates(file) if is_whole(path)), None)


def is_whole(path: Path) -> bool:
    """Whether a file is there and not truncated, judging by its size or its end."""
    if not path.is_file():
        return False
    if path.suffix == ".npz":
        return zipfile.is_zipfile(path)
    name = path.name.removesuffix(".gz")
    expected = IDX_BYTES.get(_IDX_OF_SPELLING.get(name, name))
    if path.suffix == ".gz":
        return expected is None or _unpacked_bytes(path) == expected
    return expected is None or path.stat().st_size == expected


def refusal(title: str, name: str, files: Sequence[str], instead: str) -> GlimpseError:
    """Why a data set cannot be read from these files: none is here, some are missing or damaged.

    Args:
        name: of the data set, for the command that downloads it.
        instead: what to do without it.
    """
    start = title[0].upper() + title[1:]
    command = f"`python -m core data download {name}`"
    here = [path for file in files for path in _candidates(file) if path.is_file()]
    damaged = [path for path in here if not is_whole(path)]
    missing = [Path(file).name for file in files if find(file) is None]
    if not here and len(missing) == len(files):
        return GlimpseError(
            f"{start} is not here yet: download it on the Start page or with {command}, "
            f"or {instead}."
        )
    if damaged:
        paths = ", ".join(map(str, damaged))
        return GlimpseError(
            f"{start} is not whole, for these files are damaged: {paths}. Copy them again, "
            f"fetch them with {command}, or {instead}."
        )
    folder = data_root() / Path(files[0]).parent
    return GlimpseError(
        f"Of {title}, {', '.join(missing)} cannot be found: put it into {folder}, fetch it with "
        f"{command}, or {instead}."
    )


def _candidates(file: str) -> Iterator[Path]:
    folder, name = str(Path(file).parent), Path(file).name
    for place in _FOLDERS[folder]:
        for spelling in _spellings(name):
            yield data_root() / place / spelling


def _spellings(name: str) -> Iterator[str]:
    """A file's own name, and those of the same content, packed or in a folder."""
    if name not in IDX_BYTES:
        yield name
        return
    stems = (name, name.replace("-idx", ".idx"))
    for stem in stems:
        yield from (stem, f"{stem}.gz")
    for folder in stems:  # as some archives unpack: a folder of the same name around each file
        yield from (f"{folder}/{stem}" for stem in stems)


def _unpacked_bytes(path: Path) -> int:
    """The size of what a gzip file holds, which its last four bytes say; -1 for no gzip file."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b" or path.stat().st_size < 18:
            return -1
        file.seek(-4, 2)
        return int.from_bytes(file.read(4), "little")
