"""What a snapshot of Lifelong has to be: see `Lifelong.snapshot`. Imports no torch."""

from collections.abc import Mapping
from typing import Any

from core.methods.snapshot_arrays import Arrays, Expected, check_arrays

LEARNER_NAMES = ("tuning", "replay", "maml", "oml", "means", "lda", "ridge")  # in this order
TAKES_PART = {  # learners with a network of their own, and the features of the others beside them
    "maml": ("alphabet", "strokes", "untrained"),  # whose network MAML can continue with
    "oml": ("alphabet",),  # trained on the same labels
}
ASKED = 5  # drawings of each class by which it is judged
NOT_MET = 255  # in `right`: the learner cannot know this class yet
RIGHT = {"right": Expected("u", ("L", "C"))}
PICTURES = {"pictures": Expected("u", ("C", 28, 28))}


def learner_names(features: str) -> tuple[str, ...]:
    """The learners that take part with these features, in the order of all arrays."""
    return tuple(name for name in LEARNER_NAMES if features in TAKES_PART.get(name, (features,)))


_TEAMS = [learner_names(features) for features in ("alphabet", "strokes", "pixels")]


def names_in(n_learners: int) -> tuple[str, ...]:
    """The learners of a snapshot by their number: older runs had no OML, the oldest no MAML."""
    return next(names for names in _TEAMS if len(names) == n_learners)


def check_snapshot(arrays: Arrays, config: Mapping[str, Any], is_first: bool) -> None:
    """Raises ValueError where the page cannot draw them."""
    sizes = check_arrays(arrays, RIGHT | PICTURES if is_first else RIGHT)
    if sizes["C"] != config.get("steps"):
        raise ValueError(f"it has {sizes['C']} classes")
    if sizes["L"] not in {len(names) for names in _TEAMS}:
        raise ValueError(f"it has {sizes['L']} learners")
    right = arrays["right"]
    if right[right != NOT_MET].max(initial=0) > ASKED:
        raise ValueError("right has more answers than were asked for")
