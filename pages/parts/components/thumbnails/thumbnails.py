"""Small pictures in a row, of which some can be removed."""

from collections.abc import Callable, Sequence

import streamlit as st
from pydantic import TypeAdapter

from pages.parts.components.frontend import frontend
from pages.parts.components.messages import checked, message_of

_INDEX = TypeAdapter(int)
_mount = st.components.v2.component("thumbnails", **frontend("thumbnails/thumbnails"))


def thumbnails(
    pictures: Sequence[str],
    names: Sequence[str],
    *,
    key: str,
    removable: int = 0,
    on_remove: Callable[[int], None] | None = None,
) -> None:
    """Shows pictures (data URLs) with names for a screen reader.

    The first `removable` ones are buttons: `on_remove` is called with the index of the one pressed.
    """

    def removed() -> None:
        index = checked(_INDEX, message_of(key, "removed"))
        if on_remove is not None and index is not None and 0 <= index < removable:
            on_remove(index)

    _mount(
        key=key,
        data={"pictures": list(pictures), "names": list(names), "removable": removable},
        on_removed_change=removed,
    )
