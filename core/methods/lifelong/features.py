"""The features that all learners of a stream are given, by what they were trained on.

A few-shot network normalises pictures by the mean and variance of the task at hand. Here these are
of a fixed set of pictures from its training source, so that the features of a picture depend on
nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from core.data.images import to_unit
from core.data.omniglot import characters, load_omniglot
from core.data.shifts import SHIFTS, moved
from core.data.strokes import render_strokes, stroke_classes
from core.methods.few_shot.inner_loop import Learner
from core.methods.few_shot.method import FewShot
from core.methods.simclr.method import SimClr
from core.models.conv4 import Conv4, Parameters
from core.models.fixed_norm import FixedNormConv4, Norms, measured_norms
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


class FewShotNetwork(NamedTuple):
    """What a few-shot learner has learned, and pictures uint8 (R, 28, 28) for its batch norms."""

    learner: Learner
    reference: Tensor

    @property
    def conv4(self) -> Conv4:
        assert isinstance(self.learner.network, Conv4)
        return self.learner.network

    @property
    def theta(self) -> Parameters:
        return {name: w[0].detach() for name, w in self.learner.initial_parameters(1).items()}

    @property
    def norms(self) -> Norms:
        return measured_norms(self.conv4, self.theta, to_unit(self.reference))


@cache
def few_shot_network(name: str) -> FewShotNetwork:
    """The network of some features by name. It is cached: treat it as read-only."""
    if name == "strokes":
        drawn = render_strokes(stroke_classes("train", REFERENCES), torch.arange(1))[:, 0]
        return FewShotNetwork(load_shipped_method("strokes", FewShot).learner, drawn)
    background = load_omniglot().images[characters("train", "alphabet")][:: 806 // REFERENCES, 0]
    method = load_shipped_method("alphabet", FewShot)  # one drawing of each of so many characters
    method = untrained(method.config) if name == "untrained" else method
    return FewShotNetwork(method.learner, background)


def _few_shot(name: str) -> Embed:
    return few_shot_embed(few_shot_network(name).conv4, few_shot_network(name).reference)


def few_shot_embed(network: Conv4, reference: Tensor) -> Embed:
    """The features of a network, by its norms on `reference` pictures uint8 (R, 28, 28)."""
    theta = {name: weight.detach() for name, weight in network.named_parameters()}
    fixed = FixedNormConv4(network, theta, to_unit(reference))
    return lambda pictures: F.normalize(_in_chunks(fixed, to_unit(pictures)), dim=1)


def _in_chunks(network: Callable[[Tensor], Tensor], pictures: Tensor) -> Tensor:
    return torch.cat([network(chunk) for chunk in torch.split(pictures, CHUNK)])


FEATURES = {
    "alphabet": Features(
        "Background alphabets",
        "labelled characters of other alphabets",
        partial(_few_shot, "alphabet"),
    ),
    "strokes": Features(
        "Strokes",
        "generated strokes: no human label, no real picture",
        partial(_few_shot, "strokes"),
    ),
    "simclr": Features("SimCLR", "digits without labels", _simclr),
    "untrained": Features("Untrained", "nothing: random weights", partial(_few_shot, "untrained")),
    "pixels": Features("Pixels", "nothing: the picture itself", _pixels),
}
