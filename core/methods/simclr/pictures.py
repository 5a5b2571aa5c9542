"""The training, evaluation and tracked pictures of SimCLR.

| source  | training          | bank of neighbours   | tracked           | k   |
| cifar10 | 50,000 photos     | the same             | 1,000 test photos | 200 |
| mnist   | 59,000 digits     | the same             | 1,000 held out    | 20  |
| own     | all own pictures  | up to 10,000 of them | up to 1,000 of it | 20  |
| others  | see the source    | the sample's 4,000   | 1,000 held out    | 20  |

Tracked pictures are the points of the film. Runs on digits and characters track the same digits, so
that their films can be compared. Own pictures are tracked and evaluated although they are trained
on, for they may be few; training never uses their labels. No picture counts as its own neighbour.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.data.catalog import PHOTOS
from core.data.cifar import PHOTO, first_of_each_class, load_photos
from core.data.digits import LabelledImages, Split, load_digits
from core.data.picture_files.names import shown
from core.evaluation.knn_accuracy import K
from core.methods.base import Arrays
from core.methods.picture_sources import evaluation_digits, n_training_pictures, training_pictures
from core.methods.simclr.config import SimClrConfig, SimClrSource
from core.models.encoder import GREY

K_PHOTOS = 200  # neighbours that vote, as in lightly's benchmark and Wu et al. 2018
TRACKED_PER_CLASS = 100  # photos
BANK_OF_OWN, TRACKED_OF_OWN = 10_000, 1_000  # at most, of own pictures
SHOWN_CLASSES = 10  # of own pictures: there are ten distinguishable colours
OTHERS = "others"


def picture_shape(source: SimClrSource) -> tuple[int, int, int]:
    """(C, H, W) of a source's pictures."""
    return PHOTO if source == PHOTOS else GREY


def load_training_data(config: SimClrConfig) -> LabelledImages:
    """The training pictures. Raises GlimpseError where they are missing or cannot be used."""
    if config.source == PHOTOS:
        return load_photos("train")
    return training_pictures(config.source, config.pictures)


def count_training_data(config: SimClrConfig) -> int:
    """The number of training pictures. Raises GlimpseError as `load_training_data` does."""
    if config.source == PHOTOS:
        return len(load_photos("train"))
    return n_training_pictures(config.source, config.pictures)


def labelled_split(source: SimClrSource, split: Split) -> LabelledImages:
    """Labelled pictures for k-NN and linear probe. Not for the source own."""
    return load_photos(split) if source == PHOTOS else evaluation_digits(source, split)


class EvaluationData(NamedTuple):
    """The labelled pictures on which an embedding is evaluated."""

    bank: LabelledImages  # in which neighbours are searched
    tracked: LabelledImages  # the points of the film
    places: Tensor | None = None  # (N,) indices of the tracked in the bank, if they are part of it


def evaluation_data(
    config: SimClrConfig, training_data: Callable[[], LabelledImages]
) -> EvaluationData:
    """The evaluation data of a run with this config, part of its training data if those are own."""
    if config.source == "own":
        trained_on = training_data()
        bank = _some(trained_on, _spread(len(trained_on), BANK_OF_OWN))
        places = _spread(len(bank), TRACKED_OF_OWN)
        return EvaluationData(bank, _some(bank, places), places)
    bank = labelled_split(config.source, "train")
    if config.source == PHOTOS:
        return EvaluationData(bank, first_of_each_class(load_photos("held_out"), TRACKED_PER_CLASS))
    return EvaluationData(bank, load_digits("sample", "held_out"))


def _spread(count: int, most: int) -> Tensor:
    """At most `most` of the indices below `count`, evenly spread."""
    kept = min(count, most)
    return torch.arange(kept) * count // kept


def _some(pictures: LabelledImages, places: Tensor) -> LabelledImages:
    return LabelledImages(pictures.images[places], pictures.labels[places], pictures.names)


def tracked_arrays(config: SimClrConfig, tracked: LabelledImages, is_first: bool) -> Arrays:
    """A snapshot's arrays about the tracked pictures: `labels` uint8 (N,).

    In the first snapshot of own pictures also `pictures` uint8 (N, 28, 28) and `names`, the names
    of the classes as UTF-8 lines.
    """
    if config.source != "own":
        return {"labels": tracked.labels.cpu().numpy().astype("uint8")}
    labels, names = shown_classes(tracked.labels.cpu(), tracked.names)
    arrays = {"labels": labels.numpy().astype("uint8")}
    if is_first:
        arrays["pictures"] = tracked.images.cpu().numpy()
        arrays["names"] = np.frombuffer("\n".join(names).encode(), np.uint8)
    return arrays


def names_in(arrays: Arrays) -> tuple[str, ...]:
    """The names of the classes in a run's first snapshot of own pictures, as they can be shown.

    A class whose name is missing there is called by its number.
    """
    names = [
        shown(name) for name in arrays["names"].tobytes().decode("utf-8", "replace").split("\n")
    ]
    unnamed = range(len(names), int(arrays["labels"].max(initial=0)) + 1)
    return (*names, *(f"class {number}" for number in unnamed))


def shown_classes(labels: Tensor, names: tuple[str, ...]) -> tuple[Tensor, tuple[str, ...]]:
    """Classes (N,) as they are coloured, with their names.

    Of more than ten classes the nine largest are kept, in the order of their names, and the rest
    become one class.
    """
    if len(names) <= SHOWN_CLASSES:
        return labels, names
    counts = labels.bincount(minlength=len(names))
    largest = counts.argsort(descending=True, stable=True)[: SHOWN_CLASSES - 1].sort().values
    shown = torch.full((len(names),), SHOWN_CLASSES - 1)
    shown[largest] = torch.arange(SHOWN_CLASSES - 1)
    return shown[labels], (*(names[place] for place in largest.tolist()), OTHERS)


def n_neighbours(source: SimClrSource) -> int:
    """k of the k-NN."""
    return K_PHOTOS if source == PHOTOS else K
