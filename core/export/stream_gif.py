"""A film of a stream as an animated GIF, for a slide.

Two learners side by side: a cell is a class, in the order in which they come. It is coloured by how
many of its held-out drawings the learner names rightly; a class that is not known is faded.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image

from core.export.cabinet import NOT_MET, CabinetFrames
from core.export.film import Caption
from core.export.film_gif import ACCENT, FIRST_S, INK, MARGIN, MUTED, write_caption
from core.export.gif import animated_gif
from core.export.sheet import Sheet, shortened, text_width

MAX_FRAMES = 40
FRAME_S = 0.22
SIZE = 1280, 720  # pixels, of a slide
GAP = 40  # between the cabinets
ROOM = (SIZE[0] - 2 * MARGIN - GAP) // 2  # width of a cabinet, at most
LEFTS = MARGIN, MARGIN + ROOM + GAP
TOP, BOTTOM = 156, 590  # of the cabinets, at most
NOTE = 628  # base line of the note
SCALE = 120, 18  # width and height of the legend's colours
LARGEST_CELL = 96

# As in `frontend/cabinet/cells.js`, in the light theme.
UNKNOWN = "#ff725c"  # behind a class of which nothing is known; ACCENT behind one that is known
FILL = 0.62  # opacity of these colours
FAINT_INK = 0.16  # of a class that was not met
FADED_INK = 0.45  # of a class of which nothing is known
EDGE = 0.04  # around a drawing, in sides of the cell
RING = 2  # around the class just met


class Cells(NamedTuple):
    """Where the cells of a cabinet are, in pixels from its left and top."""

    classes: int
    columns: int
    side: int  # of a cell, with the pixel between it and the next

    @property
    def rows(self) -> int:
        return -(-self.classes // self.columns)

    @property
    def width(self) -> int:
        return self.columns * self.side - 1

    def corner(self, index: int) -> tuple[int, int]:
        """Left and top of a cell."""
        row, column = divmod(index, self.columns)
        return column * self.side, row * self.side


def stream_gif(film: CabinetFrames, learners: tuple[int, int], caption: Caption) -> bytes:
    """The film as a GIF of 1,280 x 720 pixels, with at most 40 of its frames.

    `learners` are those of the left and the right cabinet.
    """
    frames = stream_frames(film, learners, caption)
    return animated_gif(frames, [FIRST_S, *[FRAME_S] * (len(frames) - 1)])


def stream_frames(
    film: CabinetFrames, learners: tuple[int, int], caption: Caption
) -> list[np.ndarray]:
    """A picture (720, 1280, 3) uint8 of each frame that `shown_frames` chooses."""
    cells = cells_of(len(film.pictures))
    drawings = _drawings(film.pictures, cells.side - 1)
    frames = []
    for frame in shown_frames(len(film.right)):
        sheet = Sheet(*SIZE)
        write_caption(sheet, caption)
        for left, learner in zip(LEFTS, learners, strict=True):
            _write_head(sheet, film, learner, frame, (left, left + cells.width))
            cabinet = _cabinet(film.right[frame, learner], film.asked, drawings, cells)
            newest = _newest(film.right[:, learner], frame)
            if newest is not None:
                _draw_ring(cabinet, cells, newest)
            sheet.picture((left - RING, TOP - RING), cabinet)
        _write_note(sheet, film, frame)
        frames.append(sheet.pixels())
    return frames


def shown_frames(count: int) -> list[int]:
    """At most 40 of so many frames, evenly, with the first and the last."""
    return [round(at) for at in np.linspace(0, count - 1, min(count, MAX_FRAMES))]


def cells_of(count: int) -> Cells:
    """The largest square cells of so many classes that fit."""
    side = next(
        side
        for side in range(LARGEST_CELL, 0, -1)
        if (ROOM // side) * ((BOTTOM - TOP) // side) >= count
    )
    return Cells(count, ROOM // side, side)


def _drawings(pictures: np.ndarray, side: int) -> np.ndarray:
    """Pictures (C, h, w) uint8 in the middle of cells, how much ink from 0 to 1, (C, s, s)."""
    inner = max(1, round(side * (1 - 2 * EDGE)))
    start = (side - inner) // 2
    ink = np.zeros((len(pictures), side, side), np.float32)
    for cell, picture in zip(ink, pictures, strict=True):
        small = Image.fromarray(picture).resize((inner, inner), Image.Resampling.LANCZOS)
        cell[start : start + inner, start : start + inner] = np.asarray(small) / 255
    return ink


def _cabinet(right: np.ndarray, asked: int, drawings: np.ndarray, cells: Cells) -> np.ndarray:
    """All cells (H, W, 3) uint8, with room for a ring around them; `right` (C,) as in the film."""
    met = right != NOT_MET
    share = np.where(met, right / asked, 0)
    ground = np.where(met[:, None], _tones(share), 255)[:, None, None]  # (C, 1, 1, 3)
    strength = np.where(met, FADED_INK + (1 - FADED_INK) * share, FAINT_INK)
    opacity = strength[:, None, None, None] * drawings[..., None]  # (C, s, s, 1)
    coloured = ground + opacity * (_levels(INK) - ground)  # (C, s, s, 3)
    height, width = cells.rows * cells.side + 2 * RING, cells.columns * cells.side + 2 * RING
    pixels = np.full((height, width, 3), 255, np.uint8)
    for index, cell in enumerate(coloured.round().astype(np.uint8)):
        x, y = (RING + at for at in cells.corner(index))
        pixels[y : y + len(cell), x : x + len(cell)] = cell
    return pixels


def _newest(right: np.ndarray, frame: int) -> int | None:
    """The class met since the frame before, the last one of several; `right` is (F, C)."""

    def last_met(at: int) -> int | None:
        met = np.flatnonzero(right[at] != NOT_MET)
        return int(met[-1]) if len(met) else None

    newest = last_met(frame)
    return None if frame and newest == last_met(frame - 1) else newest


def _draw_ring(cabinet: np.ndarray, cells: Cells, index: int) -> None:
    x, y = cells.corner(index)
    size = cells.side - 1 + 2 * RING
    ring = cabinet[y : y + size, x : x + size]
    inside = ring[RING:-RING, RING:-RING].copy()
    ring[:] = _levels(INK)
    ring[RING:-RING, RING:-RING] = inside


def _write_head(
    sheet: Sheet, film: CabinetFrames, learner: int, frame: int, ends: tuple[int, int]
) -> None:
    """The learner's name, and its accuracy on all classes so far, between two ends."""
    left, right = ends
    accuracy = film.accuracy[frame, learner]
    text = "" if np.isnan(accuracy) else f"{100 * accuracy:.1f} %"  # before the first class
    room = right - left - text_width(text, 54) - 16
    sheet.text((left, TOP - 18), shortened(film.learners[learner], 28, room), 28, INK, bold=True)
    sheet.text((right, TOP - 18), text, 54, ACCENT, "rs", bold=True)


def _write_note(sheet: Sheet, film: CabinetFrames, frame: int) -> None:
    """What is said of the frame, and what the colours say."""
    sheet.text((MARGIN, NOTE), film.notes[frame], 26, INK)
    scale = _tones(np.linspace(0, 1, SCALE[0])).round().astype(np.uint8)
    last = f"all {film.asked} right"
    left = round(SIZE[0] - MARGIN - text_width(last, 20)) - 12 - SCALE[0]
    sheet.text((left - 12, NOTE), "none right", 20, MUTED, "rs")
    sheet.picture((left, NOTE - SCALE[1] + 2), np.broadcast_to(scale, (SCALE[1], *scale.shape)))
    sheet.text((SIZE[0] - MARGIN, NOTE), last, 20, MUTED, "rs")


def _tones(share: np.ndarray) -> np.ndarray:
    """The colours (N, 3) behind classes of which a share (N,) is known."""
    colour = _levels(UNKNOWN) + share[:, None] * (_levels(ACCENT) - _levels(UNKNOWN))
    tones: np.ndarray = 255 + FILL * (colour - 255)
    return tones


def _levels(colour: str) -> np.ndarray:
    """Red, green and blue (3,) of a colour."""
    return np.array(list(bytes.fromhex(colour.removeprefix("#"))), np.float32)
