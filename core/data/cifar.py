"""CIFAR-10: colour photos in ten classes (Krizhevsky 2009), once downloaded."""

import hashlib
import pickle
import tarfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.data.catalog import PHOTOS, SOURCES
from core.data.digits import INSTEAD, LabelledImages, Split
from core.data.places import find, refusal
from core.errors import GlimpseError
from core.paths import data_root

PHOTO = (3, 32, 32)
CIFAR_FOLDER = "cifar-10-batches-py"  # in the archive


def load_photos(split: Split) -> LabelledImages:
    """Photos uint8 (N, 3, 32, 32), cached in memory: 50,000 for training, 10,000 held out.

    Raises GlimpseError where CIFAR-10 is not in the data root or cannot be read.
    """
    return _read(data_root(), split)


def first_of_each_class(photos: LabelledImages, n: int) -> LabelledImages:
    """The first n photos of each class, in their original order."""
    labels = photos.labels.bincount().nonzero()[:, 0]
    of_class = [(photos.labels == label).nonzero()[:n, 0] for label in labels]
    chosen = torch.cat(of_class).sort().values
    return LabelledImages(photos.images[chosen], photos.labels[chosen])


@lru_cache(maxsize=2)
def _read(_root: Path, split: Split) -> LabelledImages:
    """As `load_photos`; the data root is part of the cache's key."""
    from torchvision.datasets import CIFAR10  # imported here because it takes a second

    batches = CIFAR10.train_list if split == "train" else CIFAR10.test_list
    entries = [_entry(name, checksum) for name, checksum in batches]
    images = np.concatenate([entry["data"] for entry in entries]).reshape(-1, *PHOTO)
    labels = [label for entry in entries for label in entry["labels"]]
    return LabelledImages(torch.from_numpy(images), torch.tensor(labels))


def _entry(name: str, checksum: str) -> dict[str, Any]:
    """A batch of photos. It is unpickled only where it is that of CIFAR-10, byte for byte."""
    path, content = _content(name)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != checksum:
        raise GlimpseError(
            f"{path} is damaged or not CIFAR-10's: move it elsewhere, and "
            f"`python -m core data download cifar10` fetches it again, or {INSTEAD}."
        )
    entry: dict[str, Any] = pickle.loads(content, encoding="latin1")
    return entry


def _content(name: str) -> tuple[Path, bytes]:
    """A file of CIFAR-10 and the path that it was read from; that may be the archive."""
    source = SOURCES[PHOTOS]
    path = find(next(file for file in source.files if Path(file).name == name))
    archive = find(source.archive)
    if path is None and archive is None:
        raise refusal(source.title, source.name, source.files, INSTEAD)
    try:
        if path is not None:
            return path, path.read_bytes()
        assert archive is not None
        return archive, _from_archive(archive, name)
    except (OSError, EOFError, KeyError, tarfile.TarError, zlib.error) as error:
        raise GlimpseError(
            f"{path or archive} cannot be read: move it elsewhere, and "
            f"`python -m core data download cifar10` fetches it again, or {INSTEAD}."
        ) from error


def _from_archive(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        file = tar.extractfile(f"{CIFAR_FOLDER}/{name}")
        if file is None:
            raise KeyError(name)
        return file.read()
