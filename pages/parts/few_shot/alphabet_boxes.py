"""The boxes to draw an alphabet in: one for each symbol, and one for the query."""

from functools import partial

import numpy as np
import streamlit as st

from core.figures.alphabet import sample_below_pen, symbol_png
from core.figures.pictures import UNDECIDED, class_colour, class_name
from pages.parts.components.canvas.canvas import Look, drawing_canvas
from pages.parts.components.thumbnails.thumbnails import thumbnails
from pages.parts.few_shot import alphabet_cards as cards
from pages.parts.few_shot.alphabet_cards import PAPER, Alphabet, Card

PEN_WIDTH = 5  # pixels of the paper
BOX_WIDTH = 150  # px at least: a phone shows two boxes side by side
PAPER_SIDE = 308  # px at most: four boxes are as wide as the page
PICTURES_HEIGHT = 48  # px, also of the sentence in place of the pictures
QUERY_TITLE = "?"
SAMPLE_HINT = "Example: your drawing replaces it"
SYMBOL_HINT, QUERY_HINT = "Draw here", "Draw one of them again"  # on blank paper

Examples = dict[int, list[np.ndarray]]  # uint8 (28, 28) by number of the symbol


def show_boxes(alphabet: Alphabet, with_more: bool) -> tuple[Examples, np.ndarray | None]:
    """Draws the boxes, `with_more` also what a symbol can have beside its one drawing.

    Returns:
        The examples of each symbol, those kept first, none where nothing is drawn; and the query
        uint8 (28, 28), or None.
    """
    examples = {}
    columns = max(4, len(alphabet.symbols) + 1)
    with st.grid(columns, min_column_width=BOX_WIDTH, gap="small"):
        for card in alphabet.symbols:
            with st.container(gap="xsmall"):
                picture = _symbol_paper(card, with_more)
                pictures = [*card.examples, *([] if picture is None else [picture])]
                if with_more or card.examples:
                    _show_examples(card, pictures, with_more)
                if with_more:
                    _change_symbol(
                        card,
                        can_keep=picture is not None and len(pictures) < cards.MOST_EXAMPLES,
                        can_go=len(alphabet.symbols) > cards.FEWEST,
                    )
                examples[card.number] = pictures
        with st.container(gap="xsmall"):
            query = _query(alphabet.query, with_more)
    return examples, query


def _symbol_paper(card: Card, with_more: bool) -> np.ndarray | None:
    letter, colour = class_name(card.number), class_colour(card.number)
    look = Look(letter, colour, _hint(card, SYMBOL_HINT), erases=with_more)
    return _paper(card, f"Draw the symbol {letter}", look)


def _query(card: Card, with_more: bool) -> np.ndarray | None:
    """A box to draw the query in; returns it (28, 28), or None without ink."""
    look = Look(QUERY_TITLE, class_colour(UNDECIDED), _hint(card, QUERY_HINT), erases=with_more)
    picture = _paper(card, "Draw the query", look)
    if with_more and picture is not None:
        thumbnails(
            [symbol_png(picture)],
            ["the query as the network sees it"],
            key=f"{card.key}-examples",
        )
    return picture


def _hint(card: Card, on_blank_paper: str) -> str:
    return on_blank_paper if card.sample is None else SAMPLE_HINT


def _paper(card: Card, label: str, look: Look) -> np.ndarray | None:
    """A sheet of paper; returns its picture as the network sees it (28, 28), None without ink."""
    blank = np.zeros(PAPER, np.uint8)
    below = blank if card.sample is None else sample_below_pen(card.sample, PAPER[0])
    drawing_canvas(
        below, key=card.key, label=label, revision=card.sheet, brush=PEN_WIDTH, size=PAPER_SIDE,
        look=look,
    )  # fmt: skip
    return cards.picture_of(card)


def _show_examples(card: Card, pictures: list[np.ndarray], with_more: bool) -> None:
    """What the network has of a symbol, in a place that stays as high for one picture or none."""
    letter = class_name(card.number)
    with st.container(height=PICTURES_HEIGHT if len(pictures) < 2 else "content", border=False):
        if not pictures:
            st.markdown(f":small[:orange[{letter} has no drawing yet: draw it, or remove it.]]")
            return
        thumbnails(
            [symbol_png(picture, card.number) for picture in pictures],
            [
                f"example {i} of {letter} as the network sees it"
                for i in range(1, 1 + len(pictures))
            ],
            key=f"{card.key}-examples",
            removable=len(card.examples) if with_more else 0,
            on_remove=partial(cards.drop_example, card.number),
        )


def _change_symbol(card: Card, can_keep: bool, can_go: bool) -> None:
    letter = class_name(card.number)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button(
            "Add an example", icon=":material/add:", key=f"{card.key}-add", disabled=not can_keep,
            on_click=cards.keep_example, args=(card.number,),
            help="Keeps this drawing, and gives you a blank sheet for another one of the same "
            "symbol",
        )  # fmt: skip
        st.button(
            f"Remove {letter}", type="tertiary", key=f"{card.key}-remove", disabled=not can_go,
            on_click=cards.remove_symbol, args=(card.number,),
        )  # fmt: skip
