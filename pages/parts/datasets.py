"""The data sets that are here, and buttons that download the others."""

import streamlit as st

from core.data.catalog import SOURCES, Source
from core.data.download import download
from core.data.stored_pictures import StoredZip, remove_stored, stored_zips
from core.errors import GlimpseError
from core.paths import data_root
from pages.parts.plain_text import plain
from pages.parts.web_server import is_private
from pages.parts.words import size


@st.fragment
def data_view() -> None:
    """A row for every data set. A fragment, so that a download does not rerun the whole page."""
    for source in SOURCES.values():
        _row(source)
    if is_private():  # what visitors uploaded is nobody else's business
        _uploaded()
    st.caption(f"Downloads go to `{data_root()}`; set GLIMPSE_DATA to keep them elsewhere.")


def _row(source: Source) -> None:
    present = source.present()
    what, about, action = st.columns([3, 6, 3], vertical_alignment="center")
    with what.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{source.title}**", width="content")
        if present:
            st.badge("ready", icon=":material/check:", color="green")
    about.markdown(source.about)
    with action.container(horizontal=True, horizontal_alignment="right"):
        if present:
            st.caption(_weight(source), width="content")
        else:
            offer_download(source)


def _uploaded() -> None:
    """A row for every zip of own pictures that was uploaded, with a button that removes it."""
    try:
        for each in stored_zips():
            _uploaded_row(each)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")


def _uploaded_row(uploaded: StoredZip) -> None:
    what, about, action = st.columns([3, 6, 3], vertical_alignment="center")
    what.markdown(f"**Own pictures** {size(uploaded.n_bytes)}")
    about.markdown(f"`{uploaded.title.replace('`', '')}`, uploaded for training.")
    with action.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            "Remove",
            key=f"remove-{hash(uploaded.path.name)}",
            icon=":material/delete:",
            on_click=_remove,
            args=(uploaded.path.name,),
            help="Runs that were trained on it can no longer be resumed.",
        )


def _remove(name: str) -> None:
    try:
        remove_stored(name)
    except GlimpseError as refusal:
        st.toast(plain(refusal), icon=":material/error:")


def offer_download(source: Source) -> None:
    """A button that downloads a data set and then reruns the page."""
    if st.button(
        f"Download {size(source.download_bytes)}",
        key=f"download-{source.name}",
        icon=":material/download:",
        help=f"Takes {size(source.unpacked_bytes)} on disk. Licence: {source.licence}.",
    ):
        _download(source)


def _weight(source: Source) -> str:
    return "made on the spot" if source.origin == "generated" else size(source.disk_bytes())


def _download(source: Source) -> None:
    """Downloads a data set with a progress bar; leaving the page stops it."""
    bar = st.progress(0.0, text=f"Connecting to download {source.title}")

    def report(done: int, total: int) -> None:
        bar.progress(min(1.0, done / total), text=f"{size(done)} of {size(total)}")

    try:
        download(source.name, report)
    except GlimpseError as refusal:
        bar.empty()
        st.error(plain(refusal), icon=":material/cloud_off:")
    else:
        st.rerun()
