"""Look inside: the algorithm, and four measurements of an initialisation.

Each measurement is a tab that is computed when it is first opened, and kept.
"""

from collections.abc import Callable

import streamlit as st

from core.data.catalog import SOURCES
from core.errors import GlimpseError
from core.figures.words import counted
from pages.parts.card import load_card, show_how_made
from pages.parts.few_shot.adaptation import SHIPPED
from pages.parts.few_shot.algorithm import algorithm_box, symbols_and_papers
from pages.parts.few_shot.analysis_tabs import (
    Pair,
    show_gradient,
    show_movement,
    show_path,
    show_similarity,
)
from pages.parts.url_state import Choice, restore

RANDOM, NO_STEPS = "Random", "ProtoNet"
INITIALISATION, TAB = "inside_start", "inside_tab"  # in session state and in the address
TABS: "dict[str, Callable[[Pair], None]]" = {
    "What moves": show_movement,
    "What stays": show_similarity,
    "The path": show_path,
    "Meta-gradient": show_gradient,
}


def show_analysis(note: str = "") -> None:
    """The algorithm with its formulas, four measurements, and the cards of what was measured.

    `note` stands above the measurements.
    """
    box, symbols = st.columns([3, 2], gap="large")
    with box:
        algorithm_box()
    with symbols:
        symbols_and_papers()
    if note:
        st.info(note, icon=":material/show_chart:")
    measurements()


@st.fragment
def measurements() -> None:
    """Four measurements of an initialisation, each beside random weights."""
    from core.zoo.initialisations import RACE

    weights = {each.title: each.weights for each in RACE if each.title != NO_STEPS}
    titles, tab_names = list(weights), list(TABS)
    restore(
        Choice(INITIALISATION, "Initialisation", titles[0], titles),
        Choice(TAB, "Tab", tab_names[0], tab_names),
    )
    title = st.selectbox(
        "Initialisation", titles, key=INITIALISATION, width=300, bind="query-params",
        help=f"One of the race, except {NO_STEPS}, which takes no inner steps.",
    )  # fmt: skip
    pair = (title, "MAML" if title == RANDOM else RANDOM)
    tabs = st.tabs(tab_names, key=TAB, bind="query-params")
    for tab, draw in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                _draw_or_refuse(draw, pair)
    _cards(title, weights[title])


def _draw_or_refuse(draw: "Callable[[Pair], None]", pair: Pair) -> None:
    try:
        draw(pair)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")


def _cards(title: str, weights: str) -> None:
    """How the page's network and the initialisation were made."""
    _card("The network of this page", SHIPPED)
    if weights:
        _card(f"{title} in the race", weights)
    else:
        st.caption("The random weights were drawn with a fixed seed and never trained.")


def _card(title: str, weights: str) -> None:
    try:
        config = load_card(weights)["config"]
    except OSError:
        about = ""
    else:
        about = (
            f"{config['train_way']}-way {config['k_shot']}-shot tasks of "
            f"{SOURCES[config['source']].title}, {counted(config['inner_steps'], 'inner step')}"
        )
    show_how_made(title, weights, about, unit="meta-updates")
