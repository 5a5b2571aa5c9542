"""Which pictures SimCLR learns from, and which it is watched and judged by.

| source  | learns from       | neighbours come from | watched           | k   |
| cifar10 | 50,000 photos     | the same             | 1,000 test photos | 200 |
| mnist   | 59,000 digits     | the same             | 1,000 held out    | 20  |
| own     | a person's own    | 10,000 of the same   | 1,000 of these    | 20  |
| others  | as their name is  | the sample's 4,000   | 1,000 held out    | 20  |

The digits that are watched are the same whatever the source, so that films of two runs show the
same points. One's own pictures are watched and judged though they are trained on: there may be but
a few, and their classes are not. None is its own neighbour.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.data.catalog import PHOTOS
from core.data.cifar import PHOTO, load_photos, some_of_each
from core.data.digits import LabelledImages, Split, load_digits
from core.data.own_pictures import load_own
from core.evaluation.knn import K
from core.methods.base import Arrays
from core.methods.picture_sources import evaluation_digits, n_training_pictures, training_pictures
from core.methods.simclr.config import SimClrConfig, SimClrSource
from core.models.encoder import GREY

K_PHOTOS = 200  # neighbours that vote, as in lightly's benchmark and Wu et al. 2018
TRACKED_OF_EACH = 100  # photos of a class
BANK_OF_OWN, TRACKED_OF_OWN = 10_000, 1_000  # at most
SHOWN_CLASSES = 10  # of one's own pictures: as many as there are colours that all can tell apart
OTHERS = "others"


def picture_shape(source: SimClrSource) -> tuple[int, int, int]:
    """(C, H, W) of a source's pictures."""
    return PHOTO if source == PHOTOS else GREY


def learned_from(config: SimClrConfig) -> LabelledImages:
    """The pictures to train on. Raises GlimpseError as the source does."""
    if config.source == PHOTOS:
        return load_photos("train")
    return training_pictures(config.source, config.pictures)


def how_many(config: SimClrConfig) -> int:
    """The number of pictures to train on. Raises GlimpseError as the source does."""
    if config.source == PHOTOS:
        return len(load_photos("train"))
    return n_training_pictures(config.source, config.pictures)


def labelled_split(source: SimClrSource, split: Split) -> LabelledImages:
    """Pictures with classes, of which a k-NN and a linear probe name those held out; not of own."""
    return load_photos(split) if source == PHOTOS else evaluation_digits(source, split)


class EvaluationData(NamedTuple):
    """What an embedding is watched and judged by."""

    bank: LabelledImages  # among which neighbours are looked for
    tracked: LabelledImages  # the points of the film
    places: Tensor | None = None  # (N,) of the watched in the bank, where they are of it


def evaluation_data(config: SimClrConfig, trained_on: LabelledImages) -> EvaluationData:
    """Of a run with this config, which learns from these pictures."""
    if config.source == "own":
        bank = _some(trained_on, _spread(len(trained_on), BANK_OF_OWN))
        places = _spread(len(bank), TRACKED_OF_OWN)
        return EvaluationData(bank, _some(bank, places), places)
    bank = labelled_split(config.source, "train")
    if config.source == PHOTOS:
        return EvaluationData(bank, some_of_each(load_photos("held_out"), TRACKED_OF_EACH))
    return EvaluationData(bank, load_digits("sample", "held_out"))


def _spread(count: int, most: int) -> Tensor:
    """Places of at most so many of `count`, evenly spread."""
    kept = min(count, most)
    return torch.arange(kept) * count // kept


def _some(pictures: LabelledImages, places: Tensor) -> LabelledImages:
    return LabelledImages(pictures.images[places], pictures.labels[places])


def points(config: SimClrConfig, tracked: LabelledImages, is_first: bool) -> Arrays:
    """What the watched pictures are, for a snapshot: `labels` (N,) uint8; in the first of one's
    own also `pictures` uint8 (N, 28, 28), and `names` of the classes, UTF-8 a line each.
    """
    if config.source != "own":
        return {"labels": tracked.labels.cpu().numpy().astype("uint8")}
    labels, names = shown_classes(tracked.labels.cpu(), load_own(config.pictures).names)
    arrays = {"labels": labels.numpy().astype("uint8")}
    if is_first:
        arrays["pictures"] = tracked.images.cpu().numpy()
        arrays["names"] = np.frombuffer("\n".join(names).encode(), np.uint8)
    return arrays


def shown_classes(labels: Tensor, names: tuple[str, ...]) -> tuple[Tensor, tuple[str, ...]]:
    """Classes (N,) as they are coloured: where there are more than ten, the nine with most pictures
    in the order of their names, and the others as one.
    """
    if len(names) <= SHOWN_CLASSES:
        return labels, names
    counts = labels.bincount(minlength=len(names))
    largest = counts.argsort(descending=True, stable=True)[: SHOWN_CLASSES - 1].sort().values
    shown = torch.full((len(names),), SHOWN_CLASSES - 1)
    shown[largest] = torch.arange(SHOWN_CLASSES - 1)
    return shown[labels], (*(names[place] for place in largest.tolist()), OTHERS)


def voters(source: SimClrSource) -> int:
    """How many neighbours vote on a picture's class."""
    return K_PHOTOS if source == PHOTOS else K
