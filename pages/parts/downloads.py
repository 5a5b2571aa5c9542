"""The *Download* section of a page: files that are made on demand, a command, and a link."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import GlimpseError
from core.export.weights import weights_zip
from core.paths import ASSETS

PATIENCE_S = 30.0  # how long the page waits to see whether making a file failed

Outcome = SimpleQueue[str | None]  # of making a file: an error message, or None where it was made


@dataclass(frozen=True)
class Download:
    """A file to download.

    `make` makes its bytes when they are asked for, in another thread, so it must not draw.
    Where it raises GlimpseError, the message is shown at the button.
    """

    label: str
    icon: str  # a Material symbol
    description: str  # one sentence
    file_name: str
    mime: str
    make: Callable[[], bytes]


def offer_downloads(downloads: Sequence[Download], command: str, *, key: str) -> None:
    """The *Download* section of a page: a row for each file, and beside them command and link.

    A press on a button runs the fragment again that this is called in. `key` tells the sections of
    a page apart. Charts have buttons of their own, see `live_figure`.
    """
    files_side, again_side = st.columns([3, 2], gap="large")
    with files_side, st.container(gap="small"):
        pressed = [_row(download, f"{key}-{download.label}") for download in downloads]
        st.caption("Every chart can be saved as PNG or SVG: point at it to see its toolbar.")
    with again_side:
        _show_command_and_link(command)
    for place, outcome in filter(None, pressed):
        error = _wait_for(outcome)
        if error:
            place.error(error, icon=":material/error:")


def weights_download(name: str) -> Download:
    """Weights that come with Glimpse, with their card."""
    return Download(
        "Weights",
        "deployed_code",
        "The shipped network as safetensors, with a card that says how it was made.",
        f"glimpse-{name}.zip",
        "application/zip",
        lambda: weights_zip(ASSETS / "weights" / name),
    )


def _row(download: Download, key: str) -> tuple[DeltaGenerator, Outcome] | None:
    """One file; where its button was pressed, the place for an error and the outcome to wait for.

    The outcome comes from another thread, through the session.
    """
    outcome: Outcome = st.session_state.setdefault(f"{key}-outcome", SimpleQueue())
    button, words = st.columns([2, 5], gap="xsmall", vertical_alignment="center")
    pressed = button.download_button(
        download.label,
        _reporting(download, outcome),
        download.file_name,
        download.mime,
        key=key,
        icon=f":material/{download.icon}:",
        width="stretch",
    )
    words.markdown(f"{download.description}  \n:small[:gray[{download.file_name}]]")
    return (st.container(), outcome) if pressed else None


def _reporting(download: Download, outcome: Outcome) -> Callable[[], bytes]:
    """Makes the file, and reports the outcome to the page, which runs in another thread."""

    def make() -> bytes:
        try:
            made = download.make()
        except GlimpseError as refusal:
            outcome.put(str(refusal))
            raise
        except Exception:
            logging.getLogger(__name__).exception("%s could not be made", download.file_name)
            outcome.put(
                f"{download.file_name} could not be made because of a bug in Glimpse: the terminal "
                "that Glimpse runs in shows the error."
            )
            raise
        outcome.put(None)
        return made

    return make


def _wait_for(outcome: Outcome) -> str | None:
    """The error message; None where the file is made, or takes too long to wait for.

    The browser asks for the file at the moment in which it says that the button was pressed.
    """
    try:
        return outcome.get(timeout=PATIENCE_S)
    except Empty:
        return None


def _show_command_and_link(command: str) -> None:
    st.markdown("The same model, trained from a terminal:")
    st.code(command, language="bash", wrap_lines=True)
    if st.context.url:  # none without a browser
        settings = urlencode(st.query_params.to_dict())
        st.markdown("A link to this page with its settings:")
        st.code(f"{st.context.url}?{settings}".removesuffix("?"), language=None, wrap_lines=True)
