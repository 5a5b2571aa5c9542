"""Exported completions, read back by pillow and numpy, are those on the page."""

from io import BytesIO

import numpy as np
from PIL import Image

from core.export.inpainting import (
    GAP,
    HEAD,
    MARGIN,
    SCALE,
    TILE,
    Completed,
    completions_npz,
    completions_png,
    film_gif,
)
from core.figures.inpainting import masked_picture

rng = np.random.default_rng(0)
PICTURE = rng.integers(0, 256, (28, 28), dtype=np.uint8)
VISIBLE = (rng.random((28, 28)) < 0.5).astype(np.uint8)
NAMES = ("U-Net", "Autoencoder", "Telea", "Navier-Stokes", "Biharmonic")
RAW = {name: rng.integers(0, 256, (28, 28), dtype=np.uint8) for name in NAMES}
FILM = np.where(VISIBLE > 0, PICTURE, rng.integers(0, 256, (3, 6, 28, 28))).astype(np.uint8)
COMPLETED = Completed(PICTURE, VISIBLE, RAW, FILM, rng.random((28, 28)).astype(np.float32))


def tile(sheet: np.ndarray, place: int) -> np.ndarray:
    """The picture at a place of seven a row, (28, 28, 3): the middle of each pixel."""
    left = MARGIN + place % 7 * (TILE + GAP)
    top = MARGIN + place // 7 * (HEAD + TILE + GAP) + HEAD
    return sheet[top : top + TILE, left : left + TILE][SCALE // 2 :: SCALE, SCALE // 2 :: SCALE]


def test_the_picture_holds_every_completion_with_what_is_visible_pasted_back() -> None:
    with Image.open(BytesIO(completions_png(COMPLETED, "a 5"))) as file:
        assert file.format == "PNG"
        sheet = np.asarray(file.convert("RGB"))
    middle = masked_picture(PICTURE, VISIBLE, SCALE)[SCALE // 2 :: SCALE, SCALE // 2 :: SCALE]
    assert (tile(sheet, 0) == middle).all()
    assert (tile(sheet, 1) == PICTURE[..., None]).all()
    for place, name in enumerate(NAMES, 2):
        completion = np.where(VISIBLE > 0, PICTURE, RAW[name])
        assert (tile(sheet, place) == completion[..., None]).all()
    for place, sample in enumerate(FILM[-1], 7):
        assert (tile(sheet, place) == sample[..., None]).all()


def test_a_run_of_one_s_own_is_in_the_picture_and_in_the_archive() -> None:
    own = np.where(VISIBLE > 0, PICTURE, 255 - PICTURE)
    completed = COMPLETED._replace(own=own)
    with Image.open(BytesIO(completions_png(completed, "a 5"))) as file:
        sheet = np.asarray(file.convert("RGB"))
    assert (tile(sheet, 13) == own[..., None]).all(), "behind the samples, as on the page"
    with np.load(BytesIO(completions_npz(completed))) as arrays:
        assert (arrays["own"] == own).all()
    with np.load(BytesIO(completions_npz(COMPLETED))) as arrays:
        assert "own" not in arrays


def test_the_gif_shows_each_step_of_all_samples() -> None:
    with Image.open(BytesIO(film_gif(COMPLETED, "a 5"))) as file:
        assert file.n_frames == len(FILM)  # type: ignore[attr-defined]
        for step, samples in enumerate(FILM):
            file.seek(step)
            frame = np.asarray(file.convert("RGB")).astype(int)
            for place, sample in enumerate(samples, 1):  # a GIF has 256 colours: nearly its greys
                assert abs(tile(frame, place) - sample[..., None].astype(int)).max() <= 8


def test_the_archive_holds_the_arrays_as_they_are() -> None:
    with np.load(BytesIO(completions_npz(COMPLETED))) as arrays:
        assert arrays["names"].tolist() == list(NAMES)
        assert (arrays["truth"] == PICTURE).all() and (arrays["mask"] == VISIBLE).all()
        assert (arrays["raw"] == np.stack(list(RAW.values()))).all()
        assert (arrays["completions"][:, VISIBLE > 0] == PICTURE[VISIBLE > 0]).all()
        hidden = VISIBLE == 0
        assert (arrays["completions"][:, hidden] == arrays["raw"][:, hidden]).all()
        assert (arrays["film"] == FILM).all() and (arrays["samples"] == FILM[-1]).all()
        assert (arrays["deviation"] == COMPLETED.deviation).all()
