"""The card of shipped weights, as the pages show it."""

import json
from typing import Any

import streamlit as st

from core.paths import ASSETS


# One cached function for all pages: Streamlit tells cached functions apart by their source alone,
# and two pages that defined this with a name of their own would be given each other's card.
@st.cache_data(max_entries=8)
def load_card(name: str) -> dict[str, Any]:
    """How the weights `name` were made, and what they reach; see `core.zoo.weights`."""
    card: dict[str, Any] = json.loads((ASSETS / "weights" / f"{name}.json").read_text())
    return card
