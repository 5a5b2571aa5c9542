"""MNIST digits: a sample of 5,000 that comes with Glimpse, and the full set, once downloaded.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits" (CC BY-SA 3.0).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from core.data.catalog import DIGIT_SAMPLE
from core.errors import GlimpseError
from core.paths import data_root

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
def _mnist(root: Path, split: Split) -> LabelledImages:
    digits = _read_mnist(root, train=split == "train")
    return _without(digits, _sample("held_out")) if split == "train" else digits


def _read_mnist(root: Path, train: bool) -> LabelledImages:
    from torchvision.datasets import MNIST  # imported here because it takes a second

    folder = root / "MNIST" / "raw"
    try:
        dataset = MNIST(str(root), train=train)
    except (RuntimeError, ValueError, LookupError, AssertionError, OSError) as error:
        if not folder.is_dir():
            raise GlimpseError(
                "The full MNIST is not here yet: download it on the Start page or with "
                "`python -m core data download mnist`, or train on the sample."
            ) from error
        raise GlimpseError(
            f"The MNIST files in {folder} are not whole: delete them and download them again with "
            "`python -m core data download mnist`, or train on the sample."
        ) from error
    return LabelledImages(dataset.data, dataset.targets)


def _without(digits: LabelledImages, excluded: LabelledImages) -> LabelledImages:
    """The digits without those whose pixels equal an excluded digit's."""
    pixels = {image.tobytes() for image in excluded.images.numpy()}
    keep = torch.tensor([image.tobytes() not in pixels for image in digits.images.numpy()])
    return LabelledImages(digits.images[keep], digits.labels[keep])
