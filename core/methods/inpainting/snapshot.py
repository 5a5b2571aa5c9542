"""What a snapshot of inpainting has to be: see `Inpainting.snapshot`. Imports no torch."""

from collections.abc import Mapping
from typing import Any

from core.methods.snapshot_arrays import Arrays, Expected, check_arrays

MOST = 64  # digits
PICTURES = {name: Expected("u", ("N", 28, 28)) for name in ("truth", "masks", "completions")}


def check_snapshot(arrays: Arrays, _config: Mapping[str, Any], _is_first: bool) -> None:
    """Raises ValueError where the page cannot draw them."""
    if check_arrays(arrays, PICTURES)["N"] > MOST:
        raise ValueError("it has too many digits")
    if arrays["masks"].max() > 1:
        raise ValueError("masks has other numbers than 0 and 1")
