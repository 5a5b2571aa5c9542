"""Inpainting: paint over a digit and see what the network thinks was there."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.figures.inpainting import completion_sheet, enlarge, masked_picture, pasted
from core.registry import load_method
from pages.parts.canvas import Painted, pixel_canvas
from pages.parts.card import load_card
from pages.parts.form import Preset
from pages.parts.live import Moment, Panel, live_view

if TYPE_CHECKING:  # they import torch, which the title need not wait for
    from core.evaluation.image_quality import Quality
    from core.methods.inpainting import Inpainting

NAME = "inpainting"
MODELS = {"U-Net": NAME, "Autoencoder": "autoencoder"}  # and their shipped weights
MASKS = {  # what a button says, by its name in the address
    "half": "Half",
    "box": "Box",
    "random": "Random 75 %",
    "strokes": "Brush",
    "everything": "Everything",
    "nothing": "Nothing",
}
KINDS = {"random": "random 75 %", "strokes": "brush", "box": "14 × 14 box", "half": "half"}
FIRST_DIGIT = 28  # an eight whose lower half is not easily told from that of a three
# Kept in the session, since a widget's own state is gone after a visit to another page.
DIGIT, MASK = "inpainting-digit", "inpainting-mask"
CELL = 104  # px below which a picture of the completions gets no smaller
PRESETS = {
    "U-Net": Preset(
        {},
        "SSIM rises first and highest for random pixels, where something visible is always near, "
        "and least for boxes, where nothing is.",
    ),
    "Random pixels only": Preset(
        {"mask": "random"},
        "The masks seen in training matter. With random pixels alone it gets better at those, and "
        "stays behind on boxes and halves, which it has never seen.",
        rival={},
    ),
    "Loss on all pixels": Preset(
        {"loss": "all"},
        "Averaged over visible pixels too, which are easy, the loss is lower, and the completions "
        "are no better: compare the SSIM of hidden pixels, not the losses.",
        rival={},
    ),
    "Plain autoencoder": Preset(
        {
            "model": "autoencoder",
            "mask": "random",
            "loss": "all",
            "learning_rate": 1e-3,
            "schedule": "constant",
            "weight_decay": 0.0,
            "steps": 3000,
        },
        "Fully connected, and trained on random pixels alone, it takes a fraction of the U-Net's "
        "time a step, and stays below its SSIM for every kind of mask.",
    ),
}
PANELS = (
    Panel("Loss", ["loss"], log=True),
    Panel("SSIM of hidden pixels", [f"{kind}_ssim" for kind in KINDS]),
)


@st.fragment
def see_it() -> None:
    """A canvas over a digit, and beside it what the shipped models make of what is visible."""
    images, labels = _digits()
    index = _chosen_digit(len(images))
    name, revision = _chosen_mask()
    canvas_side, completions_side = st.columns([2, 3], gap="large")
    with canvas_side:
        hidden = pixel_canvas(
            images[index],
            key="inpainting-canvas",
            label="Paint over the digit to hide parts of it",
            preset=_preset_mask(name, revision),
            revision=revision,
            brush=4,
        )
    with completions_side:
        _completions(images[index], int(labels[index]), hidden)
        _digit_picker(labels, index)


@st.cache_data(max_entries=1)
def _digits() -> tuple[np.ndarray, np.ndarray]:
    """1,000 digits uint8 (N, 28, 28) that no shipped model trained on, and their labels."""
    from core.data.digits import load_digits

    digits = load_digits("sample", "held_out")
    return digits.images.numpy(), digits.labels.numpy()


def _chosen_digit(count: int) -> int:
    """The index in the session, which the address may begin with; clamped."""
    if DIGIT not in st.session_state:
        given = st.query_params.get("digit", "")
        index = int(given) if given.isdecimal() and len(given) < 10 else FIRST_DIGIT
        st.session_state[DIGIT] = min(index, count - 1)
    _keep_in_address("digit", str(st.session_state[DIGIT]))
    return int(st.session_state[DIGIT])


def _keep_in_address(name: str, value: str) -> None:
    """Writes only what changed: each write is a message to the browser."""
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def _chosen_mask() -> tuple[str, int]:
    """A row of buttons that hide something; name and revision of the one pressed last."""
    if MASK not in st.session_state:
        given = st.query_params.get("mask", "")
        st.session_state[MASK] = (given if given in MASKS else "half", 0)
    name, revision = st.session_state[MASK]
    _keep_in_address("mask", name)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("Hide", width="content")
        for mask, label in MASKS.items():
            st.button(label, key=f"mask-{mask}", on_click=_choose_mask, args=(mask,))
    return name, revision


def _choose_mask(name: str) -> None:
    """The same button again gives another mask of its kind."""
    st.session_state[MASK] = (name, st.session_state[MASK][1] + 1)


@st.cache_data(max_entries=64)
def _preset_mask(name: str, revision: int) -> Painted:
    """What a button hides, (28, 28)."""
    from core.data.masks import centre_box, half, random_pixels, strokes
    from core.seeding import generator

    draws = generator("page", name, revision)
    masks = {
        "half": lambda: half(1, draws),
        "box": lambda: centre_box(1),
        "random": lambda: random_pixels(1, draws, (0.75, 0.75)),
        "strokes": lambda: strokes(1, draws),
    }
    if name not in masks:
        return np.full((28, 28), name == "everything")
    return np.asarray(masks[name]()[0, 0] == 0)


def _completions(picture: np.ndarray, label: int, hidden: Painted) -> None:
    """Truth and what is visible, then each model's answer with visible pixels pasted back, and raw.

    Three columns: what is known, what a person would use, what the model really said.
    """
    visible = (~hidden).astype(np.uint8)
    answers = {name: _model(shipped).answer(picture, visible) for name, shipped in MODELS.items()}
    known = {"Truth": enlarge(picture), "Seen": masked_picture(picture, visible)}
    grid = st.grid(3, min_column_width=CELL, gap="small")
    for (known_name, known_picture), (model, (raw, quality)) in zip(
        known.items(), answers.items(), strict=True
    ):
        both = pasted(picture, raw, visible)
        with grid:
            _cell(known_name, known_picture, alt=f"{known_name}: the digit {label}")
            _cell(model, enlarge(both), _figures(quality), f"A {label} completed by the {model}")
            _cell("Raw", enlarge(raw), alt=f"The {model}'s output with nothing pasted")
    st.caption(_remark(hidden))


def _remark(hidden: Painted) -> str:
    """What to make of the pictures: the extremes of a mask need a word of their own."""
    if not hidden.any():
        return "Nothing is hidden, so there is nothing to complete: paint over the digit."
    if hidden.all():
        return "Everything is hidden: each model can only draw the average of all that it has seen."
    return (
        f"{hidden.sum()} of {hidden.size} pixels are hidden, and the figures are taken over them. "
        "Visible pixels are pasted back; *raw* is the output of the model beside it as it is."
    )


def _cell(title: str, picture: np.ndarray, caption: str = "", alt: str = "") -> None:
    with st.container(gap="xxsmall"):
        st.markdown(f"**{title}**")
        st.image(picture, width="stretch", alt=alt)
        if caption:
            st.caption(caption)


def _figures(quality: "Quality") -> str:
    """MSE 0.0318, SSIM 0.69 and PSNR 15.0 dB over the hidden pixels; empty where there are none."""
    mse, psnr, ssim = (figure.item() for figure in (quality.mse, quality.psnr, quality.ssim))
    return f"MSE {mse:.4f} · SSIM {ssim:.2f}  \nPSNR {psnr:.1f} dB" if np.isfinite(mse) else ""


@st.cache_resource(max_entries=len(MODELS))
def _model(shipped: str) -> "Inpainting":
    from core.weights import load_shipped, restore

    model: Inpainting = restore(load_shipped(shipped))  # type: ignore[assignment]
    return model


def _digit_picker(labels: np.ndarray, index: int) -> None:
    """Another digit: of a class, the next of the same class, any, or one by its number."""
    st.session_state["digit-class"] = int(labels[index])
    st.pills(
        "Digit",
        range(10),
        required=True,
        wrap=True,
        key="digit-class",
        on_change=lambda: _go_to_class(labels, st.session_state["digit-class"]),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            "Next", icon=":material/skip_next:", on_click=_go_to_class, args=(labels, labels[index])
        )
        st.button("Random", icon=":material/casino:", on_click=_go_anywhere, args=(len(labels),))
        st.session_state["digit-number"] = index
        st.number_input(
            "Number", 0, len(labels) - 1, key="digit-number", width=130, on_change=_go_to_number
        )


def _go_to_class(labels: np.ndarray, label: int) -> None:
    """The next digit of a class after the one shown, from the first again after the last."""
    members = np.flatnonzero(labels == label)
    later = members[members > st.session_state[DIGIT]]
    st.session_state[DIGIT] = int((later if len(later) else members)[0])


def _go_to_number() -> None:
    st.session_state[DIGIT] = st.session_state["digit-number"]


def _go_anywhere(count: int) -> None:
    st.session_state[DIGIT] = int(np.random.default_rng().integers(count))


def scores() -> None:
    """What the shipped models reach by kind of mask, and how they were made."""
    table: dict[str, list[str]] = {"hidden": list(KINDS.values())}
    for name, shipped in MODELS.items():
        figures = load_card(shipped)["figures"]
        table[f"{name}: MSE"] = [f"{figures[f'{kind}_mse']:.4f}" for kind in KINDS]
        table[f"{name}: SSIM"] = [f"{figures[f'{kind}_ssim']:.3f}" for kind in KINDS]
    st.table(table)
    st.caption("Over the hidden pixels of MNIST's 10,000 test digits, masks fixed by a seed.")
    for name, shipped in MODELS.items():
        card = load_card(shipped)
        with st.expander(f"{name}: how it was made", icon=":material/id_card:"):
            st.markdown(
                f"{card['steps']:,} steps in {card['minutes']} minutes on {card['hardware']}, "
                f"torch {card['torch']}, {card['date']}."
            )
            st.code(card["command"], language="bash", wrap_lines=True)
            st.markdown("The figures above come from")
            st.code(card["evaluate"], language="bash", wrap_lines=True)


def draw(moment: Moment) -> None:
    """The fixed row of masked digits whose completions sharpen, of two runs side by side."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    for column, side in zip(st.columns(len(sides)), sides, strict=True):
        with column:
            _sheet(side)


def _sheet(moment: Moment) -> None:
    arrays = moment.arrays
    if not {"truth", "masks", "completions"} <= arrays.keys():
        raise GlimpseError("The pictures of this run cannot be drawn: train it again.")
    st.image(
        completion_sheet(arrays["truth"], arrays["masks"], arrays["completions"]),
        width="stretch",
        alt=f"Eight masked digits, their completions after {moment.step} steps, and the truth",
        caption=f"**{moment.name}**, step {moment.step:,}"
        if moment.name
        else "Seen, completed with the visible pixels pasted back, and the truth.",
    )


def look_inside() -> None:
    """The mask, the loss, the two networks."""
    mask_side, network_side = st.columns(2, gap="large")
    with mask_side:
        st.markdown(
            "**What is learned.** A mask $m$ is 1 where a pixel is visible and 0 where it is "
            "hidden. The network $f$ gets the masked picture and, in the U-Net's case, the mask; "
            "no hidden pixel ever reaches it. It is asked to be right where it could not look:"
        )
        st.latex(
            r"\mathcal{L} = \frac{\sum (1 - m) \cdot \ell\left(f(m \odot x,\, m),\, x\right)}"
            r"{\sum (1 - m)}"
        )
        st.markdown(
            "The error of a pixel, $\\ell$, is the cross-entropy for the U-Net, and the square of "
            "the difference in the plain autoencoder's recipe. For both, the best answer is the "
            "*mean* of all digits that fit what is visible: where several fit, it is blurred."
        )
    with network_side:
        st.markdown(
            "**The plain autoencoder** squeezes 784 pixels through 256, 128 and 256 numbers. It "
            "trained on random masks alone: paint a box and it fails, for it has never seen one."
        )
        st.markdown(
            "**The U-Net** works at 14 × 14 and 7 × 7 pixels with shortcuts between, and at the "
            "coarsest level every position sees every other, so that one half of a digit can say "
            "what the other must be."
        )
        st.markdown(
            "Pathak et al. 2016, [Context Encoders](https://arxiv.org/abs/1604.07379) · "
            "Ronneberger et al. 2015, [U-Net](https://arxiv.org/abs/1505.04597) · "
            "He et al. 2022, [Masked Autoencoders](https://arxiv.org/abs/2111.06377)"
        )


st.title("Inpainting", anchor=False)
st.markdown("**Paint over the digit.** A network that sees only the rest says what was there.")
see_it()
st.header("Train it", anchor=False, divider="gray")
live_view(NAME, load_method(NAME).Config, draw, presets=PRESETS, panels=PANELS)
st.header("Look inside", anchor=False, divider="gray")
look_inside()
scores()
