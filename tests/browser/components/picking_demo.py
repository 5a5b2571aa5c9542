"""A film whose points can be picked, and the neighbours of the chosen one."""

import numpy as np
import streamlit as st

from pages.parts.components.neighbours.neighbours import neighbours
from pages.parts.components.scatter_film.scatter_film import ScatterFrames, scatter_film
from tests.helpers.point_grid import FIRST, LABELS, STEPS, features, grid, pictures, pixels


def pickable() -> None:
    arrived = st.session_state.setdefault("arrived", 2)
    if st.button("Train on"):
        st.session_state["arrived"] = arrived = 3
    mirrored = st.toggle("Mirrored")
    turns = [grid() * (-1 if mirrored else 1)] * arrived
    film = ScatterFrames(
        np.stack(turns), LABELS, steps=STEPS[:arrived], pictures=pictures(),
        palette=["#ff0000", "#00aa00", "#0000ff", "#aa00aa"],
        nearest=np.stack([(LABELS + frame) % 4 for frame in range(arrived)]),
    )  # fmt: skip
    picks = scatter_film(film, key="pickable", alt="A grid", picked=FIRST, height=400)
    frames = features(arrived)
    neighbours(picks.chosen, frames, pixels(), LABELS, film="pickable", first=(STEPS[0], frames[0]))
    st.text(f"The server knows of {len(picks.points)}, chosen {picks.chosen}")


def twins() -> None:
    keys = ("one", "other")
    for place, column in enumerate(st.columns(2)):
        with column:
            film = ScatterFrames(grid()[None] * (1 - 2 * place), LABELS, pictures=pictures())
            scatter_film(
                film, key=keys[place], alt=keys[place], picked=FIRST, twin=keys[1 - place],
                height=400,
            )  # fmt: skip
    st.text(", ".join(str(st.session_state[f"{key}.picks"].chosen) for key in keys))


def elsewhere() -> None:
    st.text("Another page")


st.navigation([st.Page(pickable, default=True), st.Page(twins), st.Page(elsewhere)]).run()
