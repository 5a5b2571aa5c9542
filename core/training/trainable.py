"""Whether a run can train here at all, asked before there is a run."""

from core.config import RunConfig
from core.methods.epoch import InEpochs
from core.registry import load_method


def check_trainable(method: str, config: RunConfig) -> None:
    """Raises GlimpseError where the hardware, the data or enough of them are missing."""
    kind = load_method(method)
    kind.check(config)
    if issubclass(kind, InEpochs):
        kind.check_batch(config)
