"""The two views that SimCLR gets of each picture: one digit, and a slider for each augmentation.

A slider changes the strength of an augmentation and not its random draw, so that a view changes
smoothly with its slider.
"""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.figures.views import inked, pair_sheet
from core.figures.words import with_article
from pages.parts.card import load_card
from pages.parts.components.digit_input.class_picker import class_pills, next_and_random
from pages.parts.components.into_view.into_view import bring_into_view
from pages.parts.embeddings.loss_demo import (
    BATCH,
    loss_settings,
    set_loss_as_trained,
    show_loss_demo,
)
from pages.parts.embeddings.tracked_digits import tracked_digits
from pages.parts.training.form import set_in_form
from pages.parts.training.train_form import FORM
from pages.parts.url_state import Number, restore, write

NAME = "simclr"
DIGIT, DRAW = "view_digit", "view_draw"  # in session state and in the address
FIRST_DIGIT, LAST_DIGIT, LAST_DRAW = 28, 999, 9999
CLASS = "view-class"
PAIRS, COLUMNS = 12, 6


class Strength(NamedTuple):
    """A slider, in the unit of the config's field of the same name."""

    label: str
    most: float
    step: float
    help: str


STRENGTHS = {
    "crop": Strength("Crop", 0.95, 0.05, "Largest share of the picture that a crop removes."),
    "rotation": Strength("Rotation, °", 180.0, 5.0, "Largest rotation to either side."),
    "shear": Strength("Shear, °", 60.0, 5.0, "Largest slant to either side."),
    "brightness": Strength(
        "Brightness", 1.0, 0.1, "Ink becomes up to this share stronger or weaker."
    ),
    "contrast": Strength(
        "Contrast", 1.0, 0.1, "Contrast becomes up to this share stronger or weaker."
    ),
    "blur": Strength("Blur, pixels", 5.0, 0.1, "Largest standard deviation of the Gaussian blur."),
    "erase": Strength(
        "Erase", 1.0, 0.05, "Largest side of an erased box, as a share of the picture's side."
    ),
}
AUGMENTATIONS = tuple(STRENGTHS)


class Views(NamedTuple):
    """Positive pairs of the chosen digit, and a batch that begins with the first of them."""

    first: np.ndarray  # (PAIRS, 28, 28) in [0, 1]
    second: np.ndarray  # (PAIRS, 28, 28)
    batch: np.ndarray  # (2 * BATCH, 28, 28), all first views before all second ones
    labels: np.ndarray  # (BATCH,)


@st.fragment
def show_augmentation_demo() -> None:
    """Views of one digit as the sliders are set, and the loss of a batch of such pairs."""
    trained: dict[str, Any] = load_card(NAME)["config"]
    st.markdown(
        "SimCLR is never told what a picture shows. It gets **two random views** of each picture "
        "and has to find which belong together. So it learns what the two views have in common, "
        "and ignores what the sliders change."
    )
    _restore_from_address(trained)
    _digit_picker(trained)
    controls, pictures = st.columns([5, 6], gap="large")
    with controls:
        _sliders(trained)
        _train_button()
    views = _make_views(
        st.session_state[DIGIT],
        st.session_state[DRAW],
        tuple(st.session_state[_key(name)] for name in STRENGTHS),
    )
    with pictures:
        st.image(
            pair_sheet(views.first, views.second, COLUMNS),
            width="stretch",
            alt=f"{PAIRS} positive pairs: each two random views of one digit {views.labels[0]}",
        )
        st.caption(
            f"{PAIRS} **positive pairs** of one digit, each in a frame. If you cannot recognise "
            "the digit in a view, the network cannot learn it from that view."
        )
    show_loss_demo(views.batch, views.labels, float(trained["temperature"]))


def _key(name: str) -> str:
    """The key of an augmentation's slider, in session state and in the address."""
    return f"view_{name}"


def _restore_from_address(trained: dict[str, Any]) -> None:
    restore(
        Number(DIGIT, "Digit", FIRST_DIGIT, 0, LAST_DIGIT),
        Number(DRAW, "Draw", 0, 0, LAST_DRAW),
        *(
            Number(_key(name), strength.label, float(trained[name]), 0.0, strength.most)
            for name, strength in STRENGTHS.items()
        ),
    )


# ---- controls --------------------------------------------------------------------------------


def _digit_picker(trained: dict[str, Any]) -> None:
    """The digit, the ways to choose another one, and the buttons that change all its views."""
    labels, digit = _labels(), st.session_state[DIGIT]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.image(
            inked(tracked_digits()[digit] / 255, scale=4),
            width=104,
            alt=f"The digit: {with_article(str(labels[digit]))}",
        )
        with st.container(gap="xsmall", width=700):
            class_pills(labels, slot=DIGIT, key=CLASS)
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                next_and_random(labels, slot=DIGIT)
                st.number_input(
                    "Number of the digit", 0, LAST_DIGIT, key=DIGIT, width=90,
                    label_visibility="collapsed", bind="query-params",
                )  # fmt: skip
                st.button("Other views", icon=":material/casino:", on_click=_redraw)
                st.button(
                    "As trained", icon=":material/undo:", on_click=_set_as_trained, args=(trained,),
                    help="Sets the augmentations, and loss and temperature below, to those that "
                    "the shipped network was trained with.",
                )  # fmt: skip
                st.button("All off", icon=":material/block:", on_click=_turn_off)


def _sliders(trained: dict[str, Any]) -> None:
    with st.grid("auto", min_column_width=150, gap=("xxsmall", "medium")):
        for name, strength in STRENGTHS.items():
            st.slider(
                f"{strength.label} · trained {trained[name]:g}",
                0.0, strength.most, step=strength.step, format="%g", key=_key(name),
                help=strength.help, bind="query-params",
            )  # fmt: skip


def _train_button() -> None:
    """Leads to the form with what is set here in it."""
    pressed = st.button(
        "Train with these views", icon=":material/arrow_downward:", on_click=_set_in_form,
        help="Puts the augmentations, and loss and temperature below, into the form of *Train it*.",
    )  # fmt: skip
    if pressed:
        bring_into_view(FORM)
        st.rerun()  # the form is outside this fragment


def _redraw() -> None:
    st.session_state[DRAW] = (st.session_state[DRAW] + 1) % (LAST_DRAW + 1)
    write(DRAW, str(st.session_state[DRAW]))


def _set_as_trained(trained: dict[str, Any]) -> None:
    """Sets all that the shipped network was trained with, which the views and their loss show."""
    for name in STRENGTHS:
        st.session_state[_key(name)] = float(trained[name])
    set_loss_as_trained(trained)


def _turn_off() -> None:
    for name in STRENGTHS:
        st.session_state[_key(name)] = 0.0


def _set_in_form() -> None:
    strengths = {name: st.session_state[_key(name)] for name in STRENGTHS}
    set_in_form(NAME, strengths | loss_settings())


# ---- views -----------------------------------------------------------------------------------


@st.cache_data(max_entries=1)
def _labels() -> np.ndarray:
    """The classes (1000,) of the tracked digits."""
    from core.data.digits import load_digits

    return load_digits("sample", "held_out").labels.numpy()


@st.cache_data(max_entries=64, show_spinner=False)
def _make_views(digit: int, draw: int, strengths: tuple[float, ...]) -> Views:
    """All views of the demo; the random draws are the same whatever the strengths are."""
    import torch

    from core.data.views import Augmentation, augment
    from core.seeding import generator

    others = _others(digit, draw)
    chosen = np.concatenate([np.full(2 * PAIRS, digit), others, others])
    images = torch.from_numpy(tracked_digits()[chosen])[:, None].float() / 255
    augmentation = Augmentation(**dict(zip(STRENGTHS, strengths, strict=True)))
    views = augment(images, augmentation, generator("page", "views", draw))[:, 0].numpy()
    first, second, negatives = np.split(views, [PAIRS, 2 * PAIRS])
    half = len(others)
    batch = np.concatenate([first[:1], negatives[:half], second[:1], negatives[half:]])
    return Views(first, second, batch, _labels()[[digit, *others]])


def _others(digit: int, draw: int) -> np.ndarray:
    """Indices (BATCH - 1,) of digits of other classes, one of each, to be the negatives."""
    labels = _labels()
    random = np.random.default_rng(draw)
    classes = [label for label in random.permutation(10) if label != labels[digit]]
    return np.array(
        [random.choice(np.flatnonzero(labels == label)) for label in sorted(classes[: BATCH - 1])]
    )
