"""Look inside SimCLR: the loss, and how the shipped encoder was made."""

import streamlit as st

from pages.parts.card import load_card
from pages.parts.embeddings.film import NAME


def show_analysis() -> None:
    """The loss, what the measures mean, and how the shipped encoder was made."""
    idea, details = st.columns(2, gap="large")
    with idea:
        st.markdown(
            "**What is learned** is to find, among all the views in a batch, the other view of the "
            "same picture: the loss of *The two views* above. "
            "The numerator pulls the pair together (*alignment*), the denominator pushes all "
            "others away, so that the points spread over the sphere (*uniformity*): lower is "
            "better for both. The projection head is thrown away afterwards: what is plotted and "
            "judged are the features before it."
        )
        st.markdown(
            "Chen et al. 2020, [SimCLR](https://arxiv.org/abs/2002.05709) · Wang & Isola 2020, "
            "[Alignment and uniformity](https://arxiv.org/abs/2005.10242)"
        )
    with details:
        _how_it_was_made()


def _how_it_was_made() -> None:
    card = load_card(NAME)
    st.markdown(
        f"**The shipped encoder, and the film above**: trained on the sample of 4,000 digits with "
        f"seed {card['config']['seed']} for {card['steps']:,} steps in {card['minutes']} minutes "
        f"on {card['hardware']}, torch {card['torch']}, {card['date']}."
    )
    st.code(card["command"], language="bash", wrap_lines=True)
    st.markdown("Its figures come from")
    st.code(card["evaluate"], language="bash", wrap_lines=True)
