"""What a snapshot of SimCLR has to be: see `SimClr.snapshot`. Imports no torch."""

from collections.abc import Mapping
from typing import Any

from core.data.catalog import PHOTOS
from core.methods.snapshot_arrays import Arrays, Expected, check_arrays

TRACKED = 1000  # digits, and at most so many photos or own pictures
CLASSES = 10  # that have a colour
LEAST_COMPONENTS = 3  # for the projection to three axes
POINTS = {
    "embedding": Expected("f", ("N", "D")),
    "layout": Expected("f", ("N", 2)),
    "labels": Expected("u", ("N",)),
}
OWN = POINTS | {"pictures": Expected("u", ("N", 28, 28)), "names": Expected("u", ("B",))}


def check_snapshot(arrays: Arrays, config: Mapping[str, Any], is_first: bool) -> None:
    """Raises ValueError where the page cannot draw them."""
    source = config.get("source")
    is_own = source == "own"
    has_pictures = is_own and is_first and "pictures" in arrays
    sizes = check_arrays(arrays, OWN if has_pictures else POINTS)
    points, components = sizes["N"], sizes["D"]
    # An older Glimpse tracked digits in runs on own pictures too.
    may_be_fewer = source == PHOTOS or has_pictures or (is_own and not is_first)
    fewest = 1 if may_be_fewer else TRACKED
    if not fewest <= points <= TRACKED:
        raise ValueError(f"it has {points} points")
    if components < LEAST_COMPONENTS:
        raise ValueError(f"embedding has {components} components")
    if arrays["labels"].max() >= CLASSES:
        raise ValueError("labels has classes that are not there")
