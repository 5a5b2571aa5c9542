"""One's own pictures: digits of the sample, saved in many ways, come back as they were."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from core.data import own_pictures
from core.data.own_pictures import keep_zip, load_own
from core.errors import GlimpseError
from tests.helpers.own_pictures import DIGITS, GOOD, N, as_zip, of_digits, png


def in_colour(digit: np.ndarray) -> Image.Image:
    return Image.fromarray(np.stack([digit] * 3, axis=-1))


def see_through(digit: np.ndarray) -> Image.Image:
    """Black ink on nothing."""
    return Image.fromarray(np.dstack([np.zeros((28, 28, 3), np.uint8), digit]))


def wide(digit: np.ndarray) -> Image.Image:
    """Three times as large, without the paper at the left and right."""
    return Image.fromarray(np.repeat(np.repeat(digit[:, 4:24], 3, axis=0), 3, axis=1))


WAYS: dict[str, Callable[[np.ndarray], Image.Image]] = {
    "white on black": Image.fromarray,
    "black on white": lambda digit: Image.fromarray(255 - digit),
    "in colour": in_colour,
    "see-through": see_through,
    "a palette": lambda digit: Image.fromarray(digit).convert("P"),
    "16 bits": lambda digit: Image.fromarray(digit.astype(np.uint16) * 257),
    "wide and large": wide,
}


@pytest.mark.parametrize("way", WAYS)
def test_digits_come_back_whatever_they_were_saved_as(way: str, tmp_path: Path) -> None:
    found = load_own(str(as_zip(tmp_path / "digits.zip", of_digits(WAYS[way]))))
    expected = DIGITS.copy()
    if way == "wide and large":
        assert not DIGITS[:, 0].any(), "paper is black"
        expected[..., :4] = expected[..., 24:] = 0
    assert found.images.dtype == torch.uint8
    np.testing.assert_allclose(found.images.numpy(), expected, atol=1)
    assert found.labels.tolist() == [0] * 6 + [1] * 6
    assert found.names == ("a", "b")


def test_a_folder_is_the_zip_of_it(tmp_path: Path) -> None:
    files = of_digits(Image.fromarray) | {
        "a/notes.txt": b"not a picture",
        "__MACOSX/a/._00.png": b"hidden",
        "a/.thumbnail.png": b"hidden",
    }
    for name, content in files.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(content)
    folder, packed = (
        load_own(str(place)) for place in (tmp_path / "folder", as_zip(tmp_path / "f.zip", files))
    )
    assert torch.equal(folder.images, packed.images)
    assert torch.equal(folder.labels, packed.labels)
    assert folder.names == packed.names and folder.digest == packed.digest


def test_the_digest_is_of_pixels_and_classes(tmp_path: Path) -> None:
    files = of_digits(Image.fromarray)
    path = as_zip(tmp_path / "own.zip", files)
    first = load_own(str(path)).digest
    changed = DIGITS[3].copy()
    changed[5, 5] ^= 1
    as_zip(path, files | {"a/03.png": png(Image.fromarray(changed))})
    os.utime(path, ns=(1, 1))
    assert load_own(str(path)).digest != first, "what has changed is read anew"
    moved = {name.replace("b/06", "a/06"): content for name, content in files.items()}
    assert load_own(str(as_zip(path, moved))).digest != first


def test_a_large_photograph_is_averaged(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 100, (N, 560, 560), dtype=np.uint8)
    files = {f"{i:02}.png": png(Image.fromarray(each)) for i, each in enumerate(noise)}
    found = load_own(str(as_zip(tmp_path / "noise.zip", files)))
    means = noise.reshape(N, 28, 20, 28, 20).mean(axis=(2, 4))
    np.testing.assert_allclose(found.images.numpy(), means, atol=1.5)
    assert found.names == (".",)


BROKEN = png(Image.fromarray(DIGITS[0]))[:60]


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "own.zip has 0 pictures"),
        ({"a.png": GOOD["a/00.png"]}, "own.zip has 1 pictures"),
        (GOOD | {"a/03.png": BROKEN}, "a/03.png is not a readable picture"),
        (GOOD | {"a/03.png": b"<html>"}, "a/03.png is not a readable picture"),
        (GOOD | {"../up.png": GOOD["a/00.png"]}, "path that leaves the zip, '../up.png'"),
        (GOOD | {"/etc/up.png": GOOD["a/00.png"]}, "path that leaves the zip, '/etc/up.png'"),
        (GOOD | {"a\\..\\..\\up.png": b""}, "path that leaves the zip"),
        (GOOD | {"C:/up.png": b""}, "path that leaves the zip"),
        (GOOD | {"bomb.png": bytes(own_pictures.MAX_FILE_BYTES + 1)}, "bomb.png has 32 MB"),
        (
            GOOD | {"huge.png": png(Image.new("1", (5200, 5000)))},
            "huge.png has more than 25",
        ),
        (GOOD | {"bomb.png": png(Image.new("1", (8000, 7000)))}, "bomb.png has more than 25"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_that_names_the_file(
    files: dict[str, bytes], message: str, tmp_path: Path
) -> None:
    with pytest.raises(GlimpseError) as refusal:
        load_own(str(as_zip(tmp_path / "own.zip", files)))
    assert message in str(refusal.value)


def test_many_large_files_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_pictures, "MAX_TOTAL_BYTES", 1000)
    path = as_zip(tmp_path / "own.zip", GOOD)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(GlimpseError, match="GB unpacked"):
        load_own(str(path))


def test_a_place_without_pictures_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GlimpseError, match=r"no folder or zip .*nowhere"):
        load_own(str(tmp_path / "nowhere"))
    with pytest.raises(GlimpseError, match="has 0 pictures"):
        load_own(str(tmp_path))
    (tmp_path / "text.zip").write_text("not a zip")
    with pytest.raises(GlimpseError, match=r"text.zip is not a readable zip"):
        load_own(str(tmp_path / "text.zip"))


def test_a_damaged_or_locked_member_is_named(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "own.zip", GOOD)
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("b/07.png").header_offset
    content = bytearray(path.read_bytes())
    content[offset + 60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(GlimpseError, match=r"b/07.png in the zip is damaged"):
        load_own(str(path))

    path = as_zip(tmp_path / "locked.zip", GOOD)
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")  # of the last member, in the directory
    content[entry + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(GlimpseError, match="needs a password"):
        load_own(str(path))


def test_a_zip_that_was_sent_is_kept_by_name_and_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "data"))
    content = as_zip(tmp_path / "own.zip", GOOD).read_bytes()
    place = Path(keep_zip("../my cats.zip", content))
    assert place.parent == tmp_path / "data" / "own" and place.name.startswith("my-cats-")
    assert place.read_bytes() == content and keep_zip("../my cats.zip", content) == str(place)
    assert keep_zip("my cats.zip", content + b"x") != str(place)

    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "file"))
    with pytest.raises(GlimpseError, match=r"my cats.zip cannot be stored in .*own"):
        keep_zip("my cats.zip", content)
