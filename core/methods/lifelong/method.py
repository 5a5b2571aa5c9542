"""Lifelong: classes arrive one after the other, and every learner sees each example once.

After each, all learners are asked about all classes so far: the protocol of Javed and White,
"Meta-learning representations for continual learning" (2019), section 4, with as many classes as
one likes. The features are of a network that was trained before; only the learners learn. MAML,
continued, and OML have networks of their own.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from core.errors import GlimpseError
from core.methods.base import Arrays, Method, Scalars
from core.methods.lifelong.config import LifelongConfig
from core.methods.lifelong.features import load_features
from core.methods.lifelong.learners import make_learners
from core.methods.lifelong.learners.base import Drawings, StreamLearner
from core.methods.lifelong.snapshot import ASKED, NOT_MET
from core.methods.lifelong.stream import arrivals, stream_pictures
from core.seeding import generator


class Lifelong(Method[LifelongConfig]):
    """A stream of classes, and the learners that take it in."""

    Config = LifelongConfig
    key_figure = "means_accuracy"

    def __init__(self, config: LifelongConfig) -> None:
        super().__init__(config)
        order = generator(config.seed, "arrivals")
        self.classes, self.numbers = (
            each.to(self.device)
            for each in arrivals(config.steps, config.k_shot, config.sortedness, order)
        )
        self._asked_at = (-1, np.empty(0, np.uint8))  # the last step of an evaluation, its result

    def prepare(self) -> None:
        _ = self.learners

    @cached_property
    def pictures(self) -> Tensor:
        """uint8 (C, 20, 28, 28): the last five of each class are never learnt from."""
        return stream_pictures(self.config.source, self.config.steps, self.config.seed)

    @cached_property
    def features(self) -> Tensor:
        """(C, 20, D) of all pictures, of length 1."""
        embed = load_features(self.config.features, self.config.views)
        embedded = embed(self.pictures.flatten(0, 1)).to(self.device)
        return embedded.view(*self.pictures.shape[:2], -1)

    @cached_property
    def drawings(self) -> Drawings:
        """(C, 20) of them."""
        return Drawings(self.pictures.to(self.device), self.features)

    @cached_property
    def learners(self) -> Mapping[str, StreamLearner]:
        config, n_features = self.config, self.features.shape[-1]
        return make_learners(
            config.features, n_features, config.steps, config.replay, config.seed, self.device
        )

    def step(self, step: int) -> Scalars:
        """The next `k_shot` examples, for every learner. Returns the labels spent so far."""
        part = slice((step - 1) * self.config.k_shot, step * self.config.k_shot)
        classes, numbers = self.classes[part], self.numbers[part]
        for learner in self.learners.values():
            learner.learn(learner.sees(self.drawings)[classes, numbers], classes)
        return {"labels": float(step * self.config.k_shot)}

    def validate(self, step: int) -> Scalars:
        """Accuracy on five held-out drawings of each class so far, and numbers kept, a learner.

        Empty before the first step.
        """
        right = self._right(step)
        scalars: Scalars = {}
        for name, of_learner in zip(self.learners, right, strict=True):
            met = of_learner[of_learner != NOT_MET]
            if len(met):
                scalars[f"{name}_accuracy"] = float(met.mean()) / ASKED
                scalars[f"{name}_memory"] = float(self.learners[name].memory)
        return scalars

    def snapshot(self, step: int) -> Arrays:
        """`right` (L, C) uint8: how many of five drawings of each class each learner names rightly.

        It is 255 for a class that has not come. The first snapshot also has `pictures`
        (C, 28, 28), the first example of each class.
        """
        arrays: Arrays = {"right": self._right(step)}
        if step == 0:
            arrays["pictures"] = self.pictures[:, 0].numpy()
        return arrays

    def state(self) -> dict[str, Tensor]:
        return {
            f"{name}.{tensor}": value
            for name, learner in self.learners.items()
            for tensor, value in learner.state_dict().items()
        }

    def load_state(self, state: dict[str, Tensor]) -> None:
        own = self.state()
        if {name: value.shape for name, value in own.items()} != {
            name: value.shape for name, value in state.items()
        }:
            raise GlimpseError("This checkpoint is not of these learners: begin a new run.")
        for name, value in own.items():
            value.copy_(state[name])
        self._asked_at = (-1, self._asked_at[1])

    def weights(self) -> dict[str, Tensor]:
        return self.state()

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        self.load_state(weights)

    def test(self) -> Scalars:
        """As `validate`: the classes of a stream are test classes."""
        return self.validate(self.config.steps)

    def _right(self, step: int) -> np.ndarray:
        """As in `snapshot`; asked once for each step."""
        if self._asked_at[0] != step:
            self._asked_at = (step, np.stack([self._ask(each) for each in self.learners.values()]))
        return self._asked_at[1]

    def _ask(self, learner: StreamLearner) -> np.ndarray:
        known = learner.known
        right = torch.full((self.config.steps,), NOT_MET, dtype=torch.uint8, device=self.device)
        if len(known):
            queries = learner.sees(self.drawings)[known, -ASKED:]  # (K, 5, ...)
            answers = learner.answers(queries.flatten(0, 1)).view(len(known), ASKED)
            right[known] = (answers == known[:, None]).sum(1).byte()
        return right.cpu().numpy()
