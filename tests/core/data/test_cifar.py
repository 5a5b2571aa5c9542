"""CIFAR-10 in torchvision's files: its photos, and the message where they are missing."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from core.data.catalog import SOURCES
from core.data.cifar import first_of_each_class, load_photos
from core.errors import GlimpseError
from tests.helpers.made_cifar import BATCHES, make_cifar


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_photos_are_those_of_the_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_cifar(root, monkeypatch)
    assert SOURCES["cifar10"].present() and SOURCES["cifar10"].where() == folder
    train, held_out = load_photos("train"), load_photos("held_out")
    assert train.images.shape == (300, 3, 32, 32) and held_out.images.shape == (200, 3, 32, 32)
    written = pickle.loads((folder / BATCHES[1]).read_bytes())
    expected = written["data"].reshape(60, 3, 32, 32)
    np.testing.assert_array_equal(train.images[60:120].numpy(), expected)
    assert train.labels[60:120].tolist() == written["labels"]


def test_first_of_each_class_class_are_its_first(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_cifar(root, monkeypatch)
    photos = load_photos("held_out")
    some = first_of_each_class(photos, 3)
    assert (
        torch.equal(some.images, photos.images[:30])
        and len(first_of_each_class(photos, 100)) == 200
    )


def test_missing_and_damaged_photos_are_one_sentence_each(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not SOURCES["cifar10"].present()
    with pytest.raises(GlimpseError, match="CIFAR-10 is not here yet: download it on the Start"):
        load_photos("train")
    folder = make_cifar(root, monkeypatch)
    (folder / BATCHES[0]).write_bytes(b"cut short")
    with pytest.raises(GlimpseError, match="damaged or not CIFAR-10's: move it elsewhere"):
        load_photos("train")
