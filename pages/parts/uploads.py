"""Files that visitors upload. Each is used once, and then the server's memory is free of it."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import GlimpseError

T = TypeVar("T")


def taken(
    key: str, file: UploadedFile | None, most: int, use: Callable[[UploadedFile], T]
) -> T | None:
    """What `use` makes of the file in the uploader `key`, or made of it before; None for no file.

    The result stays in the session in place of the file. Raises the GlimpseError of `use`, at each
    run while the file is chosen, and one for a file of more than `most` MB.
    """
    slot = f"{key}-taken"
    # Streamlit keeps the id of a file that is gone from its memory, but does not return the file.
    chosen = getattr(file or st.session_state.get(key), "file_id", None)
    before: tuple[Any, T | GlimpseError] | None = st.session_state.get(slot)
    if file is not None and (before is None or before[0] != chosen):
        before = st.session_state[slot] = (chosen, _outcome(file, most, use))
        _free(file)
    if chosen is None or before is None or before[0] != chosen:
        st.session_state.pop(slot, None)
        return None
    outcome = before[1]
    if isinstance(outcome, GlimpseError):
        raise outcome
    return outcome


def _outcome(file: UploadedFile, most: int, use: Callable[[UploadedFile], T]) -> T | GlimpseError:
    """What `use` makes of a file, or why it refuses it."""
    if file.size > most * 2**20:
        return GlimpseError(
            f"{file.name} has {file.size / 2**20:,.1f} MB: choose a file of at most {most} MB."
        )
    try:
        return use(file)
    except GlimpseError as refusal:
        return refusal


def _free(file: UploadedFile) -> None:
    """Forgets an uploaded file, which Streamlit would keep until the session ends."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
