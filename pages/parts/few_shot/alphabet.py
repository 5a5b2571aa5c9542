"""Draw your own alphabet: symbols that nobody has seen, and a query, learnt as the pen lifts."""

from functools import partial

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.figures.alphabet import (
    BARS_TOP,
    sample_below_pen,
    symbol_bars,
    symbol_bars_alt,
    symbol_curves,
    symbol_png,
)
from core.figures.pictures import class_name
from pages.parts.card import load_card
from pages.parts.components.canvas.canvas import drawing_canvas
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.components.thumbnails.thumbnails import thumbnails
from pages.parts.few_shot import alphabet_cards as cards
from pages.parts.few_shot.alphabet_cards import PAPER, Card
from pages.parts.few_shot.task_learning import NAME, shipped

PEN = 5  # pixels of the paper
STEPS = 5  # inner steps that are shown
CARD_WIDTH = 150  # px below which a card gets no narrower: a phone shows two side by side
HEAD, CANVAS, BAR_HEIGHT, CURVES_HEIGHT = 44, 200, 48, 220  # px
STEP = "alphabet-step"


@st.fragment
def draw_your_alphabet() -> None:
    """Cards to draw symbols on, a query, and what the shipped model makes of them."""
    alphabet = cards.current()
    st.markdown(
        "Draw over the samples, **one drawing of each symbol is enough**: the network learns them "
        "anew as the pen lifts. Then draw one of them again as the query."
    )
    _buttons(room=len(alphabet.symbols) < cards.MOST)
    drawn = {}
    with st.grid(max(4, len(alphabet.symbols) + 1), min_column_width=CARD_WIDTH, gap="medium"):
        for card in alphabet.symbols:
            with st.container(gap="xsmall"):
                drawn[card.number] = _symbol(card, len(alphabet.symbols) > cards.FEWEST)
        with st.container(gap="xsmall"):
            query = _query(alphabet.query)
    _answer({number: pictures for number, pictures in drawn.items() if pictures}, query)


def _buttons(room: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Add a symbol", icon=":material/add:", disabled=not room, on_click=cards.add_symbol
        )
        st.button("Show me", icon=":material/auto_awesome:", on_click=cards.show_sample,
                  help="Puts a made-up alphabet on the table")  # fmt: skip
        st.button("Clear all", icon=":material/delete_sweep:", on_click=cards.clear_all)


def _symbol(card: Card, removable: bool) -> list[np.ndarray]:
    """A card to draw one symbol on; its examples (28, 28), those kept first."""
    letter = class_name(card.number)
    with st.container(
        horizontal=True, vertical_alignment="center", width=CANVAS, height=HEAD, border=False
    ):
        st.markdown(f"**{letter}**", width="stretch")
        st.button(
            f"Remove {letter}", type="tertiary", key=f"{card.key}-remove", disabled=not removable,
            on_click=cards.remove_symbol, args=(card.number,),
        )  # fmt: skip
    picture = _canvas(card, f"Draw the symbol {letter}")
    pictures = [*card.examples, *([] if picture is None else [picture])]
    if not pictures:
        st.markdown(f":small[:orange[{letter} has no drawing yet: draw it, or remove it.]]")
        return pictures
    thumbnails(
        [symbol_png(example, card.number) for example in pictures],
        [f"example {i} of {letter} as the network sees it" for i in range(1, len(pictures) + 1)],
        key=f"{card.key}-examples",
        removable=len(card.examples),
        on_remove=partial(cards.drop_example, card.number),
    )
    st.button(
        "Add an example", icon=":material/add:", key=f"{card.key}-add",
        disabled=picture is None or len(pictures) == cards.MOST_EXAMPLES,
        on_click=cards.keep_example, args=(card.number,),
        help="Keeps this drawing, and takes a blank sheet for another one of the same symbol",
    )  # fmt: skip
    return pictures


def _query(card: Card) -> np.ndarray | None:
    """A card to draw the query on; what it is (28, 28)."""
    with st.container(height=HEAD, vertical_alignment="center", border=False):
        st.markdown("**Query**")
    picture = _canvas(card, "Draw the query")
    if picture is not None:
        thumbnails(
            [symbol_png(picture)],
            ["the query as the network sees it"],
            key=f"{card.key}-examples",
        )
    return picture


def _canvas(card: Card, label: str) -> np.ndarray | None:
    """A sheet of paper, and what is on it as the network sees it (28, 28); None without ink."""
    blank = np.zeros(PAPER, np.uint8)
    below = blank if card.sample is None else sample_below_pen(card.sample, PAPER[0])
    drawing_canvas(below, key=card.key, label=label, revision=card.sheet, brush=PEN, size=CANVAS)
    return cards.picture_of(card)


def _answer(drawn: dict[int, list[np.ndarray]], query: np.ndarray | None) -> None:
    """How likely the query is each symbol after an inner step of one's choice, and at all steps."""
    bars_side, curves_side = st.columns([3, 2], gap="large")
    with curves_side:
        step = st.slider(
            "Inner step", 0, STEPS, load_card(NAME)["config"]["inner_steps"], key=STEP,
            help="0 is before the first gradient step. Arrow keys work.",
        )  # fmt: skip
    support = [np.stack(pictures) for pictures in drawn.values()]
    queries = np.zeros((0, 28, 28), np.uint8) if query is None else query[None]
    try:
        probability = _learn(support, queries)
    except GlimpseError as refusal:
        bars_side.info(str(refusal), icon=":material/draw:")
        return
    numbers = list(drawn)
    with bars_side:
        live_figure(
            symbol_bars(probability[step], [pictures[0] for pictures in drawn.values()], numbers),
            key="alphabet-bars",
            height=BARS_TOP + BAR_HEIGHT * len(numbers),
            alt=f"After inner step {step}: {symbol_bars_alt(probability[step], numbers)}",
        )
    with curves_side:
        live_figure(
            symbol_curves(probability, numbers, step),
            key="alphabet-curves",
            height=CURVES_HEIGHT,
            alt="The same after each inner step",
        )
    st.caption(
        "The query is answered alone (*inductive*): batch norm takes its statistics from the "
        "examples. Each drawing is thinned to lines, centred and scaled like Omniglot's; the small "
        "pictures are what the network sees. A symbol with fewer examples has them repeated, so "
        "that all symbols weigh the same."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _learn(support: list[np.ndarray], query: np.ndarray) -> np.ndarray:
    """Probability (STEPS + 1, n_way) of a query uint8 (1, 28, 28) before and after each step."""
    from core.data.drawings import drawn_task

    film = shipped().adapt(drawn_task(support, query), STEPS, "inductive")
    probability: np.ndarray = film.outputs[0, :, 0].softmax(-1).cpu().numpy()
    return probability
