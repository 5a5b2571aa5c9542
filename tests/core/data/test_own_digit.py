"""One's own digits come to look as MNIST's, and files that are no picture get one sentence."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.data.digits import load_digits
from core.data.own_digit import BOX, ink_of_file, like_mnist
from core.errors import GlimpseError
from core.methods.simclr.method import SimClr
from core.zoo.weights import load_shipped_method

DIGITS = load_digits("sample", "held_out")


def file_of(picture: np.ndarray, kind: str = "PNG") -> bytes:
    file = BytesIO()
    Image.fromarray(picture).save(file, kind)
    return file.getvalue()


def redrawn(digit: np.ndarray, side: int = 56) -> np.ndarray:
    """A digit in two tones, as a pen draws it, at another size and off the middle."""
    large = np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC))
    return np.pad(np.where(large > 127, 255, 0).astype(np.uint8), ((0, 30), (12, 0)))


@pytest.mark.parametrize("side", [40, 56, 90])
def test_the_box_is_20_pixels_and_the_ink_balances_in_the_middle(side: int) -> None:
    for digit in DIGITS.images[:40].numpy():
        picture = like_mnist(redrawn(digit, side))
        rows, columns = np.nonzero(picture)
        assert BOX - 1 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= BOX
        centre = [np.average(axis, weights=picture[rows, columns]) for axis in (rows, columns)]
        np.testing.assert_allclose(centre, 13.5, atol=0.55)


def test_digits_redrawn_are_next_to_digits_of_their_class() -> None:
    """With the shipped encoder and its training digits, as the page embeds what is drawn."""
    import torch
    import torch.nn.functional as F

    model = load_shipped_method("simclr", SimClr)
    redone = torch.from_numpy(
        np.stack([like_mnist(redrawn(d)) for d in DIGITS.images[:200].numpy()])
    )
    bank = load_digits("sample", "train")
    features = F.normalize(model.embed(redone), dim=1)
    near = features @ F.normalize(model.embed(bank.images), dim=1).T
    found = bank.labels[near.argmax(dim=1)]
    assert (found == DIGITS.labels[:200]).float().mean() > 0.9


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(("paper", "ink"), [(250, 20), (15, 240), (170, 60)])
def test_files_dark_on_light_and_light_on_dark_are_one_digit(
    kind: str, paper: int, ink: int
) -> None:
    digit = DIGITS.images[3].numpy()
    drawn = redrawn(digit)
    photo = (paper + (ink - paper) * (drawn / 255)).astype(np.uint8)
    of_file = like_mnist(ink_of_file(file_of(photo, kind))).astype(float)
    of_canvas = like_mnist(drawn).astype(float)
    assert np.corrcoef(of_file.ravel(), of_canvas.ravel())[0, 1] > 0.95


def png_of_size(width: int, height: int) -> bytes:
    """A header that promises so many pixels, and next to nothing after it."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
              (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]  # fmt: skip
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a readable picture"),
        (b"just text", "not a readable picture"),
        (b"GIF89a" + bytes(50), "not a readable picture"),
        (file_of(redrawn(np.eye(28, dtype=np.uint8) * 255))[:150], "not a readable picture"),
        (png_of_size(100, 100), "not a readable picture"),
        (png_of_size(10_000, 10_000), "million pixels"),
        (png_of_size(6_000, 6_000), "million pixels"),
        (png_of_size(2**31 - 1, 2**31 - 1), "million pixels"),
        (file_of(np.full((40, 40), 200, np.uint8)), "nearly uniform"),
    ],
)
def test_what_is_no_digit_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(GlimpseError, match=sentence):
        ink_of_file(content)


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(GlimpseError, match="draw one"):
        like_mnist(np.zeros((56, 56), np.uint8))
