"""Epochs as steps: how many go so often through the pictures, for the methods that do."""

from core.config import RunConfig
from core.errors import GlimpseError
from core.methods.epoch import Epoch, InEpochs
from core.registry import load_method
from core.training.pacing import MOST_STEPS


def has_epochs(method: str) -> bool:
    return issubclass(load_method(method), InEpochs)


def epoch_of(method: str, config: RunConfig) -> Epoch:
    """An epoch of a run with this config, as `InEpochs` has it.

    Raises GlimpseError where the method has no epochs, or its pictures cannot be used.
    """
    kind = load_method(method)
    if not issubclass(kind, InEpochs):
        raise GlimpseError(
            f"{method} has no epochs, for chance draws what each step trains on: say how many "
            "steps or minutes instead."
        )
    return kind.epoch_of(config)


def check_batch(method: str, config: RunConfig) -> None:
    """Raises GlimpseError where a method's batch is larger than its data."""
    kind = load_method(method)
    if issubclass(kind, InEpochs):
        kind.check_batch(config)


def steps_in(epoch: Epoch, epochs: int) -> int:
    """The steps of so many epochs. Raises GlimpseError where they are none, or too many."""
    most = MOST_STEPS // epoch.steps
    if not 1 <= epochs <= most:
        raise GlimpseError(
            f"epochs {epochs} cannot be used: choose 1 to {most:,}, for an epoch is "
            f"{epoch.steps:,} steps here and a run has {MOST_STEPS:,} at most."
        )
    return epochs * epoch.steps
