"""Look inside: the algorithm, and four measurements of an initialisation.

Each measurement is a tab that is computed when it is first opened, and kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.errors import GlimpseError
from core.figures.words import counted
from pages.parts.card import load_card, show_card, show_how_made
from pages.parts.few_shot.algorithm import algorithm_box, symbols_and_papers
from pages.parts.few_shot.analysis_tabs import (
    Pair,
    show_gradient,
    show_movement,
    show_path,
    show_similarity,
)
from pages.parts.few_shot.networks import (
    OLD_NAMES,
    OWN,
    SHIPPED,
    Network,
    card_of,
    load_network,
    own_network_or_why,
    race_networks,
    random_like,
)
from pages.parts.few_shot.own_sentences import trained_on
from pages.parts.plain_text import plain
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
    offered = {each.title: each for each in race_networks() if each.title != NO_STEPS}
    own = own_network_or_why()
    if own is not None and load_network(own).config.algorithm != "protonet":
        offered[OWN] = own
    titles, tab_names = list(offered), list(TABS)
    if st.session_state.get(INITIALISATION, titles[0]) not in titles:  # the run is gone
        st.session_state[INITIALISATION] = titles[0]
    restore(
        Choice(INITIALISATION, "Initialisation", titles[0], titles, OLD_NAMES),
        Choice(TAB, "Tab", tab_names[0], tab_names),
    )
    title = st.selectbox(
        "Initialisation", titles, key=INITIALISATION, width=300, bind="query-params",
        help=f"One of the race, a run of *Train it* among them, except {NO_STEPS}, which "
        "takes no inner steps.",
    )  # fmt: skip
    chosen = offered[title]
    pair = (chosen, offered["MAML"] if title == RANDOM else random_like(chosen))
    tabs = st.tabs(tab_names, key=TAB, bind="query-params")
    for tab, draw in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                _draw_or_refuse(draw, pair)
    _cards(chosen)


def _draw_or_refuse(draw: "Callable[[Pair], None]", pair: Pair) -> None:
    try:
        draw(pair)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")


def _cards(network: Network) -> None:
    """How the page's network and the initialisation were made."""
    _card("The network of this page", SHIPPED)
    if network.is_own:
        card = card_of(network)
        show_card(OWN, card, _about(card["config"]), unit="meta-updates")
    elif network.weights:
        _card(f"{network.title} in the race", network.weights)
    else:
        st.caption("The random weights were drawn with a fixed seed and never trained.")


def _card(title: str, weights: str) -> None:
    try:
        config = load_card(weights)["config"]
    except OSError:
        about = ""
    else:
        about = _about(config)
    show_how_made(title, weights, about, unit="meta-updates")


def _about(config: Mapping[str, Any]) -> str:
    """What a network was trained on, as the beginning of a sentence."""
    on, steps = trained_on(config), counted(config["inner_steps"], "inner step")
    return f"{on[0].upper()}{on[1:]}, {steps}"
