"""What an embedding is taken away as: its film, its points, its encoder, and the command."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.data.catalog import SOURCES
from core.errors import GlimpseError
from core.export.embedding import EmbeddingFilm, embedding_csv, embedding_npz, projector_zip
from core.export.embedding_gif import embedding_gif
from core.export.embedding_html import embedding_html
from core.export.film import Caption
from core.export.weights import weights_zip
from core.flags import command_line
from core.paths import ASSETS
from core.training.recording import film_steps, open_recording
from core.training.run_folder import RunFolder, list_runs, open_run
from core.training.series import Series
from pages.parts.take_away import Offer, take_away
from pages.parts.watched_digits import watched_digits
from pages.parts.words import run_label

if TYPE_CHECKING:
    from core.methods.simclr import SimClr
    from core.methods.simclr_config import SimClrConfig

NAME = "simclr"
RECORDING = "recording"  # in place of a run's id
CHOSEN = "away_run"
MOST_FRAMES = 72  # of a run, as of the recording
BASELINES = {"raw pixels": "knn_accuracy_pixels", "before training": "knn_accuracy_untrained"}


@st.fragment
def take_embedding_away() -> None:
    """The *Take away* layer of the page, of the recording or of a run of one's own."""
    runs = {run.id: run for run in list_runs() if run.method == NAME and run.snapshot_steps()}
    labels = {RECORDING: "The recording above"} | {
        run_id: run_label(run) for run_id, run in runs.items()
    }
    chosen = RECORDING
    if runs:
        chosen = st.selectbox(
            "Of", list(labels), key=CHOSEN, format_func=lambda run_id: labels[run_id], width=420
        )
    try:
        made, command = offers(chosen), command_of(chosen)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return
    take_away(made, command, key=f"embedding-{chosen}")


def config_of(chosen: str) -> "SimClrConfig":
    """Raises GlimpseError for a run of settings that are no more."""
    from core.config import parse_config
    from core.methods.simclr_config import SimClrConfig

    return parse_config(SimClrConfig, _folder(chosen).config)


def command_of(chosen: str) -> str:
    """What trains the same again. Raises GlimpseError as `config_of`."""
    return command_line(NAME, config_of(chosen))


def film_of(run: RunFolder) -> EmbeddingFilm:
    """The frames of a run, at most 72 of them, with what was last measured at each."""
    steps = film_steps(run.snapshot_steps(), MOST_FRAMES)
    snapshots = [run.snapshot(step) for step in steps]
    series = Series(run)
    series.update()
    measured_at, measured = series.curve("knn_accuracy")
    newest = np.searchsorted(measured_at, steps, side="right") - 1
    return EmbeddingFilm(
        steps,
        np.stack([snapshot["layout"] for snapshot in snapshots]).astype(np.float32),
        np.stack([snapshot["embedding"] for snapshot in snapshots]).astype(np.float32),
        snapshots[0]["labels"],
        watched_digits(),
        [float(measured[place]) if place >= 0 else None for place in newest],
        {
            name: float(series.curve(scalar)[1][0])
            for name, scalar in BASELINES.items()
            if len(series.curve(scalar)[1])
        },
    )


def offers(chosen: str) -> list[Offer]:
    """What there is of the recording, or of a run by its id."""
    stem = f"glimpse-{NAME}" if chosen == RECORDING else chosen
    caption = _caption(chosen)

    def of_film(make: Callable[[EmbeddingFilm], bytes]) -> Callable[[], bytes]:
        return lambda: make(film_of(_folder(chosen)))

    return [
        Offer(
            "Film as HTML",
            "html",
            "One file that plays and scrubs in any browser, without a network; hover shows digits.",
            f"{stem}.html",
            "text/html",
            of_film(lambda film: embedding_html(film, caption)),
        ),
        Offer(
            "Film as GIF",
            "gif_box",
            "The t-SNE plot, step by step, with the accuracy's curve, for a slide.",
            f"{stem}.gif",
            "image/gif",
            of_film(lambda film: embedding_gif(film, caption)),
        ),
        Offer(
            "Points as CSV",
            "table",
            "Label, place in the plot and 16 principal components of each digit, at the end.",
            f"{stem}.csv",
            "text/csv",
            of_film(embedding_csv),
        ),
        Offer(
            "Points as NPZ",
            "data_array",
            "All frames, the whole features h, the labels and the pictures, for `numpy.load`.",
            f"{stem}.npz",
            "application/zip",
            of_film(lambda film: embedding_npz(film, _features(chosen))),
        ),
        Offer(
            "Projector",
            "scatter_plot",
            "Vectors and metadata as TSV and a sprite, for TensorBoard's embedding projector.",
            f"{stem}-projector.zip",
            "application/zip",
            of_film(projector_zip),
        ),
        Offer(
            "Weights",
            "deployed_code",
            "Encoder and head as safetensors, with the card that says how they were made.",
            f"{stem}-weights.zip",
            "application/zip",
            lambda: _weights(chosen),
        ),
        Offer(
            "Encoder as PT2",
            "frame_source",
            "A `torch.export` program: pictures (B, 1, 28, 28) to features, without Glimpse.",
            f"{stem}.pt2",
            "application/octet-stream",
            lambda: _exported(chosen),
        ),
    ]


def _folder(chosen: str) -> RunFolder:
    return open_recording(NAME) if chosen == RECORDING else open_run(chosen)


def _caption(chosen: str) -> Caption:
    config = config_of(chosen)
    titles = {"sample": "4,000 digits", "own": "pictures of one's own"}
    data = titles.get(config.source) or SOURCES[config.source].title
    return Caption(
        "SimCLR sorts digits that it was given no labels for",
        "1,000 digits that it did not train on, laid out by t-SNE from its features",
        f"SimCLR trained on {data} for {config.steps:,} steps, seed {config.seed}",
        command_of(chosen),
    )


def _method(chosen: str) -> "SimClr":
    """The network of the recording, or of a run's last checkpoint. Imports torch."""
    from core.methods.simclr import SimClr
    from core.weights import load_shipped, restore, restore_run

    if chosen == RECORDING:
        method: Any = restore(load_shipped(NAME))
    else:
        method = restore_run(open_run(chosen))
    assert isinstance(method, SimClr)
    return method


def _features(chosen: str) -> np.ndarray:
    """h (N, D) of the watched digits."""
    method = _method(chosen)
    features: np.ndarray = method.embed(method.watched.images).cpu().numpy()
    return features


def _exported(chosen: str) -> bytes:
    from core.models.exported import exported_encoder

    return exported_encoder(_method(chosen).net.encoder)


def _weights(chosen: str) -> bytes:
    """Of a run they are measured first, for their card."""
    from core.weights import export

    if chosen == RECORDING:
        return weights_zip(ASSETS / "weights" / NAME)
    with TemporaryDirectory() as folder:
        export(open_run(chosen), Path(folder) / chosen)
        return weights_zip(Path(folder) / chosen)
