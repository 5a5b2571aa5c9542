"""Epochs as steps, for the methods that go through their pictures in epochs."""

from core.config import MOST_STEPS, RunConfig
from core.errors import GlimpseError
from core.methods.epoch import Epoch, InEpochs, LimitedData
from core.registry import load_method


def has_epochs(method: str) -> bool:
    return issubclass(load_method(method), InEpochs)


def epoch_of(method: str, config: RunConfig) -> Epoch:
    """An epoch of a run with this config, as `InEpochs` has it.

    Raises GlimpseError where the method has no epochs, or its pictures cannot be used.
    """
    kind = load_method(method)
    if not issubclass(kind, InEpochs):
        raise GlimpseError(f"{method} has no epochs: give the number of steps or minutes instead.")
    return kind.epoch_of(config)


def check_batch(method: str, config: RunConfig) -> None:
    """Raises GlimpseError where a method's batch, or its tasks, are larger than its data."""
    kind = load_method(method)
    if issubclass(kind, LimitedData):
        kind.check_batch(config)


def steps_in(epoch: Epoch, epochs: int) -> int:
    """The number of steps of so many epochs. Raises GlimpseError for none and for too many."""
    most = MOST_STEPS // epoch.steps
    if not 1 <= epochs <= most:
        raise GlimpseError(
            f"epochs {epochs} cannot be used: choose 1 to {most:,}, since an epoch "
            f"has {epoch.steps:,} steps here and a run at most {MOST_STEPS:,}."
        )
    return epochs * epoch.steps
