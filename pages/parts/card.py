"""The cards of shipped weights: how they were made, and what they reach."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.paths import ASSETS
from pages.parts.plain_text import plain


# One cached function for all pages: Streamlit tells cached functions apart by their source alone,
# and two pages that defined this with a name of their own would be given each other's card.
@st.cache_data(max_entries=8)
def load_card(name: str) -> dict[str, Any]:
    """How the weights `name` were made, and what they reach; see `core.zoo.weights`."""
    card: dict[str, Any] = json.loads((ASSETS / "weights" / f"{name}.json").read_text())
    return card


def show_how_made(
    title: str, name: str, about: str = "", *, unit: str = "steps", expanded: bool = False
) -> None:
    """An expander with the card of the shipped weights `name`; an error where that is missing.

    Args:
        title: what the weights are called on the page.
        about: what they were trained on and for, as the beginning of a sentence.
        unit: what the card counts as steps.
    """
    try:
        card = load_card(name)
    except OSError:
        st.error(f"The card of {name} is not among the shipped weights.", icon=":material/error:")
        return
    show_card(title, card, about, unit=unit, expanded=expanded)


def show_card(
    title: str, card: Mapping[str, Any], about: str = "", *, unit: str = "steps",
    expanded: bool = False,
) -> None:  # fmt: skip
    """An expander with a card, of shipped weights or of a run; see `show_how_made`."""
    hardware, torch, date = (plain(card[name]) for name in ("hardware", "torch", "date"))
    with st.expander(f"{title}: how it was made", icon=":material/id_card:", expanded=expanded):
        training = [about] if about else []
        training.append(f"{card['steps']:,} {unit}, seed {card['config']['seed']}")
        st.markdown(
            f"{', '.join(training)}, in {card['minutes']} minutes on {hardware}, torch {torch}, "
            f"{date}."
        )
        st.code(card["command"], language="bash", wrap_lines=True)
        st.markdown("This command measures its figures:")
        st.code(card["evaluate"], language="bash", wrap_lines=True)
