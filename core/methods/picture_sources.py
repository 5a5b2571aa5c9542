"""The training pictures of SimCLR and inpainting: digits, characters, strokes, or own pictures."""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, Protocol, TypeVar

import torch
from torch import Tensor

from core.config import setting
from core.data.catalog import SOURCES, check_present
from core.data.digits import LabelledImages, Split, load_digits
from core.data.omniglot import characters, load_omniglot
from core.data.own_pictures import digest_of, load_own
from core.data.picture_files.names import shown
from core.data.strokes import render_strokes, stroke_classes
from core.errors import GlimpseError

PictureSource = Literal["sample", "mnist", "omniglot", "strokes", "own"]
PICTURE_LABELS = {
    "sample": "Digit sample",
    "mnist": "MNIST",
    "omniglot": "Omniglot",
    "own": "Own pictures",
}
PICTURES: Any = setting(
    "",
    max_length=1000,
    description="Folder or zip of your own pictures, for the source own. Each folder within it is "
    "a class. Pictures are converted to grey and to 28x28 pixels.",
    only_with={"source": "own"},
    upload=True,
)

DIGEST = "own_pictures"  # the tensor of a state that identifies the own pictures
STROKE_CLASSES = 1100  # characters, and drawings of each: as many as Omniglot has for training
HANDS = 20


class _WithPictures(Protocol):
    @property
    def pictures(self) -> str: ...


class _Config(_WithPictures, Protocol):
    @property
    def source(self) -> str: ...


ConfigT = TypeVar("ConfigT", bound=_Config)


def absolute_place(place: str) -> str:
    """The path of own pictures, absolute: it is read again elsewhere, when the run is resumed.

    No file is looked at.
    """
    return os.path.abspath(os.path.expanduser(place)) if place.strip() else place  # noqa: PTH100, PTH111


def own_needs_pictures(config: ConfigT) -> ConfigT:
    """Validates a config: `pictures` must be given with the source own, and only then."""
    if config.source == "own" and not config.pictures.strip():
        raise ValueError("the source own needs pictures: give a folder or a zip of them")
    if config.source != "own" and config.pictures:
        raise ValueError(f"pictures are for the source own, not for {config.source}")
    return config


def own_digest(
    config: _WithPictures, trained_on: Callable[[], LabelledImages] | None = None
) -> dict[str, Tensor]:
    """For a method's state: the digest of the own pictures of a config; empty where it has none.

    Without `trained_on` it is that of the pictures as they are now.
    """
    if not config.pictures:
        return {}
    pictures = load_own(config.pictures) if trained_on is None else trained_on()
    digest = bytes.fromhex(digest_of(pictures.images, pictures.labels))
    return {DIGEST: torch.tensor(list(digest), dtype=torch.uint8)}


def check_own(config: _WithPictures, state: dict[str, Tensor]) -> None:
    """Raises GlimpseError where a state was trained on other pictures than there are now."""
    for name, digest in own_digest(config).items():
        if not torch.equal(state[name], digest):
            raise GlimpseError(
                f"The pictures in {shown(config.pictures)} have changed since this run began: "
                "restore them, or start a new run."
            )


def check_pictures(source: str, own: str = "") -> None:
    """Raises GlimpseError where the training pictures have to be downloaded, or cannot be used.

    Own pictures are read, which is quick the second time; others are only looked for.
    """
    if source == "own":
        load_own(own)
    elif source in SOURCES:
        check_present(source)


def training_pictures(source: PictureSource, own: str = "") -> LabelledImages:
    """The training pictures of a source. Labels are its classes: digits, or characters.

    | omniglot | 22,000: the 1,100 training characters of the random split, 20 drawings of each |
    | strokes  | 22,000: 1,100 generated characters, 20 drawings of each                         |
    | own      | the pictures of the folder or zip `own`                                         |

    Raises GlimpseError where a download is missing or damaged, or own pictures cannot be used.
    """
    if source == "own":
        pictures = load_own(own)
        return LabelledImages(pictures.images, pictures.labels, pictures.names)
    if source == "omniglot":
        return _labelled(load_omniglot().images[characters("train", "random")])
    if source == "strokes":
        return _strokes()
    return load_digits(source, "train")


def n_training_pictures(source: PictureSource, own: str = "") -> int:
    """The number of `training_pictures`, without generating or copying characters.

    Raises GlimpseError as `training_pictures` does.
    """
    if source == "omniglot":
        return len(characters("train", "random")) * load_omniglot().images.shape[1]
    if source == "strokes":
        return STROKE_CLASSES * HANDS
    return len(training_pictures(source, own))


def evaluation_digits(source: PictureSource, split: Split) -> LabelledImages:
    """The digits on which an embedding is evaluated: MNIST's for MNIST, else the sample's."""
    return load_digits("mnist" if source == "mnist" else "sample", split)


@lru_cache(maxsize=1)
def _strokes() -> LabelledImages:
    classes = stroke_classes("train", STROKE_CLASSES)
    return _labelled(render_strokes(classes, torch.arange(HANDS)))


def _labelled(pictures: Tensor) -> LabelledImages:
    """(C, M, 28, 28) as C * M pictures with the class as their label."""
    n_classes, n_hands = pictures.shape[:2]
    return LabelledImages(
        pictures.flatten(0, 1), torch.arange(n_classes).repeat_interleave(n_hands)
    )
