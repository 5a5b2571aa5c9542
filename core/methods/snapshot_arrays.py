"""What the arrays of a snapshot have to be, for a view to draw them.

Each method has its own in `snapshot.py`. Nothing here imports torch, since pages read snapshots
before it is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Arrays = dict[str, np.ndarray]
LARGEST = 100_000  # rows or columns of an array


@dataclass(frozen=True)
class Expected:
    """An array's kind of numbers, as numpy names it ("u": uint8), and its shape.

    A letter in a shape stands for a size that is the same in all arrays.
    """

    kinds: str
    shape: tuple[int | str, ...]


def check_arrays(arrays: Arrays, expected: Mapping[str, Expected]) -> dict[str, int]:
    """The sizes that the letters stand for. Raises ValueError where an array does not fit.

    Arrays that are not expected may be there too.
    """
    sizes: dict[str, int] = {}
    for name, wanted in expected.items():
        if name not in arrays:
            raise ValueError(f"it has no {name}")
        array = arrays[name]
        if array.dtype.kind not in wanted.kinds or (array.dtype.kind == "u" and array.itemsize > 1):
            raise ValueError(f"{name} has numbers of the kind {array.dtype}")
        if not _fits(array.shape, wanted.shape, sizes):
            letters = ", ".join(str(sizes.get(str(size), size)) for size in wanted.shape)
            raise ValueError(f"{name} has the shape {array.shape}, not ({letters})")
    return sizes


def _fits(shape: tuple[int, ...], wanted: tuple[int | str, ...], sizes: dict[str, int]) -> bool:
    """Whether a shape is as wanted; adds the sizes of letters that are new."""
    if len(shape) != len(wanted):
        return False
    for size, each in zip(shape, wanted, strict=True):
        if size != (sizes.setdefault(each, size) if isinstance(each, str) else each):
            return False
    return all(0 < size <= LARGEST for size in shape)
