"""A person's own pictures in a form: uploaded as a zip or named by their folder, and shown."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.config import RunConfig
from core.data.stored_pictures import find_stored, is_stored, remove_stored, stored_zips
from core.errors import GlimpseError
from pages.parts.components.digit_input.digit_input import UPLOAD_HELP
from pages.parts.plain_text import plain
from pages.parts.uploads import taken
from pages.parts.web_server import is_private
from pages.parts.words import size

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from core.data.own_pictures import OwnPictures

LARGEST_UPLOAD = 200  # MB
SHOWN = 12  # pictures
HEIGHT = 36  # px
NAMED_CLASSES = 6
MOST_TYPED = 1000  # places that are remembered
IN_ADDRESS = (
    "The address names pictures that were not uploaded here, so they were left out: upload a zip, "
    "or type their folder."
)
TYPE_AGAIN = "Type the folder of the pictures again, or upload a zip."
UPLOAD_INSTEAD = "Others can reach this server, so it opens uploaded pictures alone: upload a zip."


def place_of_pictures(label: str, key: str, **common: Any) -> str:
    """Where the pictures are on the server's disk; an uploaded zip is put there too.

    Empty, with a sentence at the field, where it is a place that visitors may not open.
    """
    _uploader(key)
    private = is_private()
    place: str = st.text_input(
        label, key=key, on_change=_remember_typed, args=(key,),
        placeholder="or the folder they are in" if private else "choose a zip above", **common,
    )  # fmt: skip
    if not place:
        return ""
    if not may_open(place):
        st.error(TYPE_AGAIN if private else UPLOAD_INSTEAD, icon=":material/error:")
        return ""
    _offer_removal(place, key)
    return place


def may_open(place: str) -> bool:
    """Whether pictures there may be shown: they were uploaded, or typed on a private server.

    Of any other place this tells nothing, and the disk is not looked at.
    """
    return is_stored(place) or (is_private() and place in _typed_places())


def _uploader(key: str) -> None:
    file = st.file_uploader(
        f"Your pictures, a zip of at most {LARGEST_UPLOAD} MB",
        "zip",
        key=f"{key}-upload",
        help=f"{UPLOAD_HELP} It is stored on the server until somebody removes it.",
        max_upload_size=LARGEST_UPLOAD,
    )

    def keep(zip_file: UploadedFile) -> None:
        from core.data.own_pictures import keep_zip  # imports torch

        before = [each.path for each in stored_zips()]
        place = keep_zip(zip_file.name, zip_file.getvalue())
        try:
            _read(place)
        except GlimpseError:
            if Path(place) not in before:  # else runs may have been trained on it
                remove_stored(Path(place).name)
            raise
        st.session_state[key] = place

    try:
        taken(f"{key}-upload", file, LARGEST_UPLOAD, keep)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")


def _remember_typed(key: str) -> None:
    """Makes a typed place absolute, and lets a reload of the address open it again."""
    typed = st.session_state[key].strip()
    if typed and is_private():
        place = os.path.abspath(os.path.expanduser(typed))  # noqa: PTH100, PTH111 - reads no disk
        st.session_state[key] = place
        places = _typed_places()
        if len(places) >= MOST_TYPED:
            places.pop(next(iter(places)))
        places[place] = None


@st.cache_resource(max_entries=1)
def _typed_places() -> dict[str, None]:
    """The places that were typed since the server was started, oldest first."""
    return {}


def _offer_removal(place: str, key: str) -> None:
    """Says of an uploaded zip that it is kept, with a button that removes it."""
    kept = find_stored(place)
    if kept is None:
        return
    title = kept.title.replace("`", "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"`{title}` ({size(kept.n_bytes)}) stays on the server, so that runs on it can be "
            "resumed.",
            width="content",
        )
        st.button(
            "Remove it", key=f"{key}-remove", icon=":material/delete:", type="tertiary",
            on_click=_remove, args=(kept.path.name, key),
            help="Runs that were trained on it can no longer be resumed.",
        )  # fmt: skip


def _remove(name: str, key: str) -> None:
    try:
        remove_stored(name)
        st.session_state[key] = ""
    except GlimpseError as refusal:
        st.toast(plain(refusal), icon=":material/error:")


def show_pictures(config: RunConfig) -> None:
    """Shows a person's own pictures as they are trained on, where a config has any.

    Raises GlimpseError, with the name of the file, where they cannot be used.
    """
    place = getattr(config, "pictures", "")
    if not place:
        return
    own = _read(place)
    spread = np.linspace(0, len(own.images) - 1, SHOWN).astype(int)
    strip = np.concatenate(list(own.images[spread].numpy()), axis=1)
    enlarged = strip.repeat(2, axis=0).repeat(2, axis=1)
    st.image(enlarged, width=HEIGHT * SHOWN, alt=f"{SHOWN} of your pictures as they are trained on")
    st.caption(
        f"{len(own.images):,} pictures, as the network sees them: ink is light, so pictures on "
        f"light paper are inverted. {_classes(own)}"
    )
    if own.notes:
        st.caption("\n".join(f"- {plain(note)}" for note in own.notes))


def _read(place: str) -> "OwnPictures":
    """The pictures at a place; to read them ends when the page is left.

    Raises GlimpseError, with the name of the file, where they cannot be used.
    """
    from core.data.own_pictures import load_own

    bar = st.empty()
    try:
        with st.spinner("Reading the pictures …", show_time=True):
            return load_own(place, lambda number, total: _show_progress(bar, number, total))
    finally:
        bar.empty()


def _show_progress(bar: "DeltaGenerator", number: int, total: int) -> None:
    """Streamlit ends a script here, where nobody waits for it any more."""
    bar.progress(number / total, f"{number:,} of {total:,}")


def _classes(own: "OwnPictures") -> str:
    """The classes and how many pictures each has, in a sentence."""
    counts = own.counts()
    if len(counts) == 1:
        return "All are of one class. To have several, put each class into its own folder."
    counted = [f"{plain(name)} ({count:,})" for name, count in counts]
    more = f" and {len(counted) - NAMED_CLASSES:,} more" if len(counted) > NAMED_CLASSES else ""
    return f"{len(counted):,} classes: {', '.join(counted[:NAMED_CLASSES])}{more}."
