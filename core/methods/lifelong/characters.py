"""The characters of a stream with their features, which all visitors share."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.methods.lifelong.config import FeatureName
from core.methods.lifelong.features import Embed, load_features
from core.methods.lifelong.learners.base import Drawings
from core.methods.lifelong.snapshot import ASKED
from core.methods.lifelong.stream import (
    MOST_CLASSES,
    StreamSource,
    stream_alphabets,
    stream_pictures,
)

BLOCK = 20  # characters embedded at once


@dataclass(frozen=True)
class Choice:
    """Which characters come, how many examples of each, and the features of them."""

    source: StreamSource = "omniglot"
    features: FeatureName = "alphabet"
    views: bool = False
    k_shot: int = 5
    seed: int = 0


class Characters:
    """All characters of a source in the order in which they come.

    `pictures` uint8 (C, 20, 28, 28), `alphabets` the name of the alphabet of each or an empty text.
    Their features are computed as they are asked for, and kept.
    """

    def __init__(self, choice: Choice) -> None:
        most = MOST_CLASSES[choice.source]
        self.choice = choice
        self.pictures = stream_pictures(choice.source, most, choice.seed)
        self.alphabets = stream_alphabets(choice.source, most, choice.seed)
        self.embed: Embed = load_features(choice.features, choice.views)
        self._blocks: dict[int, Tensor] = {}

    def __len__(self) -> int:
        return len(self.pictures)

    def examples(self, first: int, last: int) -> Drawings:
        """What is learnt of some characters, (last - first, k_shot)."""
        k_shot = self.choice.k_shot
        pictures, features = self.pictures[first:last], self._features(first, last)
        return Drawings(pictures[:, :k_shot], features[:, :k_shot])

    def held_out(self, first: int, last: int) -> Drawings:
        """Drawings (last - first, 5) from which nothing is learnt."""
        pictures, features = self.pictures[first:last], self._features(first, last)
        return Drawings(pictures[:, -ASKED:], features[:, -ASKED:])

    def _features(self, first: int, last: int) -> Tensor:
        """(last - first, k_shot + 5, D), always computed in the same blocks, to the same bits."""
        start = first // BLOCK
        blocks = [self._block(number) for number in range(start, -(-last // BLOCK))]
        return torch.cat(blocks)[first - start * BLOCK : last - start * BLOCK]

    def _block(self, number: int) -> Tensor:
        if number not in self._blocks:
            pictures = self.pictures[number * BLOCK : (number + 1) * BLOCK]
            used = torch.cat([pictures[:, : self.choice.k_shot], pictures[:, -ASKED:]], 1)
            features = self.embed(used.flatten(0, 1))
            self._blocks[number] = features.view(*used.shape[:2], -1)
        return self._blocks[number]
