"""The digits to be named: where they lie on a map, and their clusters, as shipped with Glimpse.

`core.makers.digit_map` makes the file.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.methods.lifelong.typicality import Clusters
from core.paths import ASSETS

DIGIT_MAP = ASSETS / "digit_map.npz"
ENCODER = "simclr-mnist"  # the weights of whose features the map is


class DigitMap(NamedTuple):
    """N digits by their features, in the order of the sample's training digits."""

    layout: npt.NDArray[np.floating]  # (N, 2)
    clusters: Mapping[int, Clusters]  # (N,) by how many clusters there are


@cache
def load_digit_map() -> DigitMap:
    """The shipped map. It is cached: treat it as read-only."""
    with np.load(DIGIT_MAP, allow_pickle=False) as arrays:
        layout, counts, clusters = (arrays[name] for name in ("layout", "counts", "clusters"))
    by_count = {int(count): row for count, row in zip(counts, clusters, strict=True)}
    return DigitMap(layout.astype(np.float32), by_count)


def write_digit_map(digit_map: DigitMap) -> None:
    """The inverse of `load_digit_map`; the layout is rounded to 16 bits."""
    np.savez_compressed(
        DIGIT_MAP,
        layout=digit_map.layout.astype(np.float16),
        counts=np.array(list(digit_map.clusters)),
        clusters=np.stack(list(digit_map.clusters.values())).astype(np.uint8),
    )
