"""A page with a chart that grows and a surface that changes, each at the press of a button."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.figures.curves import training_curves
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.components.scatter_film.scatter_film import ScatterFrames, scatter_film


def curve(n: int) -> go.Figure:
    steps = np.arange(n)
    figure = go.Figure()
    figure.add_scatter(x=steps, y=np.exp(-steps / 40), name="loss")
    figure.add_scatter(x=steps, y=1 - np.exp(-steps / 30), name="accuracy")
    return figure.update_layout(title="A run", xaxis_title="step")


def surface(n: int) -> go.Figure:
    x, y = np.meshgrid(np.linspace(-2, 2, 25), np.linspace(-2, 2, 25))
    return go.Figure(go.Surface(z=np.sin(x * y + n / 50).astype(np.float32), showscale=False))


def show() -> None:
    n = 50 * (1 + st.session_state.setdefault("grown", 0))
    if st.button("Grow"):
        st.session_state["grown"] += 1
        st.rerun()
    st.caption(f"{n} steps")
    live_figure(curve(n), key="curve", height=300, alt="Loss and accuracy over the steps")
    if st.toggle("Surface"):
        live_figure(surface(n), key="surface", height=320, alt="A surface")


def beside() -> None:
    frames = np.random.default_rng(0).normal(size=(3, 5, 2))
    film = ScatterFrames(frames, np.zeros(5, int), steps=[0, 20, 40])
    scatter_film(film, key="film", alt="Points", height=200)
    live_figure(curve(50), key="beside", height=250, alt="A curve", follows="film")


def runs() -> None:
    """The chart of one run, and in its place that of another which has no values yet."""
    if st.button("New run"):
        st.session_state["values"] = 0
    if st.button("Value"):
        st.session_state["values"] += 1
    n = st.session_state.setdefault("values", 50)
    steps = np.arange(n, dtype=float)
    live_figure(
        training_curves({"Loss": (steps, 3 + steps)} if n else {}, "Loss"),
        key="runs", height=250, alt=f"{n} values",
    )  # fmt: skip


def other() -> None:
    st.write("Nothing")


st.navigation([st.Page(show, default=True), st.Page(other), st.Page(beside), st.Page(runs)]).run()
