import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import GlimpseError
from core.training.files import (
    UnusableFileError,
    disk_errors,
    open_descriptor,
    open_regular,
    read_regular,
    replace_file,
)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


NO_FILES: dict[str, Callable[[Path], object]] = {
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "socket": _socket,
    "link to a file": lambda path: path.symlink_to("/etc/hostname"),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to nothing": lambda path: path.symlink_to("gone"),
}


@pytest.fixture(params=NO_FILES)
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "file"
    NO_FILES[request.param](path)
    return path


def test_only_a_regular_file_is_read(no_file: Path) -> None:
    with pytest.raises(UnusableFileError):
        read_regular(no_file, 100)


@pytest.mark.parametrize("flags", [os.O_RDWR | os.O_CREAT, os.O_WRONLY | os.O_APPEND | os.O_CREAT])
def test_only_a_regular_file_is_written(no_file: Path, flags: int) -> None:
    with pytest.raises(UnusableFileError):
        open_descriptor(no_file, flags)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    assert read_regular(path, 3) == b"abc"
    with pytest.raises(UnusableFileError, match="larger than 2 bytes"):
        open_regular(path, 2)


def test_a_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "file", 3)


def test_the_file_at_which_a_link_points_is_never_replaced(tmp_path: Path) -> None:
    outside, path = tmp_path / "outside", tmp_path / "file"
    outside.write_bytes(b"theirs")
    path.symlink_to(outside)
    (tmp_path / f".file.{os.getpid()}.part").symlink_to(outside)
    replace_file(path, b"ours")
    assert (path.read_bytes(), outside.read_bytes()) == (b"ours", b"theirs")


def test_a_sentence_says_what_is_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(GlimpseError, match="not a regular file"), disk_errors(tmp_path):
        open_descriptor(tmp_path)
