"""The shipped sample and the full MNIST."""

import hashlib
import struct
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from core.data.catalog import DIGIT_SAMPLE
from core.data.digits import LabelledImages, _sample, load_digits
from core.errors import GlimpseError


def hashes(digits: LabelledImages) -> set[str]:
    return {hashlib.sha256(image.tobytes()).hexdigest() for image in digits.images.numpy()}


def per_class(labels: Tensor) -> list[int]:
    return torch.bincount(labels, minlength=10).tolist()


@pytest.mark.parametrize(("split", "each"), [("train", 400), ("held_out", 100)])
def test_sample_is_balanced_in_every_prefix(split: str, each: int) -> None:
    digits = load_digits("sample", split)  # type: ignore[arg-type]
    assert digits.images.shape == (10 * each, 28, 28)
    assert digits.images.dtype == torch.uint8
    assert digits.labels.dtype == torch.int64
    assert len(digits) == 10 * each
    assert per_class(digits.labels) == [each] * 10
    assert digits.labels[:20].tolist() == [*range(10), *range(10)]


def test_ink_is_bright_and_the_border_is_empty() -> None:
    images = load_digits("sample", "train").images
    assert images[:, 0].max() == 0  # MNIST leaves a margin
    assert 0.08 < images.float().mean() / 255 < 0.2


def test_sample_has_no_digit_twice() -> None:
    both = hashes(load_digits("sample", "train")) | hashes(load_digits("sample", "held_out"))
    assert len(both) == 5000


def test_sample_is_small_and_loads_at_once() -> None:
    assert DIGIT_SAMPLE.stat().st_size < 1_500_000
    _sample.cache_clear()
    start = time.perf_counter()
    load_digits("sample", "train")
    assert time.perf_counter() - start < 2  # about 0.01 s; this bound only catches a blunder


@pytest.mark.usefixtures("mnist_root")
def test_mnist_train_leaves_out_exactly_the_held_out_sample() -> None:
    train, held_out = load_digits("mnist", "train"), load_digits("sample", "held_out")
    assert len(train) == 59_000
    assert hashes(train).isdisjoint(hashes(held_out))
    # What is left plus what was taken is MNIST: 5,923 zeros, 6,742 ones, and so on.
    whole = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert per_class(train.labels) == [count - 100 for count in whole]
    assert len(hashes(train)) == 59_000


@pytest.mark.usefixtures("mnist_root")
def test_sample_has_the_pixels_and_labels_of_mnist() -> None:
    full, sample = load_digits("mnist", "train"), load_digits("sample", "train")
    label_of = {i.tobytes(): int(y) for i, y in zip(full.images.numpy(), full.labels, strict=True)}
    found = [label_of[image.tobytes()] for image in sample.images.numpy()]
    assert found == sample.labels.tolist()


@pytest.mark.usefixtures("mnist_root")
def test_mnist_held_out_is_the_test_set() -> None:
    held_out = load_digits("mnist", "held_out")
    assert held_out.images.shape == (10_000, 28, 28)
    assert held_out.labels[:5].tolist() == [7, 2, 1, 0, 4]  # the published order
    assert hashes(held_out).isdisjoint(hashes(load_digits("mnist", "train")))


def test_missing_mnist_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    with pytest.raises(GlimpseError, match="python -m core data download mnist"):
        load_digits("mnist", "train")


@pytest.mark.parametrize("cut", [0, 10, 100_000])
def test_truncated_mnist_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    write_mnist(tmp_path, bytes_of_images=cut)
    with pytest.raises(GlimpseError, match="not whole"):
        load_digits("mnist", "held_out")


def write_mnist(root: Path, bytes_of_images: int) -> None:
    """MNIST's files with 10,000 blank test digits, of which only some bytes are there."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    images = struct.pack(">iiii", 2051, 10_000, 28, 28) + bytes(10_000 * 784)
    labels = struct.pack(">ii", 2049, 10_000) + np.zeros(10_000, np.uint8).tobytes()
    (raw / "t10k-images-idx3-ubyte").write_bytes(images[:bytes_of_images])
    (raw / "t10k-labels-idx1-ubyte").write_bytes(labels)
    (raw / "train-images-idx3-ubyte").write_bytes(b"")
    (raw / "train-labels-idx1-ubyte").write_bytes(b"")
