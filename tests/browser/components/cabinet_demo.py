"""Pages with cabinets: of a recorded stream, a live one, an order, and many real characters."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.data.omniglot import characters, load_omniglot
from core.export.cabinet import NOT_MET, CabinetFrames
from pages.parts.components.cabinet.cabinet import cabinet
from pages.parts.components.live_figure.live_figure import live_figure
from tests.helpers.cabinet_films import ASKED, LEARNERS, order, stream

st.set_page_config(layout="wide")


def recorded() -> None:
    if st.button("Again"):
        st.session_state["again"] = st.session_state.get("again", 0) + 1
        st.text(f"Run {st.session_state['again']} times")
    film = stream(4)
    cabinet(film, key="recorded", alt="Twelve crosses", left=0, right=1, slider="Classes met")
    figure = go.Figure(go.Scatter(x=list(film.steps), y=film.accuracy[:, 0]))
    live_figure(figure, key="chart", alt="Accuracy", height=220, follows="recorded")


def running() -> None:
    arrived = st.session_state.setdefault("arrived", 2)
    if st.button("Train on"):
        st.session_state["arrived"] += 1
        st.rerun()
    film = stream(arrived, 3 * arrived)  # the classes of a run are not known before
    cabinet(film, key="run", alt="A run", left=0, right=1, slider="Classes met", live=True)


def sorting() -> None:
    cabinet(
        order(6), key="order", alt="An order", left=0, right=1, slider="Order",
        ends=("shuffled", "class after class"), start=0, playable=False,
    )  # fmt: skip


@st.cache_data
def many() -> CabinetFrames:
    """A learner that forgets and one that does not, on 600 of the characters never trained on."""
    pictures = load_omniglot().images[characters("test", "alphabet")][:600, 0]
    random = np.random.default_rng(0)
    met = np.arange(10, 601, 10)
    age = met[:, None] - 1 - np.arange(600)  # (F, C) below 0 before a class is met
    chances = np.stack([np.exp(-age.clip(0) / 12), 0.9 - age.clip(0) / 4000, 0.5 + 0 * age], axis=1)
    right = random.binomial(ASKED, chances)
    right[np.broadcast_to(age[:, None] < 0, right.shape)] = NOT_MET
    accuracy = np.nanmean(np.where(right == NOT_MET, np.nan, right / ASKED), axis=-1)
    notes = [f"{m} of 600 classes met, {15 * m:,} labels spent" for m in met]
    drawings = pictures.numpy()
    steps = met.tolist()
    return CabinetFrames(right.astype(np.uint8), ASKED, drawings, LEARNERS, steps, notes, accuracy)


def big() -> None:
    cabinet(many(), key="big", alt="600 characters", left=0, right=1, slider="Classes met")


st.navigation(
    [st.Page(recorded, default=True), st.Page(running), st.Page(sorting), st.Page(big)],
    position="top",
).run()
