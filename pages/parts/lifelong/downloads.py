"""The *Download* section of the Lifelong page: the recorded stream as files."""

import numpy as np
import streamlit as st
from safetensors.numpy import save

from core.config import parse_config
from core.data.catalog import SOURCES
from core.export.film import Caption
from core.export.stream import stream_table
from core.export.stream_gif import stream_gif
from core.export.stream_html import stream_html
from core.figures.words import counted, spelled
from core.flags import command_line
from core.methods.lifelong.config import LifelongConfig
from core.methods.lifelong.features import FEATURES
from core.methods.lifelong.method import Lifelong
from core.methods.lifelong.snapshot import ASKED
from core.training.recording import open_recording
from pages.parts.downloads import Download, offer_downloads
from pages.parts.lifelong.frames import LABELS, LEFT, NAME, RIGHT, recorded_stream


@st.fragment
def offer_stream_downloads() -> None:
    """The files of the recorded stream."""
    command = command_line(NAME, _config())
    offer_downloads(
        [
            Download(
                "Film as GIF",
                "gif_box",
                "An animation of the two cabinets, for a slide.",
                "lifelong.gif",
                "image/gif",
                gif_file,
            ),
            Download(
                "Film as HTML",
                "html",
                "The same in one file for any browser, offline: play, scrub, and choose the "
                "learners.",
                "lifelong.html",
                "text/html",
                html_file,
            ),
            Download(
                "Table as CSV",
                "table",
                "What every learner knew of every class at every moment of the film.",
                "lifelong.csv",
                "text/csv",
                table_file,
            ),
            Download(
                "Features",
                "scatter_plot",
                "The features of all drawings, in the order of the stream, as safetensors.",
                "lifelong-features.safetensors",
                "application/octet-stream",
                features_file,
            ),
        ],
        command,
        key="stream",
    )


def gif_file() -> bytes:
    """The film with the learners that the page shows at first; see `stream_gif`."""
    return stream_gif(recorded_stream().cabinet(), (LEFT, RIGHT), _caption())


def html_file() -> bytes:
    """The film with these learners at first; see `stream_html`."""
    return stream_html(recorded_stream().cabinet(), (LEFT, RIGHT), _caption())


def table_file() -> bytes:
    """The frames of the film as CSV; see `stream_table`."""
    frames = recorded_stream()
    return stream_table(frames.right, frames.steps, LABELS, ASKED)


def features_file() -> bytes:
    """`features` float16 (C, 20, D) and `pictures` uint8 (C, 20, 28, 28) as safetensors."""
    method = Lifelong(_config())
    arrays = {
        "features": method.features.half().numpy(),
        "pictures": np.ascontiguousarray(method.pictures.numpy()),
    }
    return save(arrays, {"command": command_line(NAME, _config())})


def _caption() -> Caption:
    config = _config()
    kind, seen = SOURCES[config.source].title, FEATURES[config.features].seen
    return Caption(
        f"{config.steps:,} classes arrive one after another: who forgets?",
        f"{kind}: {counted(config.k_shot, 'drawing')} of each class, each seen once; judged by "
        f"{spelled(ASKED)} others",
        f"All learners look through one network, trained on {seen}; seed {config.seed}",
        command_line(NAME, config),
    )


def _config() -> LifelongConfig:
    return parse_config(LifelongConfig, open_recording(NAME).config)
