"""The initialisations that Glimpse ships for few-shot learning, compared in the page's race.

All are of the same network, trained on the same data for as many updates by the commands on their
cards. Only some algorithms learn the inner rates too.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.inner_loop import HEAD
from core.methods.few_shot.method import FewShot
from core.zoo.weights import load_shipped, restore

RANDOM_SEED = 1234
UNCHANGED_RATE = 0.01  # a relative change of less counts as none


@dataclass(frozen=True)
class Initialisation:
    """Initial parameters of a learner."""

    title: str
    weights: str  # the name that they are shipped under; empty for random ones
    idea: str  # what they were trained for, in a few words


RACE = (
    Initialisation("MAML", "race-maml", "trained to be good after a few steps"),
    Initialisation("First-order MAML", "race-first-order", "like MAML, no second derivatives"),
    Initialisation("ANIL", "race-anil", "like MAML, but only the head takes steps"),
    Initialisation("Reptile", "race-reptile", "trained to be near each task's weights"),
    Initialisation("ProtoNet", "race-protonet", "trained to keep each class together"),
    Initialisation("Supervised", "race-supervised", "trained to name all training classes"),
    Initialisation("Random", "", "not trained"),
)
SINUSOIDS = (
    Initialisation("MAML", "sinusoid-maml", "trained to be good after a few steps"),
    Initialisation("Pre-trained", "sinusoid-supervised", "trained to fit all curves at once"),
    Initialisation("Random", "", "not trained"),
)


@lru_cache(maxsize=32)
def load_initialisation(initialisation: Initialisation, like: str = "race-maml") -> FewShot:
    """The learner with these initial parameters.

    Random ones are of a network with the settings of the shipped weights `like`.
    """
    weights = load_shipped(initialisation.weights or like)
    if initialisation.weights:
        method = restore(weights)
    else:
        assert isinstance(weights.config, FewShotConfig)
        method = untrained(weights.config)
    assert isinstance(method, FewShot)
    return method


def untrained(config: FewShotConfig) -> FewShot:
    """The learner of a config with random weights, always the same; it adapts all of them."""
    return FewShot(config.model_copy(update={"seed": RANDOM_SEED, "algorithm": "maml"}))


def learned_rates(method: FewShot) -> list[str]:
    """The names of the weight tensors whose inner rate training has changed, in any step."""
    learner = method.learner
    changes = (learner.log_rates.detach() - math.log(method.config.inner_lr)).expm1().abs().amax(0)
    names = [*learner.body, *HEAD]
    return [name for name, change in zip(names, changes.tolist(), strict=True)
            if change > UNCHANGED_RATE]  # fmt: skip
