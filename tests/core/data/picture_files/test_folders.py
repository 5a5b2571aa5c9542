"""Folders hold more than pictures: links, pipes, thumbnails of network drives, locked folders."""

import os
import socket
from pathlib import Path

import pytest

from core.data.own_pictures import load_own
from core.data.picture_files import folders
from core.errors import GlimpseError
from tests.helpers.own_pictures import GOOD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "own"
    for name, content in GOOD.items():
        put(place / name, content)
    return place


def put(file: Path, content: bytes = b"x") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


PICTURE = GOOD["a/00.png"]


def notes_of(folder: Path) -> str:
    found = load_own(str(folder))
    assert found.names == ("a", "b") and len(found.images) == 12
    return "\n".join(found.notes)


@pytest.mark.timeout(60)
def test_nothing_but_files_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "a/pipe.png")
    monkeypatch.chdir(folder)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("plug.png")
        (folder / "zero.png").symlink_to("/dev/zero")
        assert "2 items (a/pipe.png, plug.png). Only files and folders" in notes_of(folder)


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere/99.png", PICTURE)
    (folder / "c").symlink_to(tmp_path / "elsewhere")
    (folder / "a/link.png").symlink_to(tmp_path / "elsewhere/99.png")
    (folder / "a/loop.png").symlink_to("loop.png")
    (folder / "b/nowhere").symlink_to("not there")
    notes = notes_of(folder)
    assert "4 links (a/link.png, a/loop.png, b/nowhere and 1 more)" in notes
    assert "Links are not followed: put copies there." in notes


def test_a_link_put_in_place_of_a_file_is_not_followed(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "secret.png", PICTURE)
    (folder / "a/00.png").unlink()
    (folder / "a/00.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(GlimpseError, match=r"a/00.png cannot be read"):
        folders.read_regular(folder / "a/00.png", "a/00.png", 100)


def test_the_place_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert load_own(str(tmp_path / "link")).names == ("a", "b")


def test_what_the_system_adds_is_no_class(folder: Path) -> None:
    for name in ("@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg", "a/@eaDir/00.png/THUMB.png",
                 ".thumbnails/1.png", "__MACOSX/a/._00.png", "#recycle/2.png", ".git/x.png",
                 "$RECYCLE.BIN/3.png", "a/.hidden.png"):  # fmt: skip
        put(folder / name, PICTURE)
    for name in ("Thumbs.db", "a/Thumbs.db", "desktop.ini", "b/.DS_Store"):
        put(folder / name)
    notes = notes_of(folder)
    assert notes.count("\n") == 0 and "Hidden files and those of the system" in notes
    assert "@eaDir" in notes or "more" in notes


def test_what_is_left_out_is_listed_with_the_reason(folder: Path) -> None:
    for number in range(3):
        put(folder / f"c/{number}.heic")
        put(folder / f"a/{number}.txt")
    put(folder / "d/movie.mp4")
    put(folder / "more.zip")
    assert notes_of(folder).split("\n") == [
        "Left out: 3 .heic files (c/0.heic, c/1.heic, c/2.heic). HEIC cannot be read here: save "
        "it as JPEG.",
        "Left out: 1 .mp4 file (d/movie.mp4). This format cannot be read: save it as PNG or JPEG.",
        "Left out: more.zip. Zips and other archives within are not opened: unpack them first.",
        "Left out: 3 .txt files (a/0.txt, a/1.txt, a/2.txt). Only files that end in .png, .jpg or "
        "as other pictures do are read.",
        "No picture that can be read is in c, d.",
    ]


def test_locked_folders_and_files_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for somebody who is not root, whom nothing is closed to."""
    put(folder / "c/1.png", PICTURE)
    scan, access = os.scandir, os.access
    monkeypatch.setattr(
        os, "scandir", lambda path: denied(path) if path == folder / "c/" else scan(path)
    )
    put(folder / "b/locked.png", PICTURE)
    monkeypatch.setattr(
        os, "access", lambda path, mode: "locked.png" not in path and access(path, mode)
    )
    notes = notes_of(folder)
    assert "b/locked.png" in notes and "c" in notes and "Reading is not permitted" in notes


def denied(path: Path) -> None:
    raise PermissionError(13, "Permission denied", str(path))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_locked_folder_is_named(folder: Path) -> None:
    put(folder / "c/1.png", PICTURE)
    (folder / "c").chmod(0)
    try:
        assert "Left out: 1 item (c). Reading is not permitted" in notes_of(folder)
    finally:
        (folder / "c").chmod(0o700)


def test_names_of_the_disk_that_are_no_text_are_read_as_the_likeliest(tmp_path: Path) -> None:
    place = tmp_path / "own"
    for name, content in GOOD.items():
        raw = name.replace("a/", "Bär/").replace("b/", "größe/").encode("cp1252")
        put(Path(os.fsdecode(os.fsencode(place) + b"/" + raw)), content)
    found = load_own(str(place))
    assert found.names == ("Bär", "größe")
    assert "read as Western European (cp1252)" in found.notes[0]


def test_names_of_both_normal_forms_are_one_class(tmp_path: Path) -> None:
    place = tmp_path / "own"
    for name, content in GOOD.items():
        put(place / name.replace("a/", "\xe9/"), content)
        put(place / name.replace("a/", "e\u0301/").replace("b/", "b/again "), content)
    found = load_own(str(place))
    assert found.names == ("b", "é") and len(found.images) == 24


def test_too_much_to_look_at_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_ENTRIES", 10)
    with pytest.raises(GlimpseError, match="own holds more than 10 files"):
        load_own(str(folder))


@pytest.mark.parametrize(
    "place",
    ["~nobody-of-this-name/x", "~nobody-of-this-name", "x" * 300, "/".join(["y" * 200] * 30),
     "a\0b", "", "  ", "/dev/null", "a\nb", "\udcff"],
)  # fmt: skip
def test_a_place_that_cannot_be_is_one_sentence(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GlimpseError) as refusal:
        load_own(place)
    assert len(str(refusal.value).encode()) < 500 and "\n" not in str(refusal.value)


def test_a_loop_of_links_or_a_locked_place_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(GlimpseError, match="There is no folder or zip"):
        load_own(str(tmp_path / "loop"))
    monkeypatch.setattr(Path, "stat", denied)
    with pytest.raises(GlimpseError, match=r"cannot be read \(Permission denied\)"):
        load_own(str(tmp_path))
