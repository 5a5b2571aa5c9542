"""A drawn alphabet in the address, so that a reload or a link shows it again.

`12.1~0s0..~1.eJx.eJz~5s1..` is the made-up alphabet 12, of which the query shows symbol 1; then for
each card its number, the place of its sample if that is shown, its drawing, and its examples.
"""

import re
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.components.canvas.ink_address import (
    Ink,
    Shape,
    from_short_text,
    ink_from_text,
    ink_to_text,
    short_text,
)
from pages.parts.url_state import say, write

DRAWN = "drawn"  # parameter of the address
LONGEST = 6000  # letters: servers and messengers cut addresses that are much longer
SIDE = 28  # of an example
_HEAD = re.compile(r"(\d{1,4})\.(\d)", re.ASCII)
_CARD = re.compile(r"(\d)(?:s(\d))?\.([\w-]*)((?:\.[\w-]+)*)", re.ASCII)


class DrawnCard(NamedTuple):
    """What is on a card, a symbol's or the query's."""

    number: int
    place: int | None  # of the sample that it shows; None where it shows none
    ink: Ink
    examples: tuple[np.ndarray, ...]  # uint8 (28, 28)


class Drawn(NamedTuple):
    """What is on all cards, the query's last."""

    made_up: int  # number of the made-up alphabet that the samples are of
    sampled: int  # number of the symbol that the query's sample shows
    cards: list[DrawnCard]


def write_drawn(drawn: Drawn | None) -> int:
    """Puts the cards into the address; returns how many examples there is no room for."""
    if drawn is None:
        write(DRAWN, "")
        return 0
    head = f"{drawn.made_up}.{drawn.sampled}"
    parts = [
        f"{card.number}{'' if card.place is None else f's{card.place}'}.{ink_to_text(card.ink)}"
        for card in drawn.cards
    ]
    room, left_out = LONGEST - len("~".join([head, *parts])), 0
    for index, card in enumerate(drawn.cards):
        for example in card.examples:
            text = f".{short_text(example.tobytes())}"
            room -= len(text)
            left_out += room < 0
            parts[index] += text if room >= 0 else ""
    write(DRAWN, "~".join([head, *parts]))
    return left_out


def drawn_in_address(paper: Shape, most: int, most_examples: int, samples: int) -> Drawn | None:
    """The inverse of `write_drawn`; None, and a sentence, where the text makes no sense.

    There are at most `most` symbols, so that `most` is the number of the query's card.
    """
    text = st.query_params.get(DRAWN)
    if text is None:
        return None
    drawn = _parsed(text[: 2 * LONGEST], paper)
    if drawn is None or not _is_whole(drawn, most, most_examples, samples):
        say(f"{text[:40]!r} in the address is no drawing: the samples are shown.")
        return None
    return drawn


def _parsed(text: str, paper: Shape) -> Drawn | None:
    first, *others = text.split("~")
    head, cards = _HEAD.fullmatch(first), [_card(other, paper) for other in others]
    if head is None or None in cards:
        return None
    return Drawn(int(head[1]), int(head[2]), [card for card in cards if card is not None])


def _card(text: str, paper: Shape) -> DrawnCard | None:
    found = _CARD.fullmatch(text)
    if found is None:
        return None
    number, place, sheet, kept = found.groups()
    ink = ink_from_text(sheet, paper)
    examples = [from_short_text(each, SIDE * SIDE) for each in kept.split(".")[1:]]
    if ink is None or None in examples:
        return None
    pictures = [np.frombuffer(each, np.uint8).reshape(SIDE, SIDE) for each in examples if each]
    return DrawnCard(int(number), None if place is None else int(place), ink, tuple(pictures))


def _is_whole(drawn: Drawn, most: int, most_examples: int, samples: int) -> bool:
    """Whether all cards are there once, with samples and examples that there can be."""
    numbers = [card.number for card in drawn.cards]
    places = [card.place for card in drawn.cards if card.place is not None]
    return (
        drawn.made_up < samples
        and 3 <= len(numbers) == len(set(numbers)) <= most + 1
        and max(numbers) == most
        and all(place < most for place in places)
        and all(len(card.examples) <= most_examples for card in drawn.cards)
    )
