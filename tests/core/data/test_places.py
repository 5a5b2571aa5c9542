"""Data sets as people have them: packed, renamed, in other folders, or with something missing."""

import gzip
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from core.data import digits, places
from core.data.catalog import SOURCES
from core.data.cifar import load_photos
from core.data.digits import load_digits
from core.errors import GlimpseError
from tests.helpers.made_cifar import make_cifar

COUNTS = {"train": 60, "t10k": 20}
IDX = tuple(places.IDX_BYTES)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data root, for an MNIST of 60 and 20 digits."""
    small = {name: len(idx(name)) for name in IDX}
    monkeypatch.setattr(places, "IDX_BYTES", small)
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "data"))
    digits._mnist.cache_clear()
    return tmp_path / "data"


def idx(name: str) -> bytes:
    """A file of MNIST's format, of random digits."""
    count = COUNTS[name.partition("-")[0]]
    shape = (count, 28, 28) if "images" in name else (count,)
    numbers = np.random.default_rng(IDX.index(name)).integers(0, 10, shape)
    sizes = b"".join(size.to_bytes(4, "big") for size in shape)
    return bytes([0, 0, 8, len(shape)]) + sizes + numbers.astype(np.uint8).tobytes()


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def dotted(name: str) -> str:
    return name.replace("-idx", ".idx")


LAYOUTS: dict[str, Callable[[str], str]] = {
    "torchvision": lambda name: f"MNIST/raw/{name}",
    "packed": lambda name: f"MNIST/raw/{name}.gz",
    "packed in the root": lambda name: f"{name}.gz",
    "dotted": lambda name: f"mnist/{dotted(name)}",
    "dotted and packed": lambda name: f"MNIST/{dotted(name)}.gz",
    "in folders of their names": lambda name: f"MNIST/raw/{dotted(name)}/{dotted(name)}",
    "in folders of other names": lambda name: f"mnist/{name}/{dotted(name)}",
    "partly packed": lambda name: f"MNIST/raw/{name}" + (".gz" if "images" in name else ""),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_mnist_is_read_under_every_usual_name(layout: str, root: Path) -> None:
    for name in IDX:
        place = LAYOUTS[layout](name)
        put(root / place, gzip.compress(idx(name)) if place.endswith(".gz") else idx(name))
    assert SOURCES["mnist"].present()
    for split, kind in (("train", "train"), ("held_out", "t10k")):
        loaded = load_digits("mnist", split)  # type: ignore[arg-type]
        assert loaded.images.numpy().tobytes() == idx(f"{kind}-images-idx3-ubyte")[16:]
        assert loaded.labels.byte().numpy().tobytes() == idx(f"{kind}-labels-idx1-ubyte")[8:]
        assert loaded.labels.dtype == torch.int64


@pytest.mark.parametrize("place", ["mnist.npz", "MNIST/mnist.npz", "mnist/mnist.npz"])
def test_mnist_is_read_as_keras_keeps_it(place: str, root: Path) -> None:
    arrays = {}
    for split, kind in (("train", "train"), ("test", "t10k")):
        images = np.frombuffer(idx(f"{kind}-images-idx3-ubyte")[16:], np.uint8)
        arrays[f"x_{split}"] = images.reshape(-1, 28, 28)
        arrays[f"y_{split}"] = np.frombuffer(idx(f"{kind}-labels-idx1-ubyte")[8:], np.uint8)
    path = root / place
    path.parent.mkdir(parents=True)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    assert SOURCES["mnist"].present()
    assert len(load_digits("mnist", "train")) == 60
    held_out = load_digits("mnist", "held_out")
    np.testing.assert_array_equal(held_out.images.numpy(), arrays["x_test"])
    digits._mnist.cache_clear()
    np.savez_compressed(path, x_train=arrays["x_train"])
    assert "mnist.npz cannot be read as MNIST: move" in refusal(
        lambda: load_digits("mnist", "train")
    )


def refusal(load: Callable[[], object]) -> str:
    with pytest.raises(GlimpseError) as refused:
        load()
    sentence = str(refused.value)
    assert "delete" not in sentence and "\n" not in sentence
    return sentence


def test_what_is_missing_is_said_and_what_is_there_is_kept(root: Path) -> None:
    for name in IDX[:3]:
        put(root / "MNIST" / "raw" / f"{name}.gz", gzip.compress(idx(name)))
    assert len(load_digits("mnist", "train")) == 60, "of which nothing is missing"
    sentence = refusal(lambda: load_digits("mnist", "held_out"))
    assert sentence.startswith("Of the full MNIST, t10k-labels-idx1-ubyte cannot be found")
    assert str(root / "MNIST" / "raw") in sentence and not SOURCES["mnist"].present()
    for name in IDX[:3]:
        assert (root / "MNIST" / "raw" / f"{name}.gz").is_file()


@pytest.mark.parametrize("damage", ["cut", "empty", "not packed at all", "other numbers"])
def test_a_damaged_file_is_named_and_no_other(damage: str, root: Path) -> None:
    whole = {name: gzip.compress(idx(name)) for name in IDX}
    packed = whole[IDX[2]]
    whole[IDX[2]] = {
        "cut": packed[:-9], "empty": b"", "not packed at all": idx(IDX[2]),
        "other numbers": gzip.compress(bytes(len(idx(IDX[2])))),
    }[damage]  # fmt: skip
    for name, content in whole.items():
        put(root / "MNIST" / "raw" / f"{name}.gz", content)
    sentence = refusal(lambda: load_digits("mnist", "held_out"))
    assert f"{IDX[2]}.gz" in sentence and IDX[0] not in sentence and IDX[3] not in sentence
    assert len(load_digits("mnist", "train")) == 60


@pytest.mark.parametrize("place", ["cifar-10-batches-py", "cifar10/cifar-10-batches-py", "CIFAR10"])
def test_photos_are_read_from_every_usual_folder(
    place: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_cifar(root / "made", monkeypatch, batch=10, test=20)
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, root / place)
    assert SOURCES["cifar10"].present()
    assert len(load_photos("train")) == 50 and len(load_photos("held_out")) == 20


def test_photos_are_read_from_the_archive_as_it_was_downloaded(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_cifar(root / "made", monkeypatch, batch=10, test=20)
    archive = root / places.PHOTOS_ARCHIVE
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(made, made.name)
    shutil.rmtree(root / "made")
    assert SOURCES["cifar10"].present()
    assert SOURCES["cifar10"].disk_bytes() == archive.stat().st_size
    photos = load_photos("train")
    assert photos.images.shape == (50, 3, 32, 32) and photos.labels[:10].tolist() == [*range(10)]
    archive.write_bytes(archive.read_bytes()[:2000])
    assert "cannot be read: move it elsewhere" in refusal(lambda: load_photos("held_out"))


def test_a_missing_batch_of_photos_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_cifar(root, monkeypatch, batch=10, test=20)
    (folder / "data_batch_3").unlink()
    assert not SOURCES["cifar10"].present()
    assert refusal(lambda: load_photos("train")).startswith("Of CIFAR-10, data_batch_3 cannot be")
    assert len(load_photos("held_out")) == 20
