"""Drawings: wherever and however they are drawn, they become pictures like Omniglot's."""

import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage.morphology import thin

from core.data.drawings import PEN, SPAN, UNKNOWN, drawn_task, like_omniglot, thinned
from core.data.omniglot import ORIGINAL_SIDE, shrink
from core.errors import GlimpseError
from core.makers.omniglot import decode

ROWS, COLUMNS = np.mgrid[:ORIGINAL_SIDE, :ORIGINAL_SIDE]


def drawn(*corners: tuple[float, float], pen: float = 5) -> np.ndarray:
    """Ink bool (105, 105) of a round pen that goes from corner to corner, (row, column) each."""
    ink = np.zeros((ORIGINAL_SIDE, ORIGINAL_SIDE), bool)
    for (row0, column0), (row1, column1) in pairwise(corners):
        for t in np.linspace(0, 1, 200):
            row, column = row0 + t * (row1 - row0), column0 + t * (column1 - column0)
            ink |= np.hypot(ROWS - row, COLUMNS - column) <= pen / 2
    return ink


def square(top: float, left: float, side: float, pen: float = 5) -> np.ndarray:
    bottom, right = top + side, left + side
    return drawn((top, left), (top, right), (bottom, right), (bottom, left), (top, left), pen=pen)


def expected_square() -> np.ndarray:
    """A frame SPAN wide and PEN thick in the middle, each of 28x28 cells the share of it inside."""
    fine = 40  # samples of a cell, along each side
    spots = (np.arange(28 * fine) + 0.5) * ORIGINAL_SIDE / (28 * fine) - ORIGINAL_SIDE / 2
    distance = np.maximum(np.abs(spots)[:, None], np.abs(spots)[None])
    inside = (distance <= SPAN / 2) & (distance >= SPAN / 2 - PEN)
    return np.asarray(inside.reshape(28, fine, 28, fine).mean((1, 3)))


@pytest.mark.parametrize(
    ("top", "left", "side", "pen"),
    [(5, 5, 90, 5), (20, 30, 62, 5), (40, 40, 62, 4), (70, 8, 25, 5), (4, 80, 20, 3)],
)
def test_a_square_of_any_size_place_and_pen_becomes_the_same_square(
    top: float, left: float, side: float, pen: float
) -> None:
    picture = like_omniglot(square(top, left, side, pen)) / 255
    assert picture.shape == (28, 28)
    expected = expected_square()
    assert picture.sum() == pytest.approx(expected.sum(), rel=0.02)
    # A small one is magnified with the pixels that it is made of.
    assert np.abs(picture - expected).mean() < (0.003 if side > 60 else 0.02)


def test_a_shift_changes_nothing_at_all() -> None:
    ink = drawn((20, 20), (60, 35), (30, 50))
    np.testing.assert_array_equal(like_omniglot(ink), like_omniglot(np.roll(ink, (31, 42), (0, 1))))


def test_the_form_stays_what_it_was() -> None:
    """A flat drawing stays flat: its longer side alone becomes SPAN."""
    picture = like_omniglot(drawn((50, 10), (60, 10), (60, 50), (50, 50)))
    rows, columns = np.nonzero(picture)
    scale = (SPAN - PEN) / 40
    assert np.ptp(columns) + 1 == pytest.approx(28 * SPAN / ORIGINAL_SIDE, abs=1)
    assert np.ptp(rows) + 1 == pytest.approx(28 * (10 * scale + PEN) / ORIGINAL_SIDE, abs=1)


def test_a_dot_stays_a_dot_in_the_middle() -> None:
    picture = like_omniglot(drawn((80, 20), (80, 21)))
    rows, columns = np.nonzero(picture)
    assert rows.min() >= 12
    assert rows.max() <= 15
    assert columns.min() >= 12
    assert columns.max() <= 15


def test_a_filled_area_stays_filled() -> None:
    disc = np.hypot(ROWS - 40, COLUMNS - 60) <= 20
    ring = disc & (np.hypot(ROWS - 40, COLUMNS - 60) >= 15)
    assert like_omniglot(disc)[14, 14] == 255
    assert like_omniglot(ring)[14, 14] == 0


def test_specks_that_the_eraser_left_are_ignored() -> None:
    symbol = drawn((20, 20), (60, 35), (30, 50))
    specks = symbol.copy()
    specks[90:92, 10:100] = True
    np.testing.assert_array_equal(like_omniglot(specks), like_omniglot(symbol))


@pytest.mark.parametrize("rows", [0, 2])
def test_a_drawing_without_ink_is_refused_in_a_sentence(rows: int) -> None:
    ink = np.zeros((ORIGINAL_SIDE, ORIGINAL_SIDE), bool)
    ink[50 : 50 + rows, 10:90] = True
    with pytest.raises(GlimpseError, match=r"^The drawing is empty: .*\.$"):
        like_omniglot(ink)


def test_ink_at_the_edge_of_the_paper_counts() -> None:
    ink = np.zeros((ORIGINAL_SIDE, ORIGINAL_SIDE), bool)
    ink[:2, 10:90] = True  # the lower part of a line whose upper part missed the paper
    columns = np.flatnonzero(like_omniglot(ink).any(0))
    assert np.ptp(columns) + 1 == pytest.approx(28 * SPAN / ORIGINAL_SIDE, abs=1)


def test_thinning_is_guo_and_halls() -> None:
    random = np.random.default_rng(0)
    for pen in (3, 4, 5, 6, 8):
        ink = drawn(*[(row, column) for row, column in random.integers(3, 102, (6, 2))], pen=pen)
        np.testing.assert_array_equal(thinned(ink), thin(ink))  # type: ignore[no-untyped-call]
    np.testing.assert_array_equal(thinned(np.zeros((5, 5), bool)), np.zeros((5, 5), bool))


@pytest.fixture(scope="module")
def originals(omniglot_root: Path) -> np.ndarray:
    """The first drawing of every fourth background character, bool (241, 105, 105)."""
    with zipfile.ZipFile(omniglot_root / "omniglot-py" / "images_background.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.endswith("_01.png"))
        return np.stack([decode(archive.read(name)) for name in names[::4]])


def test_pictures_are_as_omniglots_are(originals: np.ndarray) -> None:
    """Amount, place, width and softness of the ink, against Omniglot's pictures."""
    ours = np.stack([like_omniglot(ink) for ink in originals]) / 255
    theirs = shrink(originals) / 255
    assert ours.mean() == pytest.approx(theirs.mean(), rel=0.15)
    assert np.median(longer_side(originals)) == pytest.approx(SPAN, abs=2)  # of 105 pixels
    assert np.median(longer_side(ours)) == pytest.approx(np.median(longer_side(theirs)), abs=1)
    assert ours[ours > 0].mean() == pytest.approx(theirs[theirs > 0].mean(), rel=0.08)
    assert (ours[ours > 0] == 1).mean() == pytest.approx((theirs[theirs > 0] == 1).mean(), rel=0.2)
    for axis in (1, 2):
        middle = (first(ours, axis) + last(ours, axis)) / 2
        assert np.abs(middle - 13.5).max() <= 0.5
        assert ((first(theirs, axis) + last(theirs, axis)) / 2).mean() == pytest.approx(13.5, abs=1)


def test_an_omniglot_drawing_comes_back_as_it_was_but_for_place_and_size(
    originals: np.ndarray,
) -> None:
    """Those that have the usual size already, moved to the middle, are hardly changed."""
    compared = []
    for ink in originals:
        rows, columns = np.nonzero(ink)
        if abs(max(np.ptp(rows), np.ptp(columns)) + 1 - SPAN) <= 1:
            down = 52 - (rows.min() + rows.max()) // 2
            right = 52 - (columns.min() + columns.max()) // 2
            moved = shrink(np.roll(ink, (down, right), (0, 1))[None])[0] / 255
            compared.append(np.corrcoef(moved.ravel(), like_omniglot(ink).ravel())[0, 1])
    assert len(compared) > 5
    assert np.median(compared) > 0.95
    assert min(compared) > 0.8


def longer_side(pictures: np.ndarray) -> np.ndarray:
    sides = [last(pictures, axis) - first(pictures, axis) + 1 for axis in (1, 2)]
    return np.asarray(np.maximum(*sides))


def first(pictures: np.ndarray, axis: int) -> np.ndarray:
    """The first line with ink in each picture, a row for axis 2 and a column for axis 1."""
    return np.asarray(np.any(pictures > 0, axis=axis).argmax(-1))


def last(pictures: np.ndarray, axis: int) -> np.ndarray:
    end: int = pictures.shape[3 - axis] - 1
    return np.asarray(end - first(np.flip(pictures, axis=3 - axis), axis))


def pictures(count: int, grey: int) -> np.ndarray:
    """Pictures with distinct greys: grey, grey + 1 and so on."""
    return np.stack([np.full((28, 28), grey + i, np.uint8) for i in range(count)])


def test_a_task_of_drawings() -> None:
    tasks = drawn_task([pictures(1, 10), pictures(1, 20)], pictures(3, 100))
    assert tasks.support_x.shape == (1, 2, 1, 28, 28)
    assert tasks.support_x.dtype == torch.float32
    assert (255 * tasks.support_x[0, :, 0, 0, 0]).round().tolist() == [10, 20]
    assert tasks.support_y.tolist() == [[0, 1]]
    assert (255 * tasks.query_x[0, :, 0, 0, 0]).round().tolist() == [100, 101, 102]
    assert tasks.query_y.tolist() == [[UNKNOWN] * 3]
    assert tasks.n_way == 2


def test_fewer_examples_are_repeated_in_turn() -> None:
    tasks = drawn_task([pictures(1, 10), pictures(3, 20), pictures(2, 30)], pictures(1, 100))
    assert (255 * tasks.support_x[0, :, 0, 0, 0]).round().tolist() == [
        10, 10, 10, 20, 21, 22, 30, 31, 30,
    ]  # fmt: skip
    assert tasks.support_y.tolist() == [[0, 0, 0, 1, 1, 1, 2, 2, 2]]


@pytest.mark.parametrize(
    ("shots", "queries", "says"),
    [((), 1, "two symbols"), ((1,), 1, "two symbols"), ((1, 0, 2), 1, "Symbol 2 has no drawing"),
     ((1, 1), 0, "no query")],
)  # fmt: skip
def test_what_is_missing_is_one_sentence(shots: tuple[int, ...], queries: int, says: str) -> None:
    support = [np.zeros((count, 28, 28), np.uint8) for count in shots]
    with pytest.raises(GlimpseError, match=rf"{says}.*\.$"):
        drawn_task(support, np.zeros((queries, 28, 28), np.uint8))
