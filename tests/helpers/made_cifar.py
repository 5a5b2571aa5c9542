"""A made-up CIFAR-10 in torchvision's format: random photos, each class of a tint of its own."""

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from torchvision.datasets import CIFAR10

CLASSES = 10
BATCHES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")


def make_cifar(root: Path, patch: pytest.MonkeyPatch, batch: int = 60, test: int = 200) -> Path:
    """Writes it below a data root, with checksums that torchvision takes; returns its folder."""
    folder: Path = root / CIFAR10.base_folder
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    sizes = dict.fromkeys(BATCHES, batch) | {"test_batch": test}
    sums = {name: _write(folder / name, n, random) for name, n in sizes.items()}
    names = pickle.dumps({"label_names": [str(number) for number in range(CLASSES)]})
    (folder / "batches.meta").write_bytes(names)
    patch.setattr(CIFAR10, "train_list", [[name, sums[name]] for name in BATCHES])
    patch.setattr(CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    patch.setattr(CIFAR10, "meta", {"filename": "batches.meta", "key": "label_names",
                                    "md5": hashlib.md5(names).hexdigest()})  # fmt: skip
    return folder


def _write(path: Path, n: int, random: np.random.Generator) -> str:
    """Photos (n, 3072), the red of all pixels first; classes in turn. Returns the checksum."""
    labels = np.arange(n) % CLASSES
    tints = np.linspace(0, 191, CLASSES)[labels][:, None]
    red = random.integers(0, 64, (n, 1024)) + tints
    others = random.integers(0, 256, (n, 2048))
    data = np.concatenate([red, others], axis=1).astype(np.uint8)
    content = pickle.dumps({"data": data, "labels": labels.tolist()})
    path.write_bytes(content)
    return hashlib.md5(content).hexdigest()
