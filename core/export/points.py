"""Points that move, as the scripts in `frontend/scatter` read them, here and on the pages."""

from base64 import b64encode
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.errors import GlimpseError

FINEST = 65535  # coordinates travel in 16 bits: a hundredth of a pixel on any screen
FIRST_TURN = (0.35, 0.25)  # yaw and pitch from which points in space are seen at first, radians
SMALLEST_SPAN = 1e-9  # of points that all lie on one spot


def film_message(
    frames: npt.NDArray[np.floating],
    labels: npt.NDArray[np.integer],
    steps: Sequence[int],
    names: Sequence[str],
) -> dict[str, object]:
    """Frames (F, N, 2 or 3), classes (N,) from 0 to 255 and their names, for JSON.

    Raises GlimpseError where a coordinate is not finite.
    """
    low, span, coordinates = quantize(frames)
    return {
        "steps": list(steps),
        "coordinates": to_base64(coordinates),
        "low": low.tolist(),
        "span": span.tolist(),
        "turn": FIRST_TURN,
        "labels": to_base64(labels.astype(np.uint8)),
        "names": list(names),
    }


def quantize(
    frames: npt.NDArray[np.floating],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.uint16]]:
    """(F, N, D) as low (D,), span (D,) and whole numbers: frame = low + numbers / FINEST * span.

    Raises GlimpseError where a coordinate is not finite.
    """
    if not np.isfinite(frames).all():
        raise GlimpseError(
            "The points cannot be drawn, because some coordinates are not finite numbers:"
            " choose an earlier step, or train with a smaller learning rate."
        )
    low = frames.min((0, 1)).astype(np.float64)
    span = np.maximum(frames.max((0, 1)) - low, SMALLEST_SPAN)
    return low, span, np.rint((frames - low) / span * FINEST).astype("<u2")


def to_base64(array: npt.NDArray[np.generic]) -> str:
    """The bytes of an array, for `fromBase64` of `frontend/bytes.js`."""
    return b64encode(np.ascontiguousarray(array).tobytes()).decode()
