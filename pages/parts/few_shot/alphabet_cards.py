"""The alphabet of a session: its symbols, their examples, the query.

What is being drawn is kept by the canvases (`components/canvas`), a sheet of paper each. All else
is kept here in the session, so nothing is lost when another page is opened.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from pages.parts.components.canvas.canvas import Painted, ink_on

FEWEST, MOST = 2, 5  # symbols
MOST_EXAMPLES = 5  # of a symbol
QUERY = MOST  # the number of the query's card, after those of the symbols
PAPER = (105, 105)  # pixels of a sheet, as of Omniglot's
FIRST_SYMBOLS = 3
FIRST_SAMPLE, SAMPLES = 0, 80
ALPHABET, SHEETS = "alphabet", "alphabet-sheets"  # keys in session state


class Card(NamedTuple):
    """A symbol, or the query."""

    number: int  # of its letter and colour
    sheet: int  # of paper on its canvas, each with a number of its own
    sample: np.ndarray | None = None  # uint8 (28, 28), in place of a drawing until there is one
    examples: tuple[np.ndarray, ...] = ()  # uint8 (28, 28), kept from earlier sheets

    @property
    def key(self) -> str:
        """Of its canvas."""
        return f"alphabet-{self.number}"


class Alphabet(NamedTuple):
    symbols: tuple[Card, ...]  # by number
    query: Card
    sampled: int  # number of the symbol in the query's sample


def current() -> Alphabet:
    """The alphabet of this session, a sample at first. Drawings replace the samples below them."""
    if ALPHABET not in st.session_state:
        show_sample(FIRST_SAMPLE)
    alphabet: Alphabet = st.session_state[ALPHABET]
    drawn_over = {card.number for card in (*alphabet.symbols, alphabet.query) if _ink(card).any()}
    if alphabet.sampled in drawn_over:
        drawn_over.add(QUERY)  # its sample shows a symbol that is gone
    return _put(
        alphabet._replace(
            symbols=tuple(_drawn_over(card, drawn_over) for card in alphabet.symbols),
            query=_drawn_over(alphabet.query, drawn_over),
        )
    )


def picture_of(card: Card) -> np.ndarray | None:
    """The picture on its sheet as the network sees it, uint8 (28, 28); None without ink."""
    ink = _ink(card)
    if not ink.any():
        return card.sample
    try:
        return _like_omniglot(ink)
    except GlimpseError:  # only crumbs left by the eraser
        return None


def show_sample(number: int | None = None) -> None:
    """Fills the cards with made-up symbols and a query: sample `number`, or a random one."""
    alphabet: Alphabet | None = st.session_state.get(ALPHABET)
    symbols = [card.number for card in alphabet.symbols] if alphabet else list(range(FIRST_SYMBOLS))
    number = int(np.random.default_rng().integers(SAMPLES)) if number is None else number
    pictures, sampled = _sample(number, len(symbols))
    _put(
        Alphabet(
            symbols=tuple(
                Card(symbol, _new_sheet(), picture)
                for symbol, picture in zip(symbols, pictures, strict=False)
            ),
            query=Card(QUERY, _new_sheet(), pictures[-1]),
            sampled=symbols[sampled],
        )
    )


def clear_all() -> None:
    """Blank sheets for as many symbols as there are, and for the query."""
    alphabet: Alphabet = st.session_state[ALPHABET]
    symbols = tuple(Card(card.number, _new_sheet()) for card in alphabet.symbols)
    _put(Alphabet(symbols, Card(QUERY, _new_sheet()), alphabet.sampled))


def add_symbol() -> None:
    """A blank sheet for the first unused letter."""
    alphabet: Alphabet = st.session_state[ALPHABET]
    taken = {card.number for card in alphabet.symbols}
    number = min(set(range(MOST)) - taken)
    symbols = sorted([*alphabet.symbols, Card(number, _new_sheet())], key=lambda card: card.number)
    _put(alphabet._replace(symbols=tuple(symbols)))


def remove_symbol(number: int) -> None:
    alphabet: Alphabet = st.session_state[ALPHABET]
    symbols = tuple(card for card in alphabet.symbols if card.number != number)
    query = alphabet.query
    if alphabet.sampled == number:
        query = query._replace(sample=None)
    _put(alphabet._replace(symbols=symbols, query=query))


def keep_example(number: int) -> None:
    """Adds the drawing of a symbol to its examples, and gives its canvas a blank sheet."""

    def kept(card: Card) -> Card:
        picture = picture_of(card)
        if picture is None:
            return card
        return Card(number, _new_sheet(), examples=(*card.examples, picture))

    _change(number, kept)


def drop_example(number: int, index: int) -> None:
    _change(
        number,
        lambda card: card._replace(examples=card.examples[:index] + card.examples[index + 1 :]),
    )


def _change(number: int, change: Callable[[Card], Card]) -> None:
    alphabet: Alphabet = st.session_state[ALPHABET]
    symbols = [change(card) if card.number == number else card for card in alphabet.symbols]
    _put(alphabet._replace(symbols=tuple(symbols)))


def _put(alphabet: Alphabet) -> Alphabet:
    st.session_state[ALPHABET] = alphabet
    return alphabet


def _ink(card: Card) -> Painted:
    return ink_on(card.key, PAPER, card.sheet)


def _drawn_over(card: Card, numbers: set[int]) -> Card:
    return card._replace(sample=None) if card.number in numbers else card


def _new_sheet() -> int:
    """A number for a sheet of paper that nobody has drawn on."""
    st.session_state[SHEETS] = st.session_state.get(SHEETS, 0) + 1
    return int(st.session_state[SHEETS])


@st.cache_data(max_entries=256, show_spinner=False)
def _like_omniglot(ink: Painted) -> np.ndarray:
    from core.data.drawings import like_omniglot

    return like_omniglot(ink)


@st.cache_data(max_entries=16, show_spinner=False)
def _sample(number: int, n_symbols: int) -> tuple[np.ndarray, int]:
    """A drawing of each made-up symbol and one more of one of them, and the index of that one."""
    import torch

    from core.data.strokes import render_strokes, stroke_classes

    first = number * MOST
    classes = stroke_classes("test", first + MOST)[first:][:n_symbols]
    drawings = render_strokes(classes, torch.arange(2)).numpy()
    sampled = number % n_symbols
    return np.concatenate([drawings[:, 0], drawings[sampled, 1:]]), sampled
