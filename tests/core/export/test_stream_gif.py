"""The GIF of a stream, read back by pillow, shows what the arrays hold."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.export.cabinet import NOT_MET, CabinetFrames
from core.export.gif import HOLD_S
from core.export.stream_gif import (
    BOTTOM,
    LEFTS,
    MAX_FRAMES,
    ROOM,
    TOP,
    cells_of,
    shown_frames,
    stream_frames,
    stream_gif,
)
from tests.helpers.cabinet_films import ASKED, stream
from tests.helpers.task_films import CAPTION

BLUE, ORANGE, INK = (np.array(list(bytes.fromhex(c))) for c in ("4269d0", "ff725c", "1c2233"))
TUNING, MEANS, TURNS = range(3)
FREE, CROSSED = 0.15, 0.5  # places in a cell beside the cross in it and on it, in its sides


def cell_colour(frame: np.ndarray, side: int, index: int, count: int, at: float) -> np.ndarray:
    """The colour at a place on the diagonal of a cell of the left (0) or the right cabinet (1)."""
    cells = cells_of(count)
    row, column = divmod(index, cells.columns)
    x = LEFTS[side] + column * cells.side + round(at * cells.side)
    colour: np.ndarray = frame[TOP + row * cells.side + round(at * cells.side), x].astype(int)
    return colour


def tone(right: int) -> np.ndarray:
    """The colour behind a class of which so many of five are right: 62 % of it, on white."""
    share = right / ASKED
    tones: np.ndarray = 0.38 * 255 + 0.62 * (share * BLUE + (1 - share) * ORANGE)
    return tones


def read(gif: bytes) -> tuple[list[np.ndarray], list[float]]:
    """Each frame (H, W, 3) as a viewer shows it, and its seconds."""
    with Image.open(BytesIO(gif)) as file:
        frames, seconds = [], []
        for index in range(file.n_frames):  # type: ignore[attr-defined]
            file.seek(index)
            frames.append(np.asarray(file.convert("RGB")))
            seconds.append(file.info["duration"] / 1000)
        return frames, seconds


def test_every_cell_has_the_colour_of_its_right_answers() -> None:
    film = stream(4)
    frames, seconds = read(stream_gif(film, (TUNING, TURNS), CAPTION))
    assert len(frames) == 4 and seconds[-1] == pytest.approx(HOLD_S)
    for frame, pixels in enumerate(frames):
        assert pixels.shape == (720, 1280, 3)
        for side, learner in enumerate((TUNING, TURNS)):
            for index, right in enumerate(film.right[frame, learner]):
                expected = np.full(3, 255) if right == NOT_MET else tone(int(right))
                shown = cell_colour(pixels, side, index, 12, FREE)
                assert np.abs(shown - expected).max() <= 8, (frame, side, index)


def test_a_drawing_is_the_stronger_the_more_is_known_of_its_class() -> None:
    pixels = stream_frames(stream(2), (TUNING, MEANS), CAPTION)[1]
    for index, (ground, strength) in {
        0: (tone(0), 0.45),
        3: (tone(5), 1.0),
        6: (np.full(3, 255), 0.16),
    }.items():
        expected = ground + strength * (INK - ground)
        assert np.abs(cell_colour(pixels, 0, index, 12, CROSSED) - expected).max() <= 2


def test_the_class_just_met_alone_has_a_ring() -> None:
    cells = cells_of(12)
    for frame, pixels in enumerate(stream_frames(stream(3), (TUNING, MEANS), CAPTION)):
        ringed = []
        for index in range(12):
            x, y = cells.corner(index)
            above = pixels[TOP + y - 2, LEFTS[1] + x + 9].astype(int)
            if np.abs(above - INK).max() <= 2:
                ringed.append(index)
        assert ringed == [3 * frame + 2]


def test_a_long_film_is_shown_from_its_first_to_its_last_frame() -> None:
    assert shown_frames(1) == [0] and shown_frames(3) == [0, 1, 2]
    shown = shown_frames(68)
    assert len(shown) == len(set(shown)) == MAX_FRAMES
    assert (shown[0], shown[-1]) == (0, 67) and max(np.diff(shown)) == 2


@pytest.mark.parametrize("count", [1, 2, 10, 100, 600, 1000])
def test_any_number_of_classes_fits(count: int) -> None:
    cells = cells_of(count)
    assert cells.rows * cells.columns >= count
    assert cells.rows * cells.side <= BOTTOM - TOP and cells.columns * cells.side <= ROOM


def test_before_the_first_class_there_is_no_accuracy_and_no_ring() -> None:
    film = stream(2)
    empty = CabinetFrames(*film)._replace(
        right=np.concatenate([np.full_like(film.right[:1], NOT_MET), film.right[1:]]),
        accuracy=np.concatenate([np.full((1, 3), np.nan), film.accuracy[1:]]),
    )
    before, after = stream_frames(empty, (TUNING, MEANS), CAPTION)
    for left in LEFTS:
        figure = np.s_[TOP - 60 : TOP - 4, left + 300 : left + ROOM]
        assert (before[figure] == 255).all() and (after[figure] != 255).any()


def test_six_hundred_classes_are_a_small_file() -> None:
    film = stream(60, 600)
    assert len(stream_gif(film, (TUNING, MEANS), CAPTION)) < 3_000_000
