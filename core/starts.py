"""The starting points that Glimpse ships for few-shot learning: what is raced on the page.

All are the same network, trained on equal budgets by the commands on their cards, so that what
tells them apart is the start alone.
"""

from dataclasses import dataclass
from functools import lru_cache

from core.methods.maml import Maml
from core.methods.maml_config import MamlConfig
from core.weights import load_shipped, restore


@dataclass(frozen=True)
class Start:
    """A starting point: weights by the name that they are shipped under, empty for random ones."""

    title: str
    weights: str
    idea: str  # what it was trained to be good at, in a few words


RACE = (
    Start("MAML", "race-maml", "good after a few steps"),
    Start("First-order MAML", "race-first-order", "the same, without the gradient's gradient"),
    Start("ANIL", "race-anil", "the same, moving the head alone"),
    Start("Reptile", "race-reptile", "near to where tasks end"),
    Start("ProtoNet", "race-protonet", "classes gather around their means"),
    Start("Supervised", "race-supervised", "naming all training classes"),
    Start("Random", "", "nothing"),
)
SINUSOIDS = (
    Start("MAML", "sinusoid-maml", "good after a few steps"),
    Start("Pre-trained", "sinusoid-supervised", "all curves at once"),
    Start("Random", "", "nothing"),
)


@lru_cache(maxsize=32)
def load_start(start: Start, like: str = "race-maml") -> Maml:
    """The learner at a starting point; a random one has the settings of the weights `like`."""
    weights = load_shipped(start.weights or like)
    if start.weights:
        method = restore(weights)
    else:
        assert isinstance(weights.config, MamlConfig)
        method = Maml(weights.config.model_copy(update={"seed": RANDOM_SEED}))
    assert isinstance(method, Maml)
    return method


RANDOM_SEED = 1234
