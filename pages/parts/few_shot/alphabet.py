"""Draw your own alphabet: new symbols and a query, learnt each time the pen is lifted."""

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
from pages.parts.few_shot.networks import SHIPPED, Network, answering_network, load_network
from pages.parts.few_shot.none_of_these import (
    about_drawing,
    drawing_distances,
    within_classes,
)
from pages.parts.few_shot.own_sentences import who_answers

PEN_WIDTH = 5  # pixels of the paper
STEPS = 5  # inner steps that are shown
CARD_WIDTH = 150  # px at least: a phone shows two cards side by side
HEADING_HEIGHT, CANVAS_SIDE, BAR_HEIGHT, CURVES_HEIGHT = 44, 200, 48, 220  # px
STEP = "alphabet-step"  # in session state


@st.fragment
def draw_your_alphabet() -> None:
    """Cards to draw symbols and a query on, and how the network classifies the query."""
    alphabet = cards.current()
    st.markdown(
        "Draw symbols over the samples; **one drawing of each is enough**. The network "
        "learns them each time you lift the pen. Then draw one of them again as the query."
    )
    _buttons(has_room=len(alphabet.symbols) < cards.MOST)
    examples = {}
    with st.grid(max(4, len(alphabet.symbols) + 1), min_column_width=CARD_WIDTH, gap="medium"):
        for card in alphabet.symbols:
            with st.container(gap="xsmall"):
                examples[card.number] = _symbol(card, len(alphabet.symbols) > cards.FEWEST)
        with st.container(gap="xsmall"):
            query = _query(alphabet.query)
    st.caption(
        "The small pictures are what the network sees: each drawing thinned to lines, centred and "
        "scaled like Omniglot's."
    )
    left_out = cards.keep_in_address()
    if left_out:
        st.caption(
            f"The address has no room for {left_out} of the examples: a reload or a link is "
            "without them."
        )
    _answer({number: pictures for number, pictures in examples.items() if pictures}, query)


def _buttons(has_room: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Add a symbol", icon=":material/add:", disabled=not has_room, on_click=cards.add_symbol
        )
        st.button("Show me", icon=":material/auto_awesome:", on_click=cards.show_sample,
                  help="Fills the cards with a made-up alphabet")  # fmt: skip
        st.button("Clear all", icon=":material/delete_sweep:", on_click=cards.clear_all)


def _symbol(card: Card, can_go: bool) -> list[np.ndarray]:
    """A card to draw one symbol on; returns its examples (28, 28), those kept first."""
    letter = class_name(card.number)
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        width=CANVAS_SIDE,
        height=HEADING_HEIGHT,
        border=False,
    ):
        st.markdown(f"**{letter}**", width="stretch")
        st.button(
            f"Remove {letter}", type="tertiary", key=f"{card.key}-remove", disabled=not can_go,
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
        help="Keeps this drawing, and gives you a blank sheet for another one of the same symbol",
    )  # fmt: skip
    return pictures


def _query(card: Card) -> np.ndarray | None:
    """A card to draw the query on; returns it (28, 28), or None without ink."""
    with st.container(height=HEADING_HEIGHT, vertical_alignment="center", border=False):
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
    """A sheet of paper; returns its picture as the network sees it (28, 28), None without ink."""
    blank = np.zeros(PAPER, np.uint8)
    below = blank if card.sample is None else sample_below_pen(card.sample, PAPER[0])
    drawing_canvas(
        below, key=card.key, label=label, revision=card.sheet, brush=PEN_WIDTH, size=CANVAS_SIDE
    )
    return cards.picture_of(card)


def _answer(examples: dict[int, list[np.ndarray]], query: np.ndarray | None) -> None:
    """How likely the query is each symbol, after a chosen inner step and over all steps."""
    bars_side, curves_side = st.columns([3, 2], gap="large")
    with curves_side:
        step = st.slider(
            "Inner step", 0, STEPS, load_card(SHIPPED)["config"]["inner_steps"], key=STEP,
            help="0 is before the first gradient step. Arrow keys work.",
        )  # fmt: skip
    support = [np.stack(pictures) for pictures in examples.values()]
    queries = np.zeros((0, 28, 28), np.uint8) if query is None else query[None]
    network = answering_network()
    try:
        probability = _learn(support, queries, network)
    except GlimpseError as refusal:
        bars_side.info(str(refusal), icon=":material/draw:")
        return
    numbers = list(examples)
    with bars_side:
        live_figure(
            symbol_bars(
                probability[step], [pictures[0] for pictures in examples.values()], numbers
            ),
            key="alphabet-bars",
            height=BARS_TOP + BAR_HEIGHT * len(numbers),
            alt=f"After inner step {step}: {symbol_bars_alt(probability[step], numbers)}",
        )
    with curves_side:
        live_figure(
            symbol_curves(probability, numbers, step),
            key="alphabet-curves",
            height=CURVES_HEIGHT,
            alt="The same probabilities after each inner step",
        )
    shots = [len(pictures) for pictures in support]
    distances = drawing_distances(support, queries, network)
    within = within_classes(len(support), shots[int(distances.argmin())], network)
    st.markdown(f":material/straighten: {about_drawing(distances, numbers, within)}")
    st.caption(
        f"{who_answers(network)} The query is classified alone (*inductive*): batch norm uses the "
        "statistics of the examples. Symbols with fewer examples have them repeated, so all count "
        "the same."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _learn(support: list[np.ndarray], query: np.ndarray, network: Network) -> np.ndarray:
    """Probabilities (STEPS + 1, n_way) of a query uint8 (1, 28, 28), before and after each step."""
    from core.data.drawings import drawn_task

    adapted = load_network(network).adapt(drawn_task(support, query), STEPS, "inductive")
    probability: np.ndarray = adapted.outputs[0, :, 0].softmax(-1).cpu().numpy()
    return probability
