"""Completions as files: a picture of all of them, the sampler's film, and the arrays."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from core.export.gif import animated_gif
from core.export.sheet import Sheet, shortened
from core.figures.inpainting import enlarge, masked_picture

SCALE = 5  # pixels of the sheet to one pixel of a digit
TILE = 28 * SCALE
GAP, MARGIN, HEAD, FOOT = 12, 24, 26, 34
COLUMNS = 7
INK, MUTED = "#1c2233", "#626b80"
FRAME_S = 0.4
OWN = "Local run"


class Completed(NamedTuple):
    """A masked picture and all its completions; pictures are uint8 (28, 28), ink = 255."""

    picture: np.ndarray
    visible: np.ndarray  # uint8 (28, 28), 1 = visible, 0 = hidden
    answers: Mapping[str, np.ndarray]  # raw completions, by the name of the method
    film: np.ndarray  # uint8 (F, S, 28, 28), the samples before the first step and after each
    deviation: np.ndarray  # float32 (28, 28), standard deviation of the U-Net's prediction
    own: np.ndarray | None = None  # by the visitor's run, visible pixels pasted back

    def pasted(self) -> dict[str, np.ndarray]:
        """The answers with visible pixels pasted back."""
        seen = self.visible > 0
        return {name: np.where(seen, self.picture, raw) for name, raw in self.answers.items()}


def completions_png(completed: Completed, words: str) -> bytes:
    """The visible pixels, the truth and every completion, with their names."""
    return _png(_sheet(_tiles(completed), words))


def film_gif(completed: Completed, words: str) -> bytes:
    """The sampler's steps, all samples at once, beside the visible pixels."""
    frames = []
    last = len(completed.film) - 1
    for step, samples in enumerate(completed.film):
        tiles = {"Seen": masked_picture(completed.picture, completed.visible, SCALE)}
        tiles |= _sample_tiles(samples)
        when = f"step {step} of {last}" if step else "before the first step"
        frames.append(_sheet(tiles, f"{when} · {words}"))
    return animated_gif(frames, FRAME_S)


def completions_npz(completed: Completed) -> bytes:
    """Truth, mask, completions, film and uncertainty for `numpy.load`; `own` where there is one."""
    file = BytesIO()
    own: dict[str, Any] = {} if completed.own is None else {"own": completed.own}
    np.savez_compressed(
        file,
        truth=completed.picture,
        mask=completed.visible,
        names=np.array(list(completed.answers)),
        completions=np.stack(list(completed.pasted().values())),
        raw=np.stack(list(completed.answers.values())),
        samples=completed.film[-1],
        film=completed.film,
        deviation=completed.deviation,
        **own,
    )
    return file.getvalue()


def _tiles(completed: Completed) -> dict[str, np.ndarray]:
    """RGB pictures (TILE, TILE, 3) by their names, in the order of the sheet."""
    own = {} if completed.own is None else {OWN: enlarge(completed.own, SCALE)}
    return {
        "Seen": masked_picture(completed.picture, completed.visible, SCALE),
        "Truth": enlarge(completed.picture, SCALE),
        **{name: enlarge(picture, SCALE) for name, picture in completed.pasted().items()},
        **_sample_tiles(completed.film[-1]),
        **own,
    }


def _sample_tiles(samples: np.ndarray) -> dict[str, np.ndarray]:
    return {f"Sample {i + 1}": enlarge(sample, SCALE) for i, sample in enumerate(samples)}


def _sheet(tiles: Mapping[str, np.ndarray], words: str) -> np.ndarray:
    """Tiles row by row with their names above, RGB (H, W, 3)."""
    columns, rows = min(COLUMNS, len(tiles)), -(-len(tiles) // COLUMNS)
    width = 2 * MARGIN + columns * (TILE + GAP) - GAP
    sheet = Sheet(width, MARGIN + rows * (HEAD + TILE + GAP) + FOOT)
    for place, (name, tile) in enumerate(tiles.items()):
        left = MARGIN + place % COLUMNS * (TILE + GAP)
        top = MARGIN + place // COLUMNS * (HEAD + TILE + GAP)
        sheet.text((left, top + 14), name, 15, INK, bold=True)
        sheet.picture((left, top + HEAD), tile)
    sheet.text((MARGIN, sheet.height - 16), shortened(words, 14, width - 2 * MARGIN), 14, MUTED)
    return sheet.pixels()


def _png(pixels: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
