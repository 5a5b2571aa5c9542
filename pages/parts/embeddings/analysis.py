"""Look inside SimCLR: the loss, and how the shipped encoder was made."""

import streamlit as st

from pages.parts.card import show_how_made
from pages.parts.embeddings.film import NAME
from pages.parts.embeddings.labels import ENCODER


def show_analysis() -> None:
    """The loss, what the measures mean, and how the shipped encoder was made."""
    idea, details = st.columns(2, gap="large")
    with idea:
        st.markdown(
            "**The task** is to find, among all views in a batch, the other view of the same "
            "picture, by the loss of *The two views* above. Its numerator pulls the two views of a "
            "pair together (*alignment*). Its denominator pushes all other views away, so that "
            "the points spread over the sphere (*uniformity*). Lower is better for both."
        )
        st.markdown(
            "The projection head is dropped after training: what is plotted and measured here are "
            "the features before it."
        )
        st.markdown(
            "Chen et al. 2020, [SimCLR](https://arxiv.org/abs/2002.05709) · Wang & Isola 2020, "
            "[Alignment and uniformity](https://arxiv.org/abs/2005.10242)"
        )
    with details:
        show_how_made(
            "The shipped encoder and its film", NAME, "Trained on the sample of 4,000 digits",
            expanded=True,
        )  # fmt: skip
        show_how_made("The encoder of the label curves", ENCODER, "Trained on all of MNIST")
