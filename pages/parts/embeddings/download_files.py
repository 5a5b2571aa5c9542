"""The files that an embedding can be downloaded as; each is made when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.data.catalog import SOURCES
from core.export.embedding import (
    DIGITS,
    EmbeddingFrames,
    embedding_csv,
    embedding_npz,
    features_csv,
    projector_zip,
)
from core.export.embedding_figure import embedding_png, embedding_svg
from core.export.embedding_gif import embedding_gif
from core.export.embedding_html import embedding_html
from core.export.film import Caption
from core.export.weights import weights_zip
from core.flags import command_line
from core.paths import ASSETS
from core.training.recording import film_steps, open_recording
from core.training.run_folder import RunFolder, open_run
from core.training.series import Series
from pages.parts.downloads import Download
from pages.parts.embeddings.recording import NAME, PROJECTIONS, laid_out
from pages.parts.embeddings.run_points import points_of
from pages.parts.shipped import shipped_simclr

if TYPE_CHECKING:
    from core.methods.simclr.config import SimClrConfig
    from core.methods.simclr.method import SimClr

RECORDING = "recording"  # in place of a run's id
MAX_FRAMES = 72  # of a run, as of the recording
BASELINES = {"raw pixels": "knn_accuracy_pixels", "before training": "knn_accuracy_untrained"}


@dataclass(frozen=True)
class Selection:
    """The recording or a run, by its id, and the projection of its points."""

    run_id: str = RECORDING
    projection: str = next(iter(PROJECTIONS))

    @property
    def run(self) -> RunFolder:
        return open_recording(NAME) if self.run_id == RECORDING else open_run(self.run_id)


def config_of(selection: Selection) -> "SimClrConfig":
    """The settings. Raises GlimpseError for a run whose settings this Glimpse does not know."""
    from core.config import parse_config
    from core.methods.simclr.config import SimClrConfig

    return parse_config(SimClrConfig, selection.run.config)


def command_of(selection: Selection) -> str:
    """The command that trains the same again. Raises GlimpseError as `config_of`."""
    return command_line(NAME, config_of(selection), selection.run.status().step)


def frames_of(selection: Selection) -> EmbeddingFrames:
    """At most 72 frames of the run, each with the accuracy that was measured last."""
    run = selection.run
    steps = film_steps(run.snapshot_steps(), MAX_FRAMES)
    snapshots = [run.snapshot(step) for step in steps]
    series = Series(run)
    series.update()
    measured_at, measured = series.curve("knn_accuracy")
    newest = np.searchsorted(measured_at, steps, side="right") - 1
    points = points_of(run)
    assert points.pictures is not None, "runs of photos are not offered"
    return EmbeddingFrames(
        steps,
        laid_out(snapshots, selection.projection),
        np.stack([snapshot["embedding"] for snapshot in snapshots]).astype(np.float32),
        snapshots[0]["labels"],
        points.pictures,
        [float(measured[place]) if place >= 0 else None for place in newest],
        {
            name: float(series.curve(scalar)[1][0])
            for name, scalar in BASELINES.items()
            if len(series.curve(scalar)[1])
        },
        points.names or DIGITS,
    )


def downloads_of(selection: Selection) -> list[Download]:
    """All files of a selection."""
    stem = f"glimpse-{NAME}" if selection.run_id == RECORDING else selection.run_id
    return [
        Download(file.label, file.icon, file.description, f"{stem}{file.ending}", file.mime,
              partial(file.make, selection))
        for file in FILES
    ]  # fmt: skip


def _caption(selection: Selection) -> Caption:
    config, points = config_of(selection), points_of(selection.run)
    assert points.pictures is not None
    is_own = config.source == "own"
    relation = "that it trains on" if is_own else "that it did not train on"
    titles = {"sample": "4,000 digits", "own": "pictures of one's own"}
    data = titles.get(config.source) or SOURCES[config.source].title
    return Caption(
        f"SimCLR sorts {points.kind} without labels",
        f"{len(points.pictures):,} {points.kind} {relation}, laid out by {selection.projection} "
        "from its features",
        f"SimCLR trained on {data} for {_steps(selection, config)} steps, seed {config.seed}",
        command_of(selection),
    )


def _steps(selection: Selection, config: "SimClrConfig") -> str:
    """1,000, or 133 of 1,000 where the run has not come further."""
    taken = selection.run.status().step
    return f"{config.steps:,}" if taken >= config.steps else f"{taken:,} of {config.steps:,}"


# ---- the files: each function makes one ------------------------------------------------------


def _html(selection: Selection) -> bytes:
    return embedding_html(frames_of(selection), _caption(selection))


def _gif(selection: Selection) -> bytes:
    return embedding_gif(frames_of(selection), _caption(selection))


def _png(selection: Selection) -> bytes:
    return embedding_png(frames_of(selection), _caption(selection))


def _svg(selection: Selection) -> bytes:
    return embedding_svg(frames_of(selection), _caption(selection))


def _csv(selection: Selection) -> bytes:
    return embedding_csv(frames_of(selection))


def _features(selection: Selection) -> bytes:
    frames = frames_of(selection)
    return features_csv(frames, _features_of(selection, frames))


def _npz(selection: Selection) -> bytes:
    frames = frames_of(selection)
    return embedding_npz(frames, _features_of(selection, frames))


def _projector(selection: Selection) -> bytes:
    frames = frames_of(selection)
    return projector_zip(frames, _features_of(selection, frames))


def _features_of(selection: Selection, frames: EmbeddingFrames) -> np.ndarray:
    """The whole features h (N, D) of the tracked pictures, by the network of `_method`."""
    import torch

    features: np.ndarray = _method(selection).embed(torch.tensor(frames.pictures)).cpu().numpy()
    return features


def _weights(selection: Selection) -> bytes:
    """A run is evaluated first, for the card."""
    from core.zoo.weights import export

    if selection.run_id == RECORDING:
        return weights_zip(ASSETS / "weights" / NAME)
    with TemporaryDirectory() as folder:
        place = Path(folder) / selection.run_id
        export(selection.run, place, f"python -m core evaluate ./{selection.run_id}.safetensors")
        return weights_zip(place)


def _program(selection: Selection) -> bytes:
    from core.models.exported import exported_encoder

    return exported_encoder(_method(selection).net.encoder)


def _method(selection: Selection) -> "SimClr":
    """The network of the recording, or of a run's last checkpoint. Imports torch."""
    from core.methods.simclr.method import SimClr
    from core.zoo.weights import restore_run

    if selection.run_id == RECORDING:
        return shipped_simclr()
    method = restore_run(selection.run)
    assert isinstance(method, SimClr)
    return method


class _File(NamedTuple):
    label: str
    icon: str
    ending: str
    mime: str
    make: Callable[[Selection], bytes]
    description: str


FILES = (
    _File(
        "Film as HTML", "html", ".html", "text/html", _html,
        "One file that plays in any browser, offline; a point shows its digit under the pointer.",
    ),
    _File(
        "Film as GIF", "gif_box", ".gif", "image/gif", _gif,
        "The plot, step by step, with the curve of the accuracy, for a slide. In 3-D it rotates.",
    ),
    _File(
        "Figure as PNG", "image", ".png", "image/png", _png,
        "The plot at the last step with legend and accuracy, for a slide.",
    ),
    _File(
        "Figure as SVG", "shape_line", ".svg", "image/svg+xml", _svg,
        "The same as vector graphics, for a paper; text stays editable.",
    ),
    _File(
        "Points as CSV", "table", ".csv", "text/csv", _csv,
        "Label, position and the first 16 principal components (pc1, pc2, …) of each picture's "
        "features at the last step.",
    ),
    _File(
        "Features as CSV", "table_rows", "-features.csv", "text/csv", _features,
        "Label and the whole features h of each picture, as the trained network gives them: what "
        "a classifier of your own takes.",
    ),
    _File(
        "Points as NPZ", "data_array", ".npz", "application/zip", _npz,
        "For `numpy.load`: `layout` and 16 principal `components` at every step, the whole "
        "`features` h of the trained network, labels and pictures.",
    ),
    _File(
        "Projector", "scatter_plot", "-projector.zip", "application/zip", _projector,
        "The whole features h, labels and pictures for TensorBoard's embedding projector, which "
        "makes principal components of its own.",
    ),
    _File(
        "Weights", "deployed_code", "-weights.zip", "application/zip", _weights,
        "Encoder and head as safetensors, with a card that says how they were made.",
    ),
    _File(
        "Encoder as PT2", "frame_source", ".pt2", "application/octet-stream", _program,
        "A `torch.export` program: pictures (B, 1, 28, 28), from 0 to 1, in; features out.",
    ),
)  # fmt: skip
