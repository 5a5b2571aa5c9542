"""The networks of the page, by what they are made from: shipped weights, or a run of one's own.

A run takes part with its newest checkpoint. It is asked for when a person does something, and not
by a timer: what is on screen is of one checkpoint while it is played or averaged.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from core.errors import GlimpseError
from core.figures.words import counted
from core.training.run_folder import open_run
from pages.parts.card import load_card
from pages.parts.plain_text import plain
from pages.parts.shipped import shipped_few_shot
from pages.parts.training.choose_run import run_in_view
from pages.parts.url_state import Choice, restore

if TYPE_CHECKING:
    from core.methods.few_shot.method import FewShot

METHOD = "maml"
SHIPPED = "maml"  # the name of the weights of the page's network
OWN, OF_PAGE = "Local run", "Shipped"  # whoever began it: others may train on this machine too
OLD_NAMES = {"Your run": OWN}  # in old links
NETWORK = "network"  # in session state and in the address
SHOWN = "network-shown"  # in session state: what was chosen when the whole page ran last


class Network(NamedTuple):
    """A network of pictures by what it is made from: small, and the same for the same weights.

    So it is a key of caches; `load_network` gives the network itself.
    """

    title: str
    idea: str = ""  # what it was trained for, in a few words
    weights: str = ""  # the name that they are shipped under; empty for random ones and a run's
    run: str = ""  # the id of one's own run
    step: int = 0  # of the run's newest checkpoint
    is_trained: bool = True  # or else of random weights

    @property
    def is_own(self) -> bool:
        """Whether it is the run of one's own."""
        return self.title == OWN


PAGE = Network("MAML", weights=SHIPPED)


class Networks(NamedTuple):
    """The network that answers in film and drawing, and the run that takes part in the race."""

    answering: Network
    own: Network | None


class _Own(NamedTuple):
    """A run's network, and its card without figures."""

    method: "FewShot"
    card: Mapping[str, Any]


def load_network(network: Network) -> "FewShot":
    """The network itself. Raises GlimpseError where its weights are missing or damaged."""
    from core.zoo.initialisations import RACE, load_initialisation, untrained

    if network.run:
        own = _own(network.run, network.step).method
        return own if network.is_trained else untrained(own.config)
    if network == PAGE:
        return shipped_few_shot()
    return load_initialisation(next(each for each in RACE if each.weights == network.weights))


def card_of(network: Network) -> Mapping[str, Any]:
    """How a trained network was made; that of a run has no figures."""
    return _own(network.run, network.step).card if network.run else load_card(network.weights)


def race_networks(own: Network | None = None) -> list[Network]:
    """Those of the race: MAML first, random weights last, one's own run before them."""
    from core.zoo.initialisations import RACE

    shipped = [
        Network(each.title, each.idea, each.weights, is_trained=bool(each.weights)) for each in RACE
    ]
    return shipped if own is None else [*shipped[:-1], own, shipped[-1]]


def random_like(network: Network) -> Network:
    """Random weights to compare a network with: of the same settings, where those may differ."""
    if network.run:
        return network._replace(title="Random", idea="", is_trained=False)
    return race_networks()[-1]


def own_network() -> Network | None:
    """The run in view, if it is of pictures and has a checkpoint.

    Raises GlimpseError where that is damaged.
    """
    run = run_in_view(METHOD)
    if run is None or run.config.get("source") == "sinusoids":
        return None
    steps = run.checkpoint_steps()
    if not steps:
        return None
    made = _own(run.id, steps[-1])
    kind, step = made.method.config.objective.label, made.card["steps"]
    return Network(OWN, f"{kind}, {counted(step, 'update')}", run=run.id, step=steps[-1])


def own_network_or_why() -> Network | None:
    """The same; None, and the reason in a sentence here, where it is damaged."""
    try:
        return own_network()
    except GlimpseError as refusal:
        st.caption(plain(f"The run below cannot take part: {refusal}"))
        return None


def choose_network() -> Networks:
    """Which network answers, a choice where there is a run of one's own. Call it once a page.

    Drawings have a place of their own on the page, so the whole page runs again after a change.
    """
    own = own_network_or_why()
    options = [OF_PAGE] if own is None else [OF_PAGE, OWN]
    if st.session_state.get(NETWORK, OF_PAGE) not in options:  # the run is gone
        st.session_state[NETWORK] = OF_PAGE
    restore(Choice(NETWORK, "Network", OF_PAGE, options, OLD_NAMES))
    if own is not None:
        st.segmented_control(
            "Network", options, default=OF_PAGE, required=True, key=NETWORK, bind="query-params",
            help="Whose answers are shown here and in *Draw your own*: those of the network that "
            "comes with Glimpse, or of the run below at its newest checkpoint.",
        )  # fmt: skip
    chosen = st.session_state[NETWORK]
    before, st.session_state[SHOWN] = st.session_state.get(SHOWN, chosen), chosen
    if chosen != before:
        st.rerun()
    return Networks(PAGE if own is None or chosen != OWN else own, own)


def answering_network() -> Network:
    """What `choose_network` has chosen, for what is drawn elsewhere; the page's where it cannot."""
    if st.session_state.get(NETWORK, st.query_params.get(NETWORK)) != OWN:
        return PAGE
    try:
        return own_network() or PAGE
    except GlimpseError:  # which is said where it is chosen
        return PAGE


@st.cache_resource(max_entries=4, show_spinner=False)
def _own(run_id: str, step: int) -> _Own:  # noqa: ARG001, it is part of the cache key
    """A run at its newest checkpoint, that of `step`, or the one before where that is damaged.

    It answers where the tasks are, which is not always where it was trained.
    """
    from core.zoo.weights import restore_with_card

    method, card = restore_with_card(open_run(run_id))
    method.trained.cpu()  # type: ignore[attr-defined]
    return _Own(method, card)  # type: ignore[arg-type]
