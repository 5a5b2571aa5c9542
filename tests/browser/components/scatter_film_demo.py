"""A page with a recorded film, one with a live run that is one button press long, and a big one."""

import numpy as np
import streamlit as st

from pages.parts.components.scatter_film.scatter_film import ScatterFrames, scatter_film
from tests.helpers.turned_corners import IN_SPACE, PALETTE, turned_corners


def recorded() -> None:
    pictures = np.zeros((4, 8, 8), np.uint8)
    pictures[:, :4] = np.array([60, 120, 180, 240], np.uint8)[:, None, None]
    mirrored = st.toggle("Mirrored")
    film = ScatterFrames(
        turned_corners(3) * (-10 if mirrored else 1),
        np.arange(4),
        steps=[0, 100, 200],
        names=["south west", "south east", "north east", "north west"],
        pictures=pictures,
        palette=PALETTE,
    )
    scatter_film(film, key="recorded", alt="Four points that turn", height=400)


def solid() -> None:
    film = ScatterFrames(IN_SPACE[None], np.arange(4), palette=PALETTE)
    scatter_film(film, key="solid", alt="Four points in space", picked=0, height=400)
    if st.button("Again"):
        st.session_state["again"] = True
    if "again" in st.session_state:
        st.text("Run again")


def running() -> None:
    arrived = st.session_state.setdefault("arrived", 2)
    if st.button("Train on"):
        st.session_state["arrived"] += 1
        st.rerun()
    done = st.toggle("Finished")
    frames = turned_corners(arrived)
    steps = [10 * i for i in range(arrived)]
    film = ScatterFrames(frames, np.arange(4), steps=steps)
    scatter_film(film, key="run", alt="A run", live=not done, height=300)


def big() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(1800) % 10
    angles = 2 * np.pi * labels / 10
    centres = 6 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    noise, spread = rng.normal(size=(1800, 2)) * 4, rng.normal(size=(1800, 2))
    clustering = np.linspace(0, 1, 40)[:, None, None] ** 0.7
    frames = (1 - clustering) * noise + clustering * (centres + spread)
    pictures = rng.integers(0, 255, (1800, 28, 28), np.uint8)
    film = ScatterFrames(frames, labels, pictures=pictures)
    scatter_film(film, key="big", alt="Digits that find their clusters")


st.navigation(
    [st.Page(recorded, default=True), st.Page(running), st.Page(solid), st.Page(big)]
).run()
