"""What Glimpse is, at one glance. It imports no torch, which would delay the first paint."""

from typing import Any

import numpy as np
import streamlit as st
from safetensors.numpy import load_file

from core.errors import GlimpseError
from core.paths import ASSETS
from core.registry import METHODS, Entry
from core.training.run_folder import RunFolder, list_runs
from pages.parts.components.film.film import picture_film, point_film
from pages.parts.datasets import data_view
from pages.parts.plain_text import plain
from pages.parts.training.choose_run import address_of
from pages.parts.words import age, badge, key_figure, title_of

LATEST = 3  # runs shown
CARD_WIDTH = 220  # px at least; the cards wrap where they would be narrower
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@st.cache_data(max_entries=1)
def _films() -> dict[str, np.ndarray]:
    """The films of the methods, made by `python -m core.makers.films`."""
    return dict(load_file(ASSETS / "films.safetensors"))


def _film(entry: Entry, films: dict[str, np.ndarray]) -> None:
    """The film of a method, where there is one."""
    film = {
        name.removeprefix(f"{entry.name}."): array
        for name, array in films.items()
        if name.startswith(f"{entry.name}.")
    }
    if not film:
        return
    look: dict[str, Any] = {
        "key": f"film-{entry.name}",
        "alt": f"A film from a recorded run: {entry.promise}",
        "seconds": float(film["seconds"][0]),
    }
    if "points" in film:
        point_film(film["points"], film["hue"], **look)
    else:
        picture_film(film["ink"], film["hue"], **look)


def _card(entry: Entry, films: dict[str, np.ndarray]) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        _film(entry, films)
        st.subheader(entry.title, anchor=False)
        st.markdown(entry.promise)
        st.space("stretch")
        st.page_link(
            f"pages/{entry.page}.py",
            label=f"Open {entry.title.lower()}",
            icon=":material/arrow_forward:",
        )


def _run(run: RunFolder) -> None:
    try:
        status = run.status()
    except GlimpseError:  # deleted a moment ago
        return
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(title_of(run.method))}**")
            badge(status.state)
        st.caption(" · ".join(filter(None, (key_figure(run, status), age(run.created)))))
        if run.method in METHODS:
            st.page_link(
                f"pages/{METHODS[run.method].page}.py",
                label="Open",
                icon=":material/arrow_forward:",
                query_params=address_of(run),
            )


st.title("Watch a network learn from a glimpse", anchor=False)
st.markdown(
    f"{NUMBERS[len(METHODS)]} ways to learn from very little, each running on this machine. Look "
    "inside, change one thing, train a model of your own in about a minute."
)
st.space("small")
cards = st.grid(len(METHODS), min_column_width=CARD_WIDTH)
with cards:
    for entry in METHODS.values():
        _card(entry, _films())

latest = list_runs()[:LATEST]
if latest:
    st.space("small")
    st.subheader("Latest runs", anchor=False)
    for column, run in zip(st.columns(LATEST), latest, strict=False):
        with column:
            _run(run)

st.space("small")
st.subheader("Data", anchor=False)
data_view()
