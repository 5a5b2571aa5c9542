"""The projection of a film's points to the plane or to space, and what each one keeps."""

import streamlit as st

from pages.parts.embeddings.recording import PROJECTIONS
from pages.parts.embeddings.umap_at_step import UMAP
from pages.parts.url_state import Choice, restore

EXPLANATIONS = {  # what each projection keeps, and what it distorts
    "t-SNE": "t-SNE keeps neighbours together; the size of a group and its distance to others mean "
    "little. Each frame starts from the one before.",
    "PCA": "PCA shows the two directions in which the features vary most. Distances along them are "
    "true, but groups that differ in other directions overlap.",
    "PCA in 3-D": "A third direction separates some groups that overlap in two. Drag to turn, or "
    "use the keys A, D, W and S; on a touch screen, tap first to tilt as well.",
    UMAP: "UMAP keeps neighbours together too, and packs groups more tightly. It takes seconds, so "
    "it is computed for one step at a time.",
}


def restore_projection(key: str) -> str:
    """The projection that the control of this key has chosen, or at first the address."""
    restore(Choice(key, "Projection", next(iter(PROJECTIONS)), list(EXPLANATIONS)))
    return str(st.session_state[key])


def choose_projection(key: str) -> None:
    """The control, and what the chosen projection keeps."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Projection",
            list(EXPLANATIONS),
            key=key,
            bind="query-params",
            required=True,
            label_visibility="collapsed",
            width="content",
        )
        st.caption(EXPLANATIONS[st.session_state[key]])
