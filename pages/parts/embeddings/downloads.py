"""The *Download* section of the Embeddings page, of the recording or of a run of one's own."""

import streamlit as st

from core.errors import GlimpseError
from core.training.run_folder import list_runs
from pages.parts.downloads import offer_downloads
from pages.parts.embeddings.download_files import (
    RECORDING,
    Selection,
    command_of,
    downloads_of,
)
from pages.parts.embeddings.recording import NAME, PROJECTION, PROJECTIONS
from pages.parts.embeddings.tracked_digits import is_of_photos
from pages.parts.plain_text import plain
from pages.parts.words import run_label

RUN_KEY, PROJECTION_KEY = "download_run", "download_projection"  # in session state


@st.fragment
def offer_embedding_downloads() -> None:
    """What to download and in which projection, and the files."""
    selection = _select()
    try:
        downloads, command = downloads_of(selection), command_of(selection)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")
        return
    offer_downloads(downloads, command, key=f"embedding-{selection.run_id}")


def _select() -> Selection:
    """At first the recording, in the projection that its film was first looked at."""
    tracked = [run for run in list_runs() if run.method == NAME and run.snapshot_steps()]
    runs = {run.id: run for run in tracked if not is_of_photos(run)}
    labels = {RECORDING: "The recording above"} | {
        run_id: run_label(run) for run_id, run in runs.items()
    }
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        run_id = RECORDING
        if runs:
            run_id = st.selectbox(
                "Film of", list(labels), key=RUN_KEY, format_func=lambda run: labels[run], width=420
            )
        looked_at = st.session_state.get(PROJECTION)  # UMAP has one frame, and is no film
        first = looked_at if looked_at in PROJECTIONS else Selection.projection
        st.session_state.setdefault(PROJECTION_KEY, first)
        projection = st.segmented_control(
            "Projection", list(PROJECTIONS), key=PROJECTION_KEY, required=True, width="content"
        )
    if len(runs) < len(tracked):
        st.caption(
            "Runs on photos can be exported from the terminal only, by `python -m core runs "
            "export`."
        )
    return Selection(run_id, str(projection))
