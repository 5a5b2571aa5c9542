"""A person's own pictures in a form: uploaded as a zip or named by their folder, and shown."""

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.config import RunConfig
from core.errors import GlimpseError
from pages.parts.components.digit_input.digit_input import UPLOAD_HELP

if TYPE_CHECKING:
    from core.data.own_pictures import OwnPictures

LARGEST_UPLOAD = 200  # MB
SHOWN = 12  # pictures
HEIGHT = 36  # px
NAMED_CLASSES = 6


def place_of_pictures(label: str, key: str, **common: Any) -> str:
    """Where the pictures are on the server's disk; an uploaded zip is put there too."""
    file = st.file_uploader(
        f"Your pictures, a zip of at most {LARGEST_UPLOAD} MB",
        "zip",
        key=f"{key}-upload",
        help=UPLOAD_HELP,
        max_upload_size=LARGEST_UPLOAD,
    )
    if file is not None and st.session_state.get(f"{key}-kept") != file.file_id:
        from core.data.own_pictures import keep_zip

        try:
            st.session_state[key] = keep_zip(file.name, file.getvalue())
            st.session_state[f"{key}-kept"] = file.file_id
        except GlimpseError as refusal:
            st.error(str(refusal), icon=":material/error:")
    place = st.text_input(label, key=key, placeholder="or the folder they are in", **common)
    return place or ""


def show_pictures(config: RunConfig) -> None:
    """Shows a person's own pictures as they are trained on, where a config has any.

    Raises GlimpseError, with the name of the file, where they cannot be used.
    """
    place = getattr(config, "pictures", "")
    if not place:
        return
    from core.data.own_pictures import load_own

    with st.spinner("Reading the pictures …", show_time=True):
        own = load_own(place)
    spread = np.linspace(0, len(own.images) - 1, SHOWN).astype(int)
    strip = np.concatenate(list(own.images[spread].numpy()), axis=1)
    enlarged = strip.repeat(2, axis=0).repeat(2, axis=1)
    st.image(enlarged, width=HEIGHT * SHOWN, alt=f"{SHOWN} of your pictures as they are trained on")
    st.caption(
        f"{len(own.images):,} pictures, as the network sees them: ink is light, so pictures on "
        f"light paper are inverted. {_folders(own)}"
    )


def _folders(own: "OwnPictures") -> str:
    """The classes and how many pictures each has, in a sentence."""
    counts = np.bincount(own.labels.numpy()).tolist()
    if len(counts) == 1:
        return "All are of one class. To have several, put each class into its own folder."
    names = ["no folder" if name == "." else name for name in own.names]
    counted = [f"{name} ({count:,})" for name, count in zip(names, counts, strict=True)]
    more = f" and {len(counted) - NAMED_CLASSES:,} more" if len(counted) > NAMED_CLASSES else ""
    return f"{len(counted):,} classes: {', '.join(counted[:NAMED_CLASSES])}{more}."
