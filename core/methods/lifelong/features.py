"""The features that all learners of a stream are given, by what they were trained on.

A few-shot network normalises pictures by the mean and variance of the task at hand. Here these are
of a fixed set of pictures from its training source, so that the features of a picture depend on
nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.images import to_unit
from core.data.omniglot import characters, load_omniglot
from core.data.shifts import SHIFTS, moved
from core.data.strokes import render_strokes, stroke_classes
from core.methods.few_shot.method import FewShot
from core.methods.simclr.method import SimClr
from core.models.conv4 import Conv4
from core.models.fixed_norm import FixedNormConv4
from core.zoo.initialisations import untrained
from core.zoo.weights import load_shipped_method

REFERENCES = 400  # pictures
CHUNK = 500  # pictures embedded at once
Embed = Callable[[Tensor], Tensor]  # uint8 (N, 28, 28) to (N, D), of length 1


@dataclass(frozen=True)
class Features:
    """Features by name: `seen` says what they know of pictures."""

    label: str
    seen: str
    load: Callable[[], Embed]


def load_features(name: str, views: bool = False) -> Embed:
    """Features by name; with `views` the mean of those of five shifted pictures, which is slower.

    See `core.data.shifts`.
    """
    embed = FEATURES[name].load()
    return over_views(embed) if views else embed


def over_views(embed: Embed) -> Embed:
    """The mean features of a picture and of four that are shifted by a pixel, of length 1."""

    def embed_views(pictures: Tensor) -> Tensor:
        views = [embed(moved(pictures, *shift)) for shift in SHIFTS]
        return F.normalize(torch.stack(views).mean(0), dim=1)

    return embed_views


def _pixels() -> Embed:
    return lambda pictures: F.normalize(to_unit(pictures).flatten(1), dim=1)


def _simclr() -> Embed:
    method = load_shipped_method("simclr-mnist", SimClr)
    return lambda pictures: F.normalize(method.embed(pictures), dim=1)


def _few_shot(method: FewShot, reference: Tensor) -> Embed:
    """The features of a network, with the batch norms of `reference` pictures uint8 (R, 28, 28)."""
    theta = {name: w[0] for name, w in method.learner.initial_parameters(1).items()}
    assert isinstance(method.learner.network, Conv4)
    network = FixedNormConv4(method.learner.network, theta, to_unit(reference))
    return lambda pictures: F.normalize(_in_chunks(network, to_unit(pictures)), dim=1)


def _in_chunks(network: Callable[[Tensor], Tensor], pictures: Tensor) -> Tensor:
    return torch.cat([network(chunk) for chunk in torch.split(pictures, CHUNK)])


def _background() -> Tensor:
    """One drawing of each of so many training characters."""
    return load_omniglot().images[characters("train", "alphabet")][:: 806 // REFERENCES, 0]


def _alphabet() -> Embed:
    return _few_shot(load_shipped_method("alphabet", FewShot), _background())


def _untrained() -> Embed:
    method = untrained(load_shipped_method("alphabet", FewShot).config)
    return _few_shot(method, _background())


def _strokes() -> Embed:
    drawn = render_strokes(stroke_classes("train", REFERENCES), torch.arange(1))[:, 0]
    return _few_shot(load_shipped_method("strokes", FewShot), drawn)


FEATURES = {
    "alphabet": Features(
        "Background alphabets", "labelled characters of other alphabets", _alphabet
    ),
    "strokes": Features("Strokes", "generated strokes: no human label, no real picture", _strokes),
    "simclr": Features("SimCLR", "digits without labels", _simclr),
    "untrained": Features("Untrained", "nothing: random weights", _untrained),
    "pixels": Features("Pixels", "nothing: the picture itself", _pixels),
}
