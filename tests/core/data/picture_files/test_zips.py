"""Zips of all the programs that people have, and those that are meant to do harm."""

import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.own_pictures import load_own
from core.data.picture_files import reading, zips
from core.errors import GlimpseError
from tests.helpers.own_pictures import GOOD, as_zip, png

DOS, UNIX = 0, 3


def written(place: Path, files: dict[str, bytes], by: int = UNIX) -> str:
    """A zip whose members were made by a system, with their names as they are."""
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo("x")
            member.filename, member.create_system = name, by
            archive.writestr(member, content)
    return str(place)


def renamed(**classes: str) -> dict[str, bytes]:
    return {f"{classes[name[0]]}{name[1:]}": content for name, content in GOOD.items()}


def with_backslashes(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("/", "\\"): content for name, content in files.items()}


def test_backslashes_separate_where_windows_wrote_them(tmp_path: Path) -> None:
    files = with_backslashes(GOOD)
    assert load_own(written(tmp_path / "dos.zip", files, DOS)).names == ("a", "b")
    assert load_own(written(tmp_path / "net.zip", files, UNIX)).names == ("a", "b")
    strange = renamed(a="a\\x", b="b")
    assert load_own(written(tmp_path / "unix.zip", strange, UNIX)).names == ("a\\x", "b")


@pytest.mark.parametrize("name", ["12:30", "C:a", "a: b", "Q:", "::"])
def test_a_colon_is_part_of_a_name(name: str, tmp_path: Path) -> None:
    files = renamed(a=f"x/{name}", b="x/b")
    assert name in load_own(written(tmp_path / "own.zip", files)).names


@pytest.mark.parametrize(
    "name", ["../up.png", "/up.png", "a/../../up.png", "C:/up.png", "C:\\up.png", "\\up.png", ".."]
)
@pytest.mark.parametrize("by", [DOS, UNIX])
def test_a_path_that_leaves_the_zip_is_refused(name: str, by: int, tmp_path: Path) -> None:
    place = written(tmp_path / "own.zip", GOOD | {name: b""}, by)
    with pytest.raises(GlimpseError, match="has a path that leaves the zip"):
        load_own(place)


def test_the_extra_field_for_a_name_is_read(tmp_path: Path) -> None:
    """Info-ZIP writes `?` where the code page has no letter, and the name in UTF-8 beside it."""
    place = tmp_path / "own.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in GOOD.items():
            plain = name.replace("a/", "?/")
            utf8 = name.replace("a/", "猫/").encode()
            member = zipfile.ZipInfo(plain)
            crc = zlib.crc32(plain.encode())
            member.extra = struct.pack("<HHBL", 0x7075, 5 + len(utf8), 1, crc) + utf8
            archive.writestr(member, content)
    found = load_own(str(place))
    assert found.names == ("b", "猫") and found.notes == ()


def test_of_a_name_that_is_twice_the_last_counts(tmp_path: Path) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD | {"a/00.png": b"an older version"})
    with zipfile.ZipFile(place, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a/00.png", GOOD["a/00.png"])
    assert len(load_own(str(place)).images) == 12


def test_archives_within_are_named(tmp_path: Path) -> None:
    found = load_own(written(tmp_path / "own.zip", GOOD | {"c.zip": b"x", "d.tar.gz": b"x"}))
    assert found.notes == (
        "Left out: c.zip, d.tar.gz. Zips and other archives within are not opened: unpack them "
        "first.",
    )


@pytest.mark.parametrize(
    ("method", "title"), [(9, "Deflate64"), (93, "Zstandard"), (99, "AES"), (77, "number 77")]
)
def test_a_method_that_cannot_be_read_is_named(method: int, title: str, tmp_path: Path) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    content = bytearray(place.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset : at + offset + 2] = method.to_bytes(2, "little")
            at = content.find(mark, at + 1)
    place.write_bytes(content)
    with pytest.raises(GlimpseError, match=f"a method that cannot be read, {title}: unpack"):
        load_own(str(place))


def test_a_list_of_files_that_fills_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    monkeypatch.setattr(zips, "MAX_DIRECTORY_BYTES", 500)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(GlimpseError, match=r"own.zip holds too many files"):
        load_own(str(place))


def test_pixels_are_limited_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    monkeypatch.setattr(reading, "PIXELS_A_BYTE", 0)
    monkeypatch.setattr(reading, "FREE_PIXELS", 12 * 28 * 28)
    assert len(load_own(str(place)).images) == 12
    place = as_zip(tmp_path / "more.zip", GOOD | {"b/99.png": GOOD["a/00.png"]})
    with pytest.raises(GlimpseError, match=r"more.zip have more than .* million pixels in all"):
        load_own(str(place))


def test_the_work_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    monkeypatch.setattr(reading, "MAX_SECONDS", 0)
    with pytest.raises(GlimpseError, match=r"own.zip takes more than 0 seconds of work"):
        load_own(str(place))


def test_whoever_waits_is_told_and_may_end_the_work(tmp_path: Path) -> None:
    class LeftThePage(BaseException):
        """As Streamlit's own exceptions, which are no errors."""

    told: list[tuple[int, int]] = []

    def leave(number: int, total: int) -> None:
        told.append((number, total))
        raise LeftThePage

    place = str(as_zip(tmp_path / "own.zip", GOOD))
    with pytest.raises(LeftThePage):
        load_own(place, leave)
    assert told == [(0, 12)]
    assert len(load_own(place, lambda *_: None).images) == 12


def test_photographs_may_have_any_number_of_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FREE_PIXELS", 0)
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    files = {f"a/{i}.png": png(Image.fromarray(noise)) for i in range(10)}
    assert len(load_own(str(as_zip(tmp_path / "own.zip", files))).images) == 10
    blank = {f"a/{i}.png": png(Image.new("L", (300, 300))) for i in range(10)}
    with pytest.raises(GlimpseError, match="million pixels in all"):
        load_own(str(as_zip(tmp_path / "blank.zip", blank)))
