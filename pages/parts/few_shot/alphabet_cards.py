"""The alphabet of a session: its symbols, their examples, the query.

What is being drawn is kept by the canvases (`components/canvas`), a sheet of paper each. All else
is kept here in the session, so nothing is lost when another page is opened.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from pages.parts.components.canvas.canvas import Painted, ink_on, put_ink
from pages.parts.few_shot.alphabet_address import Drawn, DrawnCard, drawn_in_address, write_drawn

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
    place: int = 0  # of its sample in the made-up alphabet
    examples: tuple[np.ndarray, ...] = ()  # uint8 (28, 28), kept from earlier sheets

    @property
    def key(self) -> str:
        """Of its canvas."""
        return f"alphabet-{self.number}"


class Alphabet(NamedTuple):
    symbols: tuple[Card, ...]  # by number
    query: Card
    sampled: int  # number of the symbol in the query's sample
    made_up: int  # number of the made-up alphabet that the samples are of

    @property
    def has_more(self) -> bool:
        """Whether it has more, or less, than the first symbols with one drawing of each."""
        numbers = [card.number for card in self.symbols]
        return numbers != [*range(FIRST_SYMBOLS)] or any(card.examples for card in self.symbols)


def current() -> Alphabet:
    """The alphabet of this session, a sample at first. Drawings replace the samples below them."""
    if ALPHABET not in st.session_state and not restore_alphabet():
        show_sample(FIRST_SAMPLE)
    alphabet: Alphabet = st.session_state[ALPHABET]
    drawn_over = {card.number for card in (*alphabet.symbols, alphabet.query) if ink_of(card).any()}
    if alphabet.sampled in drawn_over:
        drawn_over.add(QUERY)  # its sample shows a symbol that is gone
    return _put(
        alphabet._replace(
            symbols=tuple(_drawn_over(card, drawn_over) for card in alphabet.symbols),
            query=_drawn_over(alphabet.query, drawn_over),
        )
    )


def restore_alphabet() -> bool:
    """Begins with what the address says is drawn; returns whether it says anything."""
    drawn = drawn_in_address(PAPER, MOST, MOST_EXAMPLES, SAMPLES)
    if drawn is None:
        return False
    cards = {card.number: _restored(card, drawn.made_up) for card in drawn.cards}
    query = cards.pop(QUERY)
    symbols = tuple(cards[number] for number in sorted(cards))
    _put(Alphabet(symbols, query, drawn.sampled, drawn.made_up))
    return True


def _restored(drawn: DrawnCard, made_up: int) -> Card:
    is_query = drawn.number == QUERY
    sample = None if drawn.place is None else sample_of(made_up, drawn.place, is_query)
    card = Card(drawn.number, new_sheet(), sample, drawn.place or 0, drawn.examples)
    put_ink(card.key, drawn.ink, card.sheet)
    return card


def keep_in_address() -> int:
    """Puts the alphabet into the address; returns how many examples there is no room for."""
    alphabet: Alphabet = st.session_state[ALPHABET]
    cards = (*alphabet.symbols, alphabet.query)
    if _is_as_at_first(alphabet):
        return write_drawn(None)
    drawn = [
        DrawnCard(
            card.number, None if card.sample is None else card.place, ink_of(card), card.examples
        )
        for card in cards
    ]
    return write_drawn(Drawn(alphabet.made_up, alphabet.sampled, drawn))


def _is_as_at_first(alphabet: Alphabet) -> bool:
    cards = (*alphabet.symbols, alphabet.query)
    shows_samples = all(card.sample is not None for card in cards)
    return alphabet.made_up == FIRST_SAMPLE and shows_samples and not alphabet.has_more


def picture_of(card: Card) -> np.ndarray | None:
    """The picture on its sheet as the network sees it, uint8 (28, 28); None without ink."""
    ink = ink_of(card)
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
    sampled = number % len(symbols)
    _put(
        Alphabet(
            symbols=tuple(
                Card(symbol, new_sheet(), sample_of(number, place), place)
                for place, symbol in enumerate(symbols)
            ),
            query=Card(QUERY, new_sheet(), sample_of(number, sampled, is_query=True), sampled),
            sampled=symbols[sampled],
            made_up=number,
        )
    )


def clear_all() -> None:
    """Blank sheets for as many symbols as there are, and for the query."""
    alphabet: Alphabet = st.session_state[ALPHABET]
    symbols = tuple(Card(card.number, new_sheet()) for card in alphabet.symbols)
    _put(alphabet._replace(symbols=symbols, query=Card(QUERY, new_sheet())))


def add_symbol() -> None:
    """A blank sheet for the first unused letter."""
    alphabet: Alphabet = st.session_state[ALPHABET]
    taken = {card.number for card in alphabet.symbols}
    number = min(set(range(MOST)) - taken)
    symbols = sorted([*alphabet.symbols, Card(number, new_sheet())], key=lambda card: card.number)
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
        return Card(number, new_sheet(), examples=(*card.examples, picture))

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


def ink_of(card: Card) -> Painted:
    return ink_on(card.key, PAPER, card.sheet)


def _drawn_over(card: Card, numbers: set[int]) -> Card:
    return card._replace(sample=None) if card.number in numbers else card


def new_sheet() -> int:
    """A number for a sheet of paper that nobody has drawn on."""
    st.session_state[SHEETS] = st.session_state.get(SHEETS, 0) + 1
    return int(st.session_state[SHEETS])


@st.cache_data(max_entries=256, show_spinner=False)
def _like_omniglot(ink: Painted) -> np.ndarray:
    from core.data.drawings import like_omniglot

    return like_omniglot(ink)


def sample_of(number: int, place: int, is_query: bool = False) -> np.ndarray:
    """The symbol at a place of a made-up alphabet, uint8 (28, 28), or another drawing of it."""
    picture: np.ndarray = _made_up(number)[place, int(is_query)]
    return picture


@st.cache_data(max_entries=16, show_spinner=False)
def _made_up(number: int) -> np.ndarray:
    """Two drawings of each of `MOST` made-up symbols, uint8 (MOST, 2, 28, 28)."""
    import torch

    from core.data.strokes import render_strokes, stroke_classes

    first = number * MOST
    drawn: np.ndarray = render_strokes(
        stroke_classes("test", first + MOST)[first:], torch.arange(2)
    ).numpy()
    return drawn
