"""Small multiples: a row of cards with a name, a number and a picture each, which wraps."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from pages.parts.components.frontend import frontend

_mount = st.components.v2.component("picture_cards", **frontend("picture_cards/picture_cards"))


class Card(NamedTuple):
    """One of the small multiples.

    `basis` says what the number is of; `note` stands below the picture. `source` is the picture as
    a data URL, `shape` its height over its width, `alt` its text for screen readers.
    """

    title: str
    idea: str
    number: str
    basis: str
    note: str
    colour: str
    source: str
    shape: float
    alt: str


def picture_cards(cards: Sequence[Card], *, key: str) -> None:
    """Shows cards in place of those shown before under `key`."""
    _mount(key=key, data={"cards": [card._asdict() for card in cards]})
