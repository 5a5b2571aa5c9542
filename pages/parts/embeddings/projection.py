"""How the points of a film are laid out in the plane or in space, and what each way keeps."""

import streamlit as st

from pages.parts.embeddings.recording import PROJECTIONS
from pages.parts.embeddings.umap_at_step import UMAP
from pages.parts.url_state import begin_choice

KEEPS = {  # what each keeps, and what it distorts
    "t-SNE": "t-SNE keeps neighbours together. How far apart two groups lie, and how large or how "
    "dense they are, means little. Each frame starts from the one before, so that points move "
    "no further than they must.",
    "PCA": "PCA keeps the two directions in which the features vary most. Distances along them are "
    "true, but what differs in the other directions is laid on top of each other, so that groups "
    "overlap which are apart. Each frame is turned to fit the one before.",
    "PCA in 3-D": "The third direction separates some of the groups that two lay on top of each "
    "other; what differs in the remaining ones still overlaps. Drag to turn, or use the keys "
    "A, D, W and S. With a finger: tap it first, to tilt it too.",
    UMAP: "UMAP keeps neighbours together too, and draws groups closer: neither how large they are "
    "nor how far apart means much. It takes seconds, so it is of the one step at which the film "
    "rests, and starts from its t-SNE.",
}


def begin_projection(key: str) -> str:
    """The projection that is chosen by the control of the same key, or at first by the address."""
    with st.container():  # a place that is always there, so that the film keeps its own
        begin_choice(key, "Projection", list(KEEPS), next(iter(PROJECTIONS)))
    return str(st.session_state[key])


def choose_projection(key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Projection",
            list(KEEPS),
            key=key,
            bind="query-params",
            required=True,
            label_visibility="collapsed",
            width="content",
        )
        st.caption(KEEPS[st.session_state[key]])
