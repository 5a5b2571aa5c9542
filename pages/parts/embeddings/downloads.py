"""What an embedding is taken away as: its film, its points, its encoder, and the command."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.data.catalog import SOURCES
from core.errors import GlimpseError
from core.export.embedding import (
    DIGITS,
    EmbeddingFrames,
    embedding_csv,
    embedding_npz,
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
from core.training.run_folder import RunFolder, list_runs, open_run
from core.training.series import Series
from pages.parts.downloads import Offer, offer_downloads
from pages.parts.embeddings.recording import NAME, PROJECTION, PROJECTIONS, laid_out
from pages.parts.embeddings.run_points import points_of
from pages.parts.embeddings.tracked_digits import is_of_photos
from pages.parts.words import run_label

if TYPE_CHECKING:
    from core.methods.simclr.config import SimClrConfig
    from core.methods.simclr.method import SimClr

RECORDING = "recording"  # in place of a run's id
CHOSEN, LAID_OUT = "away_run", "away_projection"
MOST_FRAMES = 72  # of a run, as of the recording
BASELINES = {"raw pixels": "knn_accuracy_pixels", "before training": "knn_accuracy_untrained"}


@dataclass(frozen=True)
class Taken:
    """The recording or a run, by its id, and the projection in which its points are laid out."""

    chosen: str = RECORDING
    projection: str = next(iter(PROJECTIONS))

    @property
    def run(self) -> RunFolder:
        return open_recording(NAME) if self.chosen == RECORDING else open_run(self.chosen)


@st.fragment
def offer_embedding_downloads() -> None:
    """The *Take away* layer of the page, of the recording or of a run of one's own."""
    taken = _choose()
    try:
        made, command = offers(taken), command_of(taken)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return
    offer_downloads(made, command, key=f"embedding-{taken.chosen}")


def _choose() -> Taken:
    """At first the recording, in the projection that its film was first looked at."""
    watched = [run for run in list_runs() if run.method == NAME and run.snapshot_steps()]
    runs = {run.id: run for run in watched if not is_of_photos(run)}
    labels = {RECORDING: "The recording above"} | {
        run_id: run_label(run) for run_id, run in runs.items()
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = RECORDING
        if runs:
            chosen = st.selectbox(
                "Of", list(labels), key=CHOSEN, format_func=lambda run: labels[run], width=420
            )
        looked_at = st.session_state.get(PROJECTION)  # UMAP has one frame, and is no film
        first = looked_at if looked_at in PROJECTIONS else Taken.projection
        st.session_state.setdefault(LAID_OUT, first)
        projection = st.segmented_control(
            "Laid out by", list(PROJECTIONS), key=LAID_OUT, required=True, width="content"
        )
    if len(runs) < len(watched):
        st.caption(
            "Of runs on photos, the terminal exports the weights: `python -m core runs export`."
        )
    return Taken(chosen, str(projection))


def config_of(taken: Taken) -> "SimClrConfig":
    """Raises GlimpseError for a run of settings that are no more."""
    from core.config import parse_config
    from core.methods.simclr.config import SimClrConfig

    return parse_config(SimClrConfig, taken.run.config)


def command_of(taken: Taken) -> str:
    """What trains the same again. Raises GlimpseError as `config_of`."""
    return command_line(NAME, config_of(taken))


def film_of(taken: Taken) -> EmbeddingFrames:
    """The frames of a run, at most 72 of them, with what was last measured at each."""
    run = taken.run
    steps = film_steps(run.snapshot_steps(), MOST_FRAMES)
    snapshots = [run.snapshot(step) for step in steps]
    series = Series(run)
    series.update()
    measured_at, measured = series.curve("knn_accuracy")
    newest = np.searchsorted(measured_at, steps, side="right") - 1
    points = points_of(run)
    assert points.pictures is not None, "runs of photos are not offered"
    return EmbeddingFrames(
        steps,
        laid_out(snapshots, taken.projection),
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


def offers(taken: Taken) -> list[Offer]:
    """What there is of it to take away."""
    stem = f"glimpse-{NAME}" if taken.chosen == RECORDING else taken.chosen
    return [
        Offer(file.label, file.icon, file.what, f"{stem}{file.ending}", file.mime,
              partial(file.make, taken))
        for file in FILES
    ]  # fmt: skip


def _caption(taken: Taken) -> Caption:
    config, points = config_of(taken), points_of(taken.run)
    assert points.pictures is not None
    is_own = config.source == "own"
    relation = "that it trains on" if is_own else "that it did not train on"
    titles = {"sample": "4,000 digits", "own": "pictures of one's own"}
    data = titles.get(config.source) or SOURCES[config.source].title
    return Caption(
        f"SimCLR sorts {points.what} that it was given no labels for",
        f"{len(points.pictures):,} {points.what} {relation}, laid out by {taken.projection} from "
        "its features",
        f"SimCLR trained on {data} for {config.steps:,} steps, seed {config.seed}",
        command_of(taken),
    )


# ---- the files: each function makes one ------------------------------------------------------


def _html(taken: Taken) -> bytes:
    return embedding_html(film_of(taken), _caption(taken))


def _gif(taken: Taken) -> bytes:
    return embedding_gif(film_of(taken), _caption(taken))


def _png(taken: Taken) -> bytes:
    return embedding_png(film_of(taken), _caption(taken))


def _svg(taken: Taken) -> bytes:
    return embedding_svg(film_of(taken), _caption(taken))


def _csv(taken: Taken) -> bytes:
    return embedding_csv(film_of(taken))


def _npz(taken: Taken) -> bytes:
    """With h (N, D) of the watched digits."""
    method = _method(taken)
    return embedding_npz(film_of(taken), method.embed(method.tracked.images).cpu().numpy())


def _projector(taken: Taken) -> bytes:
    return projector_zip(film_of(taken))


def _weights(taken: Taken) -> bytes:
    """Of a run they are measured first, for their card."""
    from core.zoo.weights import export

    if taken.chosen == RECORDING:
        return weights_zip(ASSETS / "weights" / NAME)
    with TemporaryDirectory() as folder:
        export(taken.run, Path(folder) / taken.chosen)
        return weights_zip(Path(folder) / taken.chosen)


def _program(taken: Taken) -> bytes:
    from core.models.exported import exported_encoder

    return exported_encoder(_method(taken).net.encoder)


def _method(taken: Taken) -> "SimClr":
    """The network of the recording, or of a run's last checkpoint. Imports torch."""
    from core.methods.simclr.method import SimClr
    from core.zoo.weights import load_shipped, restore, restore_run

    method = restore(load_shipped(NAME)) if taken.chosen == RECORDING else restore_run(taken.run)
    assert isinstance(method, SimClr)
    return method


class _File(NamedTuple):
    label: str
    icon: str
    ending: str
    mime: str
    make: Callable[[Taken], bytes]
    what: str


FILES = (
    _File(
        "Film as HTML", "html", ".html", "text/html", _html,
        "One file that plays and scrubs in any browser, without a network; hover shows digits.",
    ),
    _File(
        "Film as GIF", "gif_box", ".gif", "image/gif", _gif,
        "The plot, step by step, with the accuracy's curve, for a slide; in 3-D it turns.",
    ),
    _File(
        "Figure as PNG", "image", ".png", "image/png", _png,
        "The plot at the last step, with legend and accuracy, sharp enough for a slide.",
    ),
    _File(
        "Figure as SVG", "shape_line", ".svg", "image/svg+xml", _svg,
        "The same in vectors, for a paper: one circle for each digit, and text stays text.",
    ),
    _File(
        "Points as CSV", "table", ".csv", "text/csv", _csv,
        "Label, place in the plot and 16 principal components of each digit, at the end.",
    ),
    _File(
        "Points as NPZ", "data_array", ".npz", "application/zip", _npz,
        "All frames, the whole features h, the labels and the pictures, for `numpy.load`.",
    ),
    _File(
        "Projector", "scatter_plot", "-projector.zip", "application/zip", _projector,
        "Vectors and metadata as TSV and a sprite, for TensorBoard's embedding projector.",
    ),
    _File(
        "Weights", "deployed_code", "-weights.zip", "application/zip", _weights,
        "Encoder and head as safetensors, with the card that says how they were made.",
    ),
    _File(
        "Encoder as PT2", "frame_source", ".pt2", "application/octet-stream", _program,
        "A `torch.export` program: pictures (B, 1, 28, 28) to features, without Glimpse.",
    ),
)  # fmt: skip
