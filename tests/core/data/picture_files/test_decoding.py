"""One decoder for every way in: bits, formats, turned cameras and damaged EXIF data."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from core.data.own_digit import ink_of_file, like_mnist
from core.data.own_pictures import load_own
from core.data.picture_files.decoding import decode_one, readable_suffixes
from core.errors import GlimpseError
from tests.helpers.own_pictures import DIGITS, as_zip

DIGIT = DIGITS[0]
Save = Callable[[np.ndarray], bytes]


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def by_pillow(kind: str, **options: object) -> Save:
    return lambda digit: saved(Image.fromarray(digit), kind, **options)


def by_opencv(ending: str) -> Save:
    return lambda values: bytes(cv2.imencode(ending, values)[1])


def colours(values: np.ndarray) -> np.ndarray:
    return np.dstack([values] * 3)


def ink_on_nothing(values: np.ndarray) -> np.ndarray:
    return np.dstack([np.full_like(values, values.max())] * 3 + [values])


FORMATS: dict[str, tuple[str, Save]] = {
    "PNG": ("png", by_pillow("PNG")),
    "BMP": ("bmp", by_pillow("BMP")),
    "GIF": ("gif", by_pillow("GIF")),
    "WebP": ("webp", by_pillow("WEBP", lossless=True)),
    "JPEG": ("jfif", by_pillow("JPEG", quality=100)),
    "CMYK": (
        "jpg",
        lambda digit: saved(Image.fromarray(digit).convert("CMYK"), "JPEG", quality=100),
    ),
    "TIFF": ("tif", by_pillow("TIFF")),
    "TIFF by LZW": ("tiff", by_pillow("TIFF", compression="tiff_lzw")),
    "AVIF": ("avif", by_pillow("AVIF", quality=100)),
    "JPEG 2000": ("jp2", by_pillow("JPEG2000")),
    "PGM": ("pgm", by_pillow("PPM")),
    "TGA": ("tga", by_pillow("TGA")),
    "PCX": ("pcx", by_pillow("PCX")),
    "a PNG called JPEG": ("jpg", by_pillow("PNG")),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_what_pillow_reads_is_read(kind: str, tmp_path: Path) -> None:
    suffix, save = FORMATS[kind]
    files = {f"a/{i:02}.{suffix}": save(digit) for i, digit in enumerate(DIGITS)}
    found = load_own(str(as_zip(tmp_path / "own.zip", files)))
    lossy = 3 if kind == "CMYK" else 2 if kind == "JPEG" else 0
    np.testing.assert_allclose(found.images.numpy().astype(int), DIGITS, atol=lossy)
    assert found.notes == ()


def test_every_ending_of_the_formats_is_known() -> None:
    assert {".png", ".jpg", ".jpeg", ".jfif", ".tif", ".tiff", ".avif", ".webp", ".pgm"} <= set(
        readable_suffixes()
    )
    assert ".eps" not in readable_suffixes(), "it would start a program"


DEEP: dict[str, tuple[str, Save]] = {
    "grey PNG": ("png", by_opencv(".png")),
    "grey TIFF": ("tif", by_opencv(".tif")),
    "PGM": ("pgm", by_opencv(".pgm")),
    "colour PNG": ("png", lambda values: by_opencv(".png")(colours(values))),
    "colour TIFF": ("tif", lambda values: by_opencv(".tif")(colours(values))),
    "ink on nothing": ("png", lambda values: by_opencv(".png")(ink_on_nothing(values))),
}


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("kind", DEEP)
def test_files_of_16_bits_are_as_light_as_what_they_hold(
    kind: str, bits: int, tmp_path: Path
) -> None:
    suffix, save = DEEP[kind]
    white = 2**bits - 1
    deep = np.round(DIGITS / 255 * white).astype(np.uint16)
    files = {f"a/{i:02}.{suffix}": save(values) for i, values in enumerate(deep)}
    found = load_own(str(as_zip(tmp_path / "own.zip", files)))
    np.testing.assert_allclose(found.images.numpy().astype(int), DIGITS, atol=1)
    assert any(f"to {white}:" in note for note in found.notes) == (bits < 16)

    one = like_mnist(ink_of_file(save(deep[0]))).astype(int)
    np.testing.assert_allclose(one, like_mnist(ink_of_file(by_pillow("PNG")(DIGIT))), atol=3)


def test_all_files_of_a_set_share_their_white(tmp_path: Path) -> None:
    """A dark picture among light ones stays dark."""
    deep = np.round(DIGITS / 255 * 4095).astype(np.uint16)
    deep[3] //= 8
    files = {f"a/{i:02}.png": by_opencv(".png")(values) for i, values in enumerate(deep)}
    found = load_own(str(as_zip(tmp_path / "own.zip", files))).images.numpy().astype(int)
    np.testing.assert_allclose(found[3], DIGITS[3] // 8, atol=1)
    np.testing.assert_allclose(found[4], DIGITS[4], atol=1)


@pytest.mark.parametrize(
    "values",
    [DIGIT / 255, DIGIT / 127.5 - 1, DIGIT * 1000.0, DIGIT.astype(np.int32) * 10**6],
    ids=["shares", "from -1 to 1", "large", "32 bits"],
)
def test_numbers_of_any_range_have_their_black_and_white(values: np.ndarray) -> None:
    kept = values if values.dtype == np.int32 else values.astype(np.float32)
    found = decode_one("x.tif", saved(Image.fromarray(kept), "TIFF"))
    np.testing.assert_allclose(found.grey, DIGIT, atol=1)


def test_values_that_are_no_numbers_are_refused() -> None:
    content = saved(Image.fromarray(np.full((28, 28), np.nan, np.float32)), "TIFF")
    with pytest.raises(GlimpseError, match=r"x.tif is not a readable picture"):
        decode_one("x.tif", content)


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


@pytest.mark.parametrize(
    ("kind", "deep"),
    [("PNG", False), ("TIFF", False), ("WEBP", False), ("PNG", True), ("TIFF", True)],
)
def test_a_turned_camera_is_turned_back(kind: str, deep: bool) -> None:
    sideways = np.rot90(DIGIT, 1)  # orientation 6: turn it by 90 degrees clockwise
    picture = Image.fromarray(sideways.astype(np.uint16) * 257 if deep else sideways)
    options = {"lossless": True} if kind == "WEBP" else {}
    found = decode_one("x.png", saved(picture, kind, exif=turned(6), **options))
    np.testing.assert_array_equal(found.grey, DIGIT)


DAMAGED_EXIF = {
    "nothing after its header": b"Exif\0\0MM\0*",
    "no header": b"\xff" * 40,
    "an endless list": b"Exif\0\0II*\0" + struct.pack("<LH", 8, 65535) + bytes(20),
    "a list within itself": b"Exif\0\0II*\0" + struct.pack("<LHHHLLL", 8, 1, 0x8769, 4, 1, 8, 8),
    "an odd orientation": b"Exif\0\0II*\0" + struct.pack("<LHHHLLL", 8, 1, 0x112, 2, 4, 0, 0),
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("damage", DAMAGED_EXIF)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_whole_picture_with_damaged_exif_is_read(kind: str, damage: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {"quality": 100}
    if kind == "PNG":
        options = {}
    plain = saved(Image.fromarray(DIGIT), kind, **options)
    damaged = saved(Image.fromarray(DIGIT), kind, exif=DAMAGED_EXIF[damage], **options)
    expected = decode_one("x.png", plain).grey
    np.testing.assert_array_equal(decode_one("x.png", damaged).grey, expected)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_of_several_frames_the_first_is_used_and_this_is_said(kind: str, tmp_path: Path) -> None:
    files = {}
    for i, digit in enumerate(DIGITS):
        file = io.BytesIO()
        options = {"lossless": True} if kind == "WEBP" else {}
        more = [Image.fromarray(255 - digit)]
        Image.fromarray(digit).save(file, kind, save_all=True, append_images=more, **options)
        files[f"a/{i:02}.{kind.lower()}"] = file.getvalue()
    found = load_own(str(as_zip(tmp_path / "own.zip", files)))
    np.testing.assert_allclose(found.images.numpy().astype(int), DIGITS, atol=1)
    assert len(found.notes) == 1 and "several frames or pages the first is used" in found.notes[0]


def test_pictures_with_nothing_to_see_are_named(tmp_path: Path) -> None:
    files = {f"a/{i:02}.png": by_pillow("PNG")(digit) for i, digit in enumerate(DIGITS)}
    files["a/mask.png"] = by_pillow("PNG")((DIGIT > 0).astype(np.uint8))
    found = load_own(str(as_zip(tmp_path / "own.zip", files)))
    assert found.notes == ("There is nothing to see, one tone alone, in a/mask.png.",)


def test_a_heic_file_that_is_called_jpeg_is_named_as_such() -> None:
    content = b"\0\0\0\x18ftypheic" + bytes(100)
    with pytest.raises(GlimpseError, match=r"cat.jpg is a HEIC picture, .* save it as JPEG"):
        decode_one("cat.jpg", content)
