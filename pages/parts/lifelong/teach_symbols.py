"""A person's own symbols as small cards, and the file that keeps them."""

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import GlimpseError
from core.figures.words import counted
from pages.parts.components.thumbnails.thumbnails import thumbnails
from pages.parts.lifelong.teach_answers import own_or_grey
from pages.parts.lifelong.teach_state import Request, ask_for, show_refusal
from pages.parts.plain_text import plain
from pages.parts.uploads import taken

if TYPE_CHECKING:
    from core.methods.lifelong.own_symbols import Symbol
    from core.methods.lifelong.taught import TaughtStream

CARD_WIDTH = 160  # px at least: a phone shows two side by side
LARGEST_UPLOAD = 1  # MB: a thousand drawings
SHOWN = 5  # examples on a card
UPLOAD = "teach-upload"


def show_symbols(taught: "TaughtStream") -> None:
    """A card for each own symbol, to rename and to delete it; download and load the alphabet."""
    symbols = taught.symbols
    if symbols:
        st.subheader("Your symbols", anchor=False)
        with st.grid("auto", min_column_width=CARD_WIDTH, gap="small"):
            for number, symbol in symbols.items():
                _card(number, symbol)
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        _download(taught)
        with st.popover("Load an alphabet", icon=":material/upload:"):
            _upload(taught)


def _card(number: int, symbol: "Symbol") -> None:
    place = f"teach-symbol-{number}"
    with st.container(border=True, gap="xsmall"):
        newest = symbol.drawings[-SHOWN:]
        thumbnails(
            [own_or_grey(drawing, is_own=True) for drawing in newest],
            [f"a drawing of {symbol.name}" for _ in newest],
            key=f"{place}-drawings",
        )
        st.session_state[place] = symbol.name
        st.text_input(
            f"Name of {plain(symbol.name)}", key=place, label_visibility="collapsed",
            on_change=_rename, args=(number, place),
        )  # fmt: skip
        show_refusal(place)
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.caption(counted(len(symbol.drawings), "example"), width="content")
            st.button(
                ":material/delete:", key=f"{place}-delete", type="tertiary",
                help=f"Delete {plain(symbol.name)}: all learners learn the rest again, without it",
                on_click=ask_for,
                args=(
                    Request(
                        place,
                        f"All learners learn everything again, without {plain(symbol.name)}",
                        lambda taught: taught.delete(number),
                    ),
                ),
            )  # fmt: skip


def _rename(number: int, place: str) -> None:
    name: str = st.session_state[place]
    ask_for(Request(place, "Renaming", lambda taught: taught.rename(number, name)))


def _download(taught: "TaughtStream") -> None:
    """The file is made when it is asked for, of what there is then."""
    from core.methods.lifelong.own_symbols import alphabet_file

    def made() -> bytes:
        return alphabet_file(list(taught.symbols.values()))

    st.download_button(
        "Download the alphabet", made, "glimpse-alphabet.json", "application/json",
        icon=":material/download:", key="teach-download",
        disabled=not taught.symbols, on_click="ignore",
        help="Names and drawings of your symbols, to load them again here",
    )  # fmt: skip


def _upload(taught: "TaughtStream") -> None:
    """A file's symbols join all learners; what was made of it stays said while it is chosen."""
    from core.methods.lifelong.own_symbols import read_alphabet

    file = st.file_uploader(
        "An alphabet that was downloaded here", "json", key=UPLOAD,
        max_upload_size=LARGEST_UPLOAD,
    )  # fmt: skip
    is_new = False

    def join(chosen: UploadedFile) -> str:
        nonlocal is_new
        symbols = read_alphabet(chosen.getvalue(), chosen.name)
        with st.spinner("All learners learn the symbols of this file"):
            n_new = taught.join(symbols)
        is_new = n_new > 0
        return _about_joined(n_new, len(symbols))

    try:
        about = taken(UPLOAD, file, LARGEST_UPLOAD, join)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")
        return
    if is_new:
        st.rerun()  # the cards above are of what was known before
    if about:
        st.caption(about)


def _about_joined(n_new: int, n_all: int) -> str:
    joined = f"{counted(n_new, 'symbol')} joined all learners."
    there = n_all - n_new
    if not there:
        return joined
    were = "was" if there == 1 else "were"
    return (
        f"{joined} {counted(there, 'symbol')} {were} left out: you have the same drawing already."
    )
