"""An embedding as tables and archives, for spreadsheets, numpy and TensorBoard's projector.

N points are tracked over F frames of a run; their features are those of the last frame.
"""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
from PIL import Image

from core.errors import GlimpseError
from core.export.points import SMALLEST_SPAN
from core.export.table import csv_table

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same points make the same zip
_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")  # of rows, lines and cells
SPRITE = "sprite.png"
DIGITS = tuple(map(str, range(10)))


class EmbeddingFrames(NamedTuple):
    """Points that move while a network learns."""

    steps: list[int]  # (F,)
    layouts: np.ndarray  # (F, N, 2), or in space (F, N, 3)
    components: np.ndarray  # (F, N, D) principal components of the features
    labels: np.ndarray  # (N,) classes from 0
    pictures: np.ndarray  # (N, H, W) uint8, ink = 255
    accuracy: list[float | None]  # (F,) of k-NN, as measured last; None before the first time
    baselines: Mapping[str, float]  # accuracy without learning, by the name of the features
    names: tuple[str, ...] = DIGITS  # of the classes, at most ten


def check(film: EmbeddingFrames) -> None:
    """Raises GlimpseError where coordinates are not finite."""
    for step, *frames in zip(film.steps, film.layouts, film.components, strict=True):
        if not all(np.isfinite(frame).all() for frame in frames):
            raise GlimpseError(
                f"This film cannot be saved, because at step {step} some coordinates are not "
                "finite numbers: train with a smaller learning rate."
            )


def extent(layouts: np.ndarray) -> np.ndarray:
    """Width and height (2,) of all frames, in space from whichever side they are seen."""
    low, high = layouts.min((0, 1)), layouts.max((0, 1))
    if layouts.shape[2] == 3:
        radius = np.linalg.norm(layouts - (low + high) / 2, axis=2).max()
        return np.full(2, max(2 * radius, SMALLEST_SPAN))
    return np.asarray(np.maximum(high - low, SMALLEST_SPAN), dtype=np.float64)


def embedding_csv(film: EmbeddingFrames) -> bytes:
    """The last frame as CSV, a row a point: its class, its place in the plot, its components."""
    check(film)
    components = film.components[-1]
    axes = "xyz"[: film.layouts.shape[2]]
    header = ["point", "label", *axes, *(f"pc{i + 1}" for i in range(components.shape[1]))]
    rows = zip(film.labels, film.layouts[-1], components, strict=True)
    return csv_table(
        header,
        ((i, film.names[label], *place, *values) for i, (label, place, values) in enumerate(rows)),
    )


def features_csv(film: EmbeddingFrames, features: np.ndarray) -> bytes:
    """The whole features (N, D) of the last frame as CSV, a row a point: its class, h1 to hD."""
    header = ["point", "label", *(f"h{i + 1}" for i in range(features.shape[1]))]
    rows = zip(film.labels, features, strict=True)
    return csv_table(
        header, ((i, film.names[label], *values) for i, (label, values) in enumerate(rows))
    )


def embedding_npz(film: EmbeddingFrames, features: np.ndarray) -> bytes:
    """Every frame, and the whole features (N, D) of the last one, for `numpy.load`."""
    check(film)
    file = BytesIO()
    np.savez_compressed(
        file,
        steps=np.array(film.steps),
        layout=film.layouts,
        components=film.components,
        features=features,
        labels=film.labels,
        names=np.array(film.names),
        pictures=film.pictures,
    )
    return file.getvalue()


def projector_zip(film: EmbeddingFrames, features: np.ndarray) -> bytes:
    """The whole features (N, D) of the last frame for TensorBoard's projector, with their labels
    and one picture of all points. It makes components of its own.

    Unpacked into a log directory TensorBoard finds it by its `projector_config.pbtxt`;
    projector.tensorflow.org takes `vectors.tsv` and `metadata.tsv` alone.
    """
    check(film)
    height, width = film.pictures.shape[1:]
    config = (
        'embeddings {\n  tensor_name: "SimCLR"\n  tensor_path: "vectors.tsv"\n'
        '  metadata_path: "metadata.tsv"\n'
        f'  sprite {{\n    image_path: "{SPRITE}"\n'
        f"    single_image_dim: {width}\n    single_image_dim: {height}\n  }}\n}}\n"
    )
    labels = (film.names[label] for label in film.labels)
    labelled = [("label", "point"), *((label, i) for i, label in enumerate(labels))]
    parts = {
        "projector_config.pbtxt": config.encode(),
        "vectors.tsv": _tsv([[f"{value:.6g}" for value in row] for row in features]),
        "metadata.tsv": _tsv(labelled),
        SPRITE: _png(255 - sprite(film.pictures)),
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, _MOMENT), content, ZIP_DEFLATED)
    return file.getvalue()


def sprite(pictures: np.ndarray) -> np.ndarray:
    """Pictures (N, H, W) row by row in the smallest square that holds them, (C * H, C * W)."""
    n, height, width = pictures.shape
    columns = sprite_columns(n)
    square = np.zeros((columns**2, height, width), pictures.dtype)
    square[:n] = pictures
    rows = square.reshape(columns, columns, height, width)
    return rows.transpose(0, 2, 1, 3).reshape(columns * height, columns * width)


def sprite_columns(n: int) -> int:
    """How many columns the sprite of n pictures has; it has as many rows."""
    return int(np.ceil(np.sqrt(n)))


def _tsv(rows: Sequence[Sequence[object]]) -> bytes:
    """Cells as they are, since the projector knows no quotes; what would break a row is a space."""
    lines = ("\t".join(_BREAKS.sub(" ", str(cell)) for cell in row) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def _png(pixels: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return file.getvalue()
