"""Trained networks by what people call them: the name of shipped weights, a run, or a path."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import GlimpseError
from core.methods.base import Method
from core.paths import with_ending, without_ending
from core.training.run_folder import RunFolder, open_run
from core.training.run_names import is_run
from core.zoo.weights import (
    CARD,
    TENSORS,
    Weights,
    load_shipped,
    load_weights,
    restore,
    restore_run,
    restore_with_card,
    shipped_names,
)


def restored(what: str, pictures: str = "", others: Sequence[str] = ()) -> Method[Any]:
    """The trained method of shipped weights, of a run, or of a file of weights.

    Args:
        what: a shipped name (`maml`), the id of a run, the path of its folder, or a path to weights
            with or without their ending.
        pictures: where the own pictures of a run are by now.
        others: further names that are right where this is called, for the sentence.

    Raises GlimpseError, with the names that there are, where `what` is none of them.
    """
    found = _find(what, others)
    if isinstance(found, RunFolder):
        return restore_run(found, pictures)
    return restore(found, pictures)


def restored_with_card(what: str) -> tuple[Method[Any], dict[str, Any]]:
    """`restored`, and the card of the weights: that of a run has no figures, which take long."""
    found = _find(what)
    if isinstance(found, RunFolder):
        return restore_with_card(found)
    return restore(found), found.card


def _find(what: str, others: Sequence[str] = ()) -> RunFolder | Weights:
    names = shipped_names()
    if what in names:
        return load_shipped(what)
    if is_run(what):
        return open_run(what)
    if os.path.lexists(Path(what, "run.json")):
        return RunFolder(Path(what).resolve())
    place = without_ending(Path(what), (TENSORS, CARD))
    if os.sep in what or (place.name and os.path.lexists(with_ending(place, CARD))):
        return load_weights(place)
    raise GlimpseError(  # a bare name may be a slip in any of these
        f"There are no usable weights at {what[:60]}: give the id of a run, a path, or one of "
        f"{', '.join((*names, *others))}."
    )
