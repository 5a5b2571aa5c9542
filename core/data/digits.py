"""MNIST digits: a sample of 5,000 that comes with Glimpse, and the full set, once downloaded.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits" (CC BY-SA 3.0).
"""

import gzip
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from core.data.catalog import DIGIT_SAMPLE, SOURCES
from core.data.images import SIDE
from core.data.places import find, refusal
from core.errors import GlimpseError
from core.paths import data_root

INSTEAD = "train on the sample"
UINT8 = b"\x00\x00\x08"  # begins an IDX file of bytes
Source = Literal["sample", "mnist"]
Split = Literal["train", "held_out"]


@dataclass(frozen=True)
class LabelledImages:
    """Images uint8 and labels int64 (N,).

    Grey images are (N, 28, 28) with ink = 255, photos (N, 3, 32, 32). Own pictures also have the
    names of their classes.
    """

    images: Tensor
    labels: Tensor
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)


def load_digits(source: Source, split: Split) -> LabelledImages:
    """The digits of a source and split. They are cached: treat them as read-only.

    | source | train                                   | held_out                      |
    | sample | 4,000, 400 per class, classes in turn   | 1,000, 100 per class, in turn |
    | mnist  | MNIST's 60,000 without those 1,000      | MNIST's 10,000 test digits    |

    The sample's digits come from MNIST's training set. Its held-out digits are in neither `train`
    split, so that models trained on either can be evaluated on them.

    Raises GlimpseError where MNIST is not in the data root or cannot be read.
    """
    return _sample(split) if source == "sample" else _mnist(data_root(), split)


@lru_cache(maxsize=2)
def _sample(split: Split) -> LabelledImages:
    with np.load(DIGIT_SAMPLE, allow_pickle=False) as arrays:
        images = torch.from_numpy(arrays[f"{split}_images"])
        labels = torch.from_numpy(arrays[f"{split}_labels"])
    return LabelledImages(images, labels.long())


@lru_cache(maxsize=2)
def _mnist(_root: Path, split: Split) -> LabelledImages:
    """As `load_digits`; the data root is part of the cache's key."""
    digits = _read_mnist(train=split == "train")
    return _without(digits, _sample("held_out")) if split == "train" else digits


def _read_mnist(train: bool) -> LabelledImages:
    """MNIST's digits, from files under any of their usual names, packed or not."""
    source = SOURCES["mnist"]
    kind = "train" if train else "t10k"
    chosen = [find(file) for file in source.files if Path(file).name.startswith(kind)]
    paths = [path for path in chosen if path is not None]
    archive = find(source.archive)
    if len(paths) == len(chosen):
        images, labels = map(_read_idx, paths)
    elif archive is not None:
        images, labels = _read_archive(archive, "train" if train else "test")
        paths = [archive]
    else:
        raise refusal("the full MNIST", "mnist", source.files, INSTEAD)
    if images.shape[1:] != (SIDE, SIDE) or labels.shape != images.shape[:1]:
        raise _not_mnist(*paths)
    return LabelledImages(torch.from_numpy(images), torch.from_numpy(labels).long())


def _read_archive(path: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels uint8 of a split in the archive of Keras."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            images, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise _not_mnist(path) from error
    if images.dtype != np.uint8 or labels.dtype != np.uint8:
        raise _not_mnist(path)
    return images, labels


def _read_idx(path: Path) -> np.ndarray:
    """The numbers of an IDX file, uint8 of any shape: a magic number, the sizes, the bytes."""
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        magic, n_axes = content[:3], content[3]
        shape = np.frombuffer(content, ">i4", n_axes, offset=4)
        if magic != UINT8:
            raise ValueError("the numbers are not bytes")
        numbers: np.ndarray = np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)
        return numbers.copy()
    except (OSError, EOFError, ValueError, IndexError, zlib.error) as error:
        raise _not_mnist(path) from error


def _not_mnist(*paths: Path) -> GlimpseError:
    return GlimpseError(
        f"{' and '.join(map(str, paths))} cannot be read as MNIST: move what is there elsewhere, "
        f"and `python -m core data download mnist` fetches MNIST, or {INSTEAD}."
    )


def _without(digits: LabelledImages, excluded: LabelledImages) -> LabelledImages:
    """The digits without those whose pixels equal an excluded digit's."""
    pixels = {image.tobytes() for image in excluded.images.numpy()}
    keep = torch.tensor([image.tobytes() not in pixels for image in digits.images.numpy()])
    return LabelledImages(digits.images[keep], digits.labels[keep])
