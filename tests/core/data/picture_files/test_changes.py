"""Own pictures are read again when any file has changed, and else kept."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from core.data import own_pictures
from core.data.own_pictures import load_own
from core.errors import GlimpseError
from tests.helpers.own_pictures import DIGITS, GOOD, as_zip, png

MOMENT = 10**18  # ns: all files were written at one time, as when a zip was unpacked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "own"
    for i, digit in enumerate(DIGITS):
        put(place / f"{'ab'[i // 6]}/{i:02}.bmp", digit)
    return place


def put(file: Path, digit: np.ndarray, at: int = MOMENT) -> None:
    """A picture of always the same size."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(digit).save(file, "BMP")
    os.utime(file, ns=(at, at))


def move_to_another_class(folder: Path) -> None:
    (folder / "a/00.bmp").rename(folder / "b/00.bmp")


def rename_a_folder(folder: Path) -> None:
    (folder / "a").rename(folder / "z")


def put_an_older_file_in_place(folder: Path) -> None:
    put(folder / "a/00.bmp", DIGITS[0] // 2, at=MOMENT - 10**9)


def put_a_file_of_the_same_time_in_place(folder: Path) -> None:
    put(folder / "new", DIGITS[0] // 2)
    (folder / "new").rename(folder / "a/00.bmp")


def swap_two(folder: Path) -> None:
    (folder / "a/00.bmp").rename(folder / "aside")
    (folder / "b/07.bmp").rename(folder / "a/00.bmp")
    (folder / "aside").rename(folder / "b/07.bmp")


def replace_one_by_another(folder: Path) -> None:
    (folder / "a/00.bmp").unlink()
    put(folder / "a/99.bmp", DIGITS[0])


@pytest.mark.parametrize(
    "change",
    [
        move_to_another_class,
        rename_a_folder,
        put_an_older_file_in_place,
        put_a_file_of_the_same_time_in_place,
        swap_two,
        replace_one_by_another,
    ],
)
def test_a_change_is_seen(change: Callable[[Path], None], folder: Path) -> None:
    before = load_own(str(folder))
    change(folder)
    now = load_own(str(folder))
    own_pictures._kept.clear()
    afresh = load_own(str(folder))  # as a new process has it
    assert (now.names, now.digest) == (afresh.names, afresh.digest)
    assert torch.equal(now.images, afresh.images) and torch.equal(now.labels, afresh.labels)
    assert (before.names, before.digest) != (now.names, now.digest)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_the_same_pictures_are_kept(packed: bool, folder: Path, tmp_path: Path) -> None:
    place = str(as_zip(tmp_path / "own.zip", GOOD)) if packed else str(folder)
    first = load_own(place)
    assert load_own(place) is first
    load_own(str(as_zip(tmp_path / "second.zip", GOOD)))
    assert load_own(place) is first
    load_own(str(as_zip(tmp_path / "third.zip", GOOD)))
    load_own(str(as_zip(tmp_path / "fourth.zip", GOOD)))
    assert load_own(place) is not first, "two sets at most are in memory"
    assert load_own(place).digest == first.digest


def test_of_what_is_refused_the_sentence_alone_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD | {"b/99.png": b"no picture"})
    with pytest.raises(GlimpseError) as first:
        load_own(str(place))
    assert [found for found in own_pictures._kept.values() if isinstance(found, str)][-1] == str(
        first.value
    )
    with monkeypatch.context() as patch:
        patch.setattr(own_pictures, "_read_or_refuse", lambda *_: pytest.fail("read again"))
        with pytest.raises(GlimpseError, match=r"b/99.png is not a readable picture"):
            load_own(str(place))
    as_zip(place, GOOD | {"b/99.png": png(Image.fromarray(DIGITS[0]))})
    assert len(load_own(str(place)).images) == 13
