"""The pictures of a completion, pixel by pixel."""

import numpy as np

from core.figures.inpainting import (
    HIDDEN_COLOURS,
    MAP_COLOURS,
    completion_sheet,
    enlarge,
    map_sheet,
    masked_picture,
    pasted,
)

rng = np.random.default_rng(0)
TRUTH = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
COMPLETIONS = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
MASKS = (rng.random((3, 28, 28)) < 0.5).astype(np.uint8)


def test_each_pixel_becomes_a_square_of_its_grey() -> None:
    large = enlarge(TRUTH[0], scale=5)
    assert large.shape == (140, 140, 3)
    assert (large[2::5, 3::5] == TRUTH[0][..., None]).all()
    assert (large[:5, 5:10] == TRUTH[0, 0, 1]).all()


def test_visible_pixels_are_shown_and_hidden_ones_give_nothing_away() -> None:
    picture = masked_picture(TRUTH[0], MASKS[0], scale=4)
    visible = enlarge(MASKS[0], 4)[..., 0] == 1
    assert (picture[visible] == enlarge(TRUTH[0], 4)[visible]).all()
    assert {tuple(colour) for colour in picture[~visible].tolist()} == set(HIDDEN_COLOURS)
    other = np.where(MASKS[0] == 1, TRUTH[0], COMPLETIONS[0])
    assert (masked_picture(other, MASKS[0], scale=4) == picture).all()


def test_pasting_keeps_the_visible_pixels_of_the_truth() -> None:
    both = pasted(TRUTH, COMPLETIONS, MASKS)
    assert (both[MASKS == 1] == TRUTH[MASKS == 1]).all()
    assert (both[MASKS == 0] == COMPLETIONS[MASKS == 0]).all()


def test_the_sheet_has_what_is_seen_what_is_made_and_the_truth_below_each_other() -> None:
    sheet = completion_sheet(TRUTH, MASKS, COMPLETIONS, scale=2)
    assert sheet.shape == (3 * 56 + 2 * 6, 3 * 56 + 2 * 6, 4)
    second = slice(62, 118)
    expected = [
        masked_picture(TRUTH[1], MASKS[1], 2),
        enlarge(pasted(TRUTH[1], COMPLETIONS[1], MASKS[1]), 2),
        enlarge(TRUTH[1], 2),
    ]
    for top, tile in zip((0, 62, 124), expected, strict=True):
        assert (sheet[top : top + 56, second, :3] == tile).all()
        assert (sheet[top : top + 56, second, 3] == 255).all()
    assert (sheet[56:62, :, 3] == 0).all()


def test_feature_maps_lie_row_by_row_each_on_its_own_scale() -> None:
    maps = rng.normal(size=(5, 7, 7)).astype(np.float32)
    maps[3] *= 100
    sheet = map_sheet(maps, columns=3, scale=2)
    assert sheet.shape == (2 * 14 + 6, 3 * 14 + 2 * 6, 4)
    for index in range(5):
        top, left = index // 3 * 20, index % 3 * 20
        tile = sheet[top : top + 14 : 2, left : left + 14 : 2]
        strength = 255 * np.abs(maps[index]) / np.abs(maps[index]).max()
        np.testing.assert_allclose(tile[..., 3], strength, atol=0.51)
        assert (tile[maps[index] > 0][:, :3] == MAP_COLOURS[1]).all()
        assert (tile[maps[index] < 0][:, :3] == MAP_COLOURS[0]).all()
