"""Files as people have them, kept in `tests/inputs/pictures`: each is read, or refused in words."""

from pathlib import Path

import numpy as np
import pytest

from core.data.own_digit import ink_of_file, like_mnist
from core.data.own_pictures import load_own
from core.errors import GlimpseError
from tests.helpers.own_pictures import DIGITS, INPUTS

A_AND_B = ("a", "b")
READ: dict[str, tuple[tuple[str, ...], list[str]]] = {  # names of classes, parts of notes
    "windows_backslashes": (A_AND_B, ["All pictures are in train"]),
    "windows_backslashes_hidden": (A_AND_B, ["All pictures are in x", "__MACOSX, .t.png"]),
    "macos_utf8_no_flag": (("été", "猫"), []),
    "shiftjis_no_flag": (("ソース", "表"), ["read as Japanese (cp932)"]),
    "colon_names": (A_AND_B, []),
    "one_more_folder": (A_AND_B, ["All pictures are in my dataset"]),
    "train_test": (A_AND_B, ["The folders test and train are not classes: they are joined"]),
    "newline_first": (("a␊b", "c"), []),
    "jfif_jfif": (A_AND_B, []),
    "tiff_tif": (A_AND_B, []),
    "png16_low12bit_png": (A_AND_B, ["from 0 to 4095"]),
    "rgba_rounded_corners_scan_png": (A_AND_B, []),
    "mixed_known_unknown": (
        A_AND_B,
        ["50 .heic files (a/0.heic, a/1.heic, a/2.heic and 47 more)", "50 .tif files", "in c."],
    ),
}
REFUSED = {
    "nested_zip": "(a.zip, b.zip): unpack these",
    "deflate64": "Deflate64: unpack the zip",
    "lzma_damaged": "b/07.png in the zip is damaged",
    "bad_utf8_with_flag": "bad_utf8_with_flag.zip is damaged",
    "version_needed_99": "version_needed_99.zip cannot be read",
    "fuzz_zip_IndexError": "a/01.png in the zip is damaged",
}
PICTURES = ("digit_16bit", "digit_white_ink_transparent", "png_short_exif")


def test_every_file_has_a_test() -> None:
    assert {file.stem for file in INPUTS.iterdir()} == {*READ, *REFUSED, *PICTURES}


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read_and_said(name: str) -> None:
    names, notes = READ[name]
    found = load_own(str(INPUTS / f"{name}.zip"))
    assert found.names == names
    assert len(found.notes) == len(notes)
    for note, expected in zip(found.notes, notes, strict=True):
        assert expected in note
    twice = name == "train_test"
    assert found.labels.tolist() == ([0] * 6 + [1] * 6) * (2 if twice else 1)
    expected_images = np.concatenate([DIGITS, DIGITS]) if twice else DIGITS
    np.testing.assert_allclose(found.images.numpy().astype(int), expected_images, atol=1)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_one_sentence_that_helps(name: str) -> None:
    with pytest.raises(GlimpseError) as refusal:
        load_own(str(INPUTS / f"{name}.zip"))
    assert REFUSED[name] in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", PICTURES)
def test_a_digit_is_the_same_whatever_its_file(name: str) -> None:
    ink = ink_of_file((INPUTS / f"{name}.png").read_bytes())
    found = like_mnist(ink)
    difference = [np.abs(found.astype(int) - like_mnist(digit)).mean() for digit in DIGITS]
    assert min(difference) < 3


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_the_same_as_a_picture_of_a_class(name: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for number in range(10):
        copy = tmp_path / "a" / f"{number}.png"
        copy.write_bytes((INPUTS / f"{name}.png").read_bytes())
    found = load_own(str(tmp_path)).images[0].numpy().astype(int)
    assert min(np.abs(found - digit).max() for digit in DIGITS.astype(int)) <= 1
