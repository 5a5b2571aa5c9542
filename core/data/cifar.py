"""CIFAR-10: colour photos in ten classes (Krizhevsky 2009), once downloaded."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from core.data.digits import LabelledImages, Split
from core.errors import GlimpseError
from core.paths import data_root

PHOTO = (3, 32, 32)


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
def _read(root: Path, split: Split) -> LabelledImages:
    from torchvision.datasets import CIFAR10  # imported here because it takes a second

    folder = root / CIFAR10.base_folder
    try:
        dataset = CIFAR10(str(root), train=split == "train")
    except (RuntimeError, ValueError, LookupError, OSError) as error:
        if not folder.is_dir():
            raise GlimpseError(
                "CIFAR-10 is not here yet: download it on the Start page or with "
                "`python -m core data download cifar10`, or train on the sample."
            ) from error
        raise GlimpseError(
            f"The CIFAR-10 files in {folder} are not whole: delete them and download them again "
            "with `python -m core data download cifar10`, or train on the sample."
        ) from error
    images = np.ascontiguousarray(dataset.data.transpose(0, 3, 1, 2))
    return LabelledImages(torch.from_numpy(images), torch.tensor(dataset.targets))
