"""What SimCLR can be trained on: digits, Omniglot's characters, or generated strokes."""

from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor

from core.data.digits import LabelledImages, Split, load_digits
from core.data.omniglot import characters, load_omniglot
from core.data.strokes import render_strokes, stroke_classes

PictureSource = Literal["sample", "mnist", "omniglot", "strokes"]

STROKE_CLASSES = 1100  # as many characters, in as many hands, as Omniglot has to train on
HANDS = 20


def training_pictures(source: PictureSource) -> LabelledImages:
    """Pictures to train on; the labels are classes of the source: digits, or characters.

    | omniglot | 22,000: the 1,100 training characters of the random split, 20 drawings of each |
    | strokes  | 22,000: as many made-up characters in as many hands                           |

    Raises GlimpseError where a download is missing or damaged.
    """
    if source == "omniglot":
        return _labelled(load_omniglot().images[characters("train", "random")])
    if source == "strokes":
        return _strokes()
    return load_digits(source, "train")


def judging_digits(source: PictureSource, split: Split) -> LabelledImages:
    """The digits by which an embedding is judged: of the source, or the sample's for characters."""
    return load_digits("mnist" if source == "mnist" else "sample", split)


@lru_cache(maxsize=1)
def _strokes() -> LabelledImages:
    classes = stroke_classes("train", STROKE_CLASSES)
    return _labelled(render_strokes(classes, torch.arange(HANDS)))


def _labelled(pictures: Tensor) -> LabelledImages:
    """(C, M, 28, 28) as a list of C * M pictures."""
    n_classes, n_hands = pictures.shape[:2]
    return LabelledImages(
        pictures.flatten(0, 1), torch.arange(n_classes).repeat_interleave(n_hands)
    )
