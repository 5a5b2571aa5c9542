"""What a page lets people take away: files that are made when asked for, a command, a link."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import GlimpseError
from core.export.weights import weights_zip
from core.paths import ASSETS

PATIENCE_S = 30.0  # for which a fault of a file that is being made is waited for

Outcome = SimpleQueue[str | None]  # of a file asked for: a refusal, or None where it was made


@dataclass(frozen=True)
class Offer:
    """A file to take away.

    `make` makes its bytes when they are asked for, in another thread: it takes nothing from
    Streamlit. Where it raises GlimpseError, the sentence is shown at the button.
    """

    label: str
    icon: str  # a Material symbol
    what: str  # it is, in a sentence
    file_name: str
    mime: str
    make: Callable[[], bytes]


def offer_downloads(offers: Sequence[Offer], command: str, *, key: str) -> None:
    """The *Take away* layer of a page: a row for each offer, and beside them command and link.

    A press on a button runs the fragment again that this is called in. `key` tells the sections of
    a page apart. Charts have buttons of their own, see `live_figure`.
    """
    files_side, again_side = st.columns([3, 2], gap="large")
    with files_side, st.container(gap="small"):
        asked = [_row(offer, f"{key}-{offer.label}") for offer in offers]
        st.caption("Under a mouse, every chart has a toolbar that saves it as PNG or SVG.")
    with again_side:
        _again(command)
    for place, outcome in filter(None, asked):
        refusal = _wait_for(outcome)
        if refusal:
            place.error(refusal, icon=":material/error:")


def weights_offer(name: str) -> Offer:
    """Weights that come with Glimpse, with their card."""
    return Offer(
        "Weights",
        "deployed_code",
        "The shipped network as safetensors, with the card that says how it was made.",
        f"glimpse-{name}.zip",
        "application/zip",
        lambda: weights_zip(ASSETS / "weights" / name),
    )


def _row(offer: Offer, key: str) -> tuple[DeltaGenerator, Outcome] | None:
    """One offer; where its button was pressed, the place for a refusal and how it goes."""
    outcome: Outcome = st.session_state.setdefault(f"{key}-outcome", SimpleQueue())
    button, words = st.columns([2, 5], gap="xsmall", vertical_alignment="center")
    pressed = button.download_button(
        offer.label,
        _told(offer, outcome),
        offer.file_name,
        offer.mime,
        key=key,
        icon=f":material/{offer.icon}:",
        width="stretch",
    )
    words.markdown(f"{offer.what}  \n:small[:gray[{offer.file_name}]]")
    return (st.container(), outcome) if pressed else None


def _told(offer: Offer, outcome: Outcome) -> Callable[[], bytes]:
    """Makes the file, and tells how it went: the page cannot see into the thread that makes it."""

    def make() -> bytes:
        try:
            made = offer.make()
        except GlimpseError as refusal:
            outcome.put(str(refusal))
            raise
        except Exception:
            logging.getLogger(__name__).exception("%s could not be made", offer.file_name)
            outcome.put(
                f"{offer.file_name} could not be made, through a fault of Glimpse: the terminal "
                "that it runs in says which."
            )
            raise
        outcome.put(None)
        return made

    return make


def _wait_for(outcome: Outcome) -> str | None:
    """The refusal of a file that was asked for; None where it is made, or takes too long to wait.

    The browser asks for the file at the moment in which it says that the button was pressed.
    """
    try:
        return outcome.get(timeout=PATIENCE_S)
    except Empty:
        return None


def _again(command: str) -> None:
    st.markdown("The same model, from a terminal")
    st.code(command, language="bash", wrap_lines=True)
    if st.context.url:  # none without a browser
        settings = urlencode(st.query_params.to_dict())
        st.markdown("This page with its settings, as a link")
        st.code(f"{st.context.url}?{settings}".removesuffix("?"), language=None, wrap_lines=True)
