"""Pictures as an animated GIF, which every slide program, mail and chat can play."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image

from core.errors import GlimpseError

HOLD_S = 3.0  # how long the last picture is shown
TICK_MS = 10  # a GIF counts time in hundredths of a second
COLOURS = 255  # a GIF has 256, of which one marks pixels that do not change
KEPT = 64  # commonest colours, which stay exact, so that paper and large areas show no bands


def animated_gif(
    frames: Sequence[np.ndarray], seconds: float | Sequence[float], hold: float = HOLD_S
) -> bytes:
    """Frames (H, W, 3) uint8 as a GIF that loops; the same frames always make the same bytes.

    `seconds` is how long a frame is shown, one number for all or one a frame; the last one is shown
    for `hold` seconds. Equal neighbours are stored as one frame, for as long as both of them.
    Raises GlimpseError where there is no frame or they differ in size.
    """
    if len({frame.shape for frame in frames}) != 1:
        raise GlimpseError("A GIF needs pictures, all of one size: there is nothing to save here.")
    packed = [_packed(frame) for frame in frames]
    colours, counts = _census(packed)
    palette = _palette(colours, counts)
    first, *others = _indexed(packed, colours, palette)
    file = BytesIO()
    first.save(
        file, "GIF", save_all=True, append_images=others, loop=0,
        optimize=True,  # stores a pixel only where it changes
        duration=_durations(len(frames), seconds, hold),
    )  # fmt: skip
    return file.getvalue()


def _durations(count: int, seconds: float | Sequence[float], hold: float) -> list[int]:
    """Milliseconds for each frame, in whole ticks."""
    each = np.broadcast_to(np.asarray(seconds, float), (count,)).copy()
    each[-1] = hold
    ticks = np.maximum(1, np.round(1000 * each / TICK_MS)).astype(int)
    return [int(tick) * TICK_MS for tick in ticks]


def _packed(frame: np.ndarray) -> np.ndarray:
    """Each pixel's colour as one number (H, W)."""
    red, green, blue = np.moveaxis(frame.astype(np.uint32), -1, 0)
    packed: np.ndarray = red << 16 | green << 8 | blue
    return packed


def _unpacked(colours: np.ndarray) -> np.ndarray:
    """Colours (N,) as red, green and blue, (N, 3) uint8."""
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], 1).astype(np.uint8)


def _census(packed: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The colours (N,) that occur in any frame, and how many pixels have each (N,)."""
    parts = [np.unique(frame, return_counts=True) for frame in packed]
    colours, places = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    return colours, np.bincount(places, np.concatenate([part[1] for part in parts]))


def _palette(colours: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Red, green and blue (at most COLOURS, 3): the commonest colours exactly, and some between.

    Those between cover the range of what is left: the largest error is 8 levels of 255, where a
    median cut, which favours common colours, has 17 (11 frames of a film of 5 classes).
    """
    order = np.argsort(-counts, kind="stable")
    if len(order) <= COLOURS:
        return _unpacked(colours[order])
    rest = order[KEPT:]
    weight = np.ceil(np.sqrt(counts[rest])).astype(int)
    crowd = Image.fromarray(np.repeat(_unpacked(colours[rest]), weight, axis=0)[None])
    spread = crowd.quantize(COLOURS - KEPT, method=Image.Quantize.MAXCOVERAGE, kmeans=2)
    between = np.array(spread.getpalette(), np.uint8).reshape(-1, 3)[: COLOURS - KEPT]
    return np.concatenate([_unpacked(colours[order[:KEPT]]), between])


def _indexed(
    packed: list[np.ndarray], colours: np.ndarray, palette: np.ndarray
) -> list[Image.Image]:
    """The frames as pictures that all have this palette; each pixel takes the nearest colour."""
    wanted, offered = _unpacked(colours).astype(np.float32), palette.astype(np.float32)
    nearest = ((offered**2).sum(1) - 2 * wanted @ offered.T).argmin(1)  # |w - o|^2 without |w|^2
    table = np.zeros(1 << 24, np.uint8)
    table[colours] = nearest
    pictures = [Image.fromarray(table[frame]) for frame in packed]
    for picture in pictures:
        picture.putpalette(palette.tobytes())  # which makes it a picture of indices
    return pictures
