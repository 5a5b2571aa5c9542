"""The starting points that Glimpse ships for few-shot learning: what is raced on the page.

All are the same network, trained on equal budgets by the commands on their cards, so that what
tells them apart is the start alone.
"""

from dataclasses import dataclass
from functools import lru_cache

from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.zoo.weights import load_shipped, restore


@dataclass(frozen=True)
class Initialisation:
    """A starting point: weights by the name that they are shipped under, empty for random ones."""

    title: str
    weights: str
    idea: str  # what it was trained to be good at, in a few words


RACE = (
    Initialisation("MAML", "race-maml", "good after a few steps"),
    Initialisation(
        "First-order MAML", "race-first-order", "the same, without the gradient's gradient"
    ),
    Initialisation("ANIL", "race-anil", "the same, moving the head alone"),
    Initialisation("Reptile", "race-reptile", "near to where tasks end"),
    Initialisation("ProtoNet", "race-protonet", "classes gather around their means"),
    Initialisation("Supervised", "race-supervised", "naming all training classes"),
    Initialisation("Random", "", "nothing"),
)
SINUSOIDS = (
    Initialisation("MAML", "sinusoid-maml", "good after a few steps"),
    Initialisation("Pre-trained", "sinusoid-supervised", "all curves at once"),
    Initialisation("Random", "", "nothing"),
)


@lru_cache(maxsize=32)
def load_initialisation(start: Initialisation, like: str = "race-maml") -> FewShot:
    """The learner at a starting point; a random one has the settings of the weights `like`."""
    weights = load_shipped(start.weights or like)
    if start.weights:
        method = restore(weights)
    else:
        assert isinstance(weights.config, FewShotConfig)
        method = FewShot(weights.config.model_copy(update={"seed": RANDOM_SEED}))
    assert isinstance(method, FewShot)
    return method


RANDOM_SEED = 1234
