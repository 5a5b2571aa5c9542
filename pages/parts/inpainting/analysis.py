"""How the completers work: mask and loss, feature maps, what features are worth, and the errors."""

import json
from typing import Any

import numpy as np
import streamlit as st

from core.figures.completion_errors import errors_by_kind, errors_by_share
from core.figures.inpainting import enlarge, map_sheet, masked_picture
from core.paths import ASSETS
from pages.parts.card import load_card
from pages.parts.components.canvas.canvas import Painted
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.inpainting.answers import shipped_model
from pages.parts.inpainting.digit import Digit, test_digits
from pages.parts.inpainting.masks import preset_mask
from pages.parts.inpainting.words import JUDGED, KIND_LABELS, MODELS, NAME

LEVELS = ("14 × 14, going in", "7 × 7", "14 × 14, coming out")
CURVE_HEIGHT = 340
EXAMPLE = 28  # the digit beside the formula


def show_analysis() -> None:
    """The mask and the loss, the networks, their features, and how they were made."""
    mask_side, network_side = st.columns(2, gap="large")
    with mask_side:
        _loss()
    with network_side:
        _networks()
    _errors()
    _what_features_are_worth()
    _scores()


def feature_maps_of(digit: Digit, hidden: Painted) -> None:
    """What one level of the U-Net makes of the painting on screen."""
    from core.methods.inpainting.features import feature_maps

    level = st.segmented_control(
        "Level", LEVELS, key="inpainting-level", default=LEVELS[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    visible = (~hidden).astype(np.uint8)
    maps = feature_maps(shipped_model(NAME), digit.picture, visible, level)
    st.image(
        map_sheet(maps, columns=16, scale=56 // maps.shape[1]),
        width="stretch",
        alt=f"{len(maps)} feature maps at {level}",
    )
    st.caption(
        f"{len(maps)} channels, each a picture of what it answers to: amber above zero, blue "
        "below, each on its own scale. Going in, they follow the strokes that are visible; at "
        "7 × 7 every place has seen every other; coming out, strokes stand where none was shown."
    )


def _loss() -> None:
    st.markdown(
        "**What is learned.** A mask $m$ is 1 where a pixel is visible and 0 where it is hidden. "
        "The network $f$ gets the masked picture and, in the U-Net's case, the mask; no hidden "
        "pixel ever reaches it. It is asked to be right where it could not look:"
    )
    st.latex(
        r"\mathcal{L} = \frac{\sum (1 - m) \cdot \ell\left(f(m \odot x,\, m),\, x\right)}"
        r"{\sum (1 - m)}"
    )
    picture = test_digits()[0][EXAMPLE]
    hidden = preset_mask("bottom", 0, 0)
    visible = (~hidden).astype(np.uint8)
    pictures = {
        "x": ("the digit", enlarge(picture)),
        "m": ("its mask", enlarge(255 * visible)),
        r"m \odot x": ("what is seen", masked_picture(picture, visible)),
        r"(1 - m) \odot x": ("what counts", enlarge(np.where(hidden, picture, 0))),
    }
    with st.container(horizontal=True, gap="small"):
        for symbol, (words, shown) in pictures.items():
            with st.container(width=104, gap="xxsmall"):
                st.image(shown, width="stretch", alt=words)
                st.caption(f"${symbol}$  \n{words}")
    st.markdown(
        "The plain autoencoder's error $\\ell$ is the square of the difference: its best answer is "
        "the *mean* of all digits that fit, which is blurred where several do. The U-Net says of "
        "each pixel how likely each of nine greys is, and $\\ell$ is the cross-entropy: from the "
        "same numbers come the mean, the uncertainty, and the samples, of which a few pixels at a "
        "time are drawn and shown to it again, so that the rest agrees with them."
    )


def _networks() -> None:
    st.markdown(
        "**The plain autoencoder** squeezes 784 pixels through 256, 128 and 256 numbers. It "
        "trained on random masks alone: paint a box and it fails, for it has never seen one."
    )
    st.markdown(
        "**The U-Net** works at 14 × 14 and 7 × 7 pixels with shortcuts between, and at the "
        "coarsest level every position sees every other, so that one half of a digit can say "
        "what the other must be. *Feature maps* above shows what it makes of your painting."
    )
    st.markdown(
        "**Telea**, **Navier-Stokes** and **biharmonic** inpainting have learned nothing: they "
        "carry on what is at the border of the hole, and have no idea of a digit."
    )
    st.markdown(
        "Pathak et al. 2016, [Context Encoders](https://arxiv.org/abs/1604.07379) · "
        "Ronneberger et al. 2015, [U-Net](https://arxiv.org/abs/1505.04597) · "
        "Uria et al. 2014, [A Deep and Tractable Density Estimator](https://arxiv.org/abs/1310.1757)"
        " · Chang et al. 2022, [MaskGIT](https://arxiv.org/abs/2202.04200) · "
        "He et al. 2022, [Masked Autoencoders](https://arxiv.org/abs/2111.06377)"
    )


# One cached function, as for the cards.
@st.cache_data(max_entries=2, show_spinner=False)
def load_measured(name: str) -> dict[str, Any]:
    """What `python -m core evaluate NAME` measured, of `features` or `completions`."""
    measured: dict[str, Any] = json.loads((ASSETS / f"{name}.json").read_text())
    return measured


def _errors() -> None:
    """Curves over the share that is hidden, and points by kind of mask."""
    measured = load_measured("completions")
    kinds: dict[str, dict[str, float]] = measured["kinds"]
    st.subheader("What is hard to complete?", anchor=False)
    share_side, kind_side = st.columns(2, gap="large")
    with share_side:
        curves = {name: np.array(values) for name, values in measured["by_share"].items()}
        live_figure(
            errors_by_share(np.array(measured["shares"]), curves),
            key="inpainting-by-share", height=CURVE_HEIGHT,
            alt="Error of each way of completing over the share of random pixels hidden",
        )  # fmt: skip
    with kind_side:
        points = {name: np.array([row[name] for row in kinds.values()]) for name in curves}
        live_figure(
            errors_by_kind([KIND_LABELS[kind] for kind in kinds], points),
            key="inpainting-by-kind", height=CURVE_HEIGHT,
            alt="Error of each way of completing by kind of mask",
        )  # fmt: skip
    st.caption(
        "It is not how much is hidden that counts, but how far away the next visible pixel is: "
        "random pixels always have one beside them, a box has none. Mean squared errors of "
        f"{measured['digits']} held-out digits, visible pixels pasted back. "
        f"`{measured['command']}` measures it again ({measured['hardware']}, {measured['date']})."
    )


def _what_features_are_worth() -> None:
    measured = load_measured("features")
    rows = measured["features"]
    st.subheader("Does it know digits?", anchor=False)
    st.markdown(
        "To fill a digit in, a network must know something of digits, though nobody told it their "
        "names. Its features where it is narrowest, of whole pictures, beside SimCLR's:"
    )
    st.table(
        {
            "Features": list(rows),
            "Trained on": [_trained_on(name) for name in rows],
            "Dimensions": [f"{row['dimensions']:,}" for row in rows.values()],
            "20-NN": [f"{100 * row['knn_accuracy']:.1f} %" for row in rows.values()],
            "Linear probe": [f"{100 * row['probe_accuracy']:.1f} %" for row in rows.values()],
        }
    )
    st.caption(
        "1,000 held-out digits, named by 4,000 with labels; no label was used in training. "
        f"`{measured['command']}` measures it again ({measured['hardware']}, {measured['date']})."
    )


def _trained_on(features: str) -> str:
    card = {**MODELS, "SimCLR": "simclr"}.get(features)
    if card is None:
        return "nothing"
    return "60,000 digits" if load_card(card)["config"]["source"] == "mnist" else "4,000 digits"


def _scores() -> None:
    """What the shipped models reach by kind of mask, and how they were made."""
    st.subheader("How good are they?", anchor=False)
    table: dict[str, list[str]] = {"hidden": [KIND_LABELS[kind] for kind in JUDGED]}
    for name, shipped in MODELS.items():
        figures = load_card(shipped)["figures"]
        table[f"{name}: MSE"] = [f"{figures[f'{kind}_mse']:.4f}" for kind in JUDGED]
        table[f"{name}: SSIM"] = [f"{figures[f'{kind}_ssim']:.3f}" for kind in JUDGED]
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
