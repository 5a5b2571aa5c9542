"""How the networks work: mask and loss, their errors, what their features know of digits."""

import json
from typing import Any

import numpy as np
import streamlit as st

from core.data.catalog import TRAINING_DIGITS
from core.figures.completion_errors import errors_by_kind, errors_by_share
from core.figures.inpainting import enlarge, masked_picture
from core.figures.words import counted
from core.paths import ASSETS
from pages.parts.card import load_card, show_how_made
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.inpainting.answers import DEFAULT_SAMPLER
from pages.parts.inpainting.digit import DEFAULT_DIGIT, test_digits
from pages.parts.inpainting.masks import DEFAULT_MASK, preset_visible_mask
from pages.parts.inpainting.words import EVALUATED_KINDS, KIND_LABELS, MODELS, TEST_DIGITS

CURVE_HEIGHT = 340


def show_analysis() -> None:
    """The last layer of the page."""
    mask_side, network_side = st.columns(2, gap="large")
    with mask_side:
        _loss()
    with network_side:
        _networks()
    _errors()
    _feature_accuracies()
    _scores()


def _loss() -> None:
    from core.methods.inpainting.sampling import drawn_share

    st.markdown(
        "**The loss.** The mask $m$ is 1 where a pixel is visible and 0 where it is hidden. The "
        "network $f$ gets the masked picture; the U-Net gets the mask too. The loss is the mean "
        "error $\\ell$ over the hidden pixels, which the network never sees:"
    )
    st.latex(
        r"\mathcal{L} = \frac{\sum (1 - m) \cdot \ell\left(f(m \odot x,\, m),\, x\right)}"
        r"{\sum (1 - m)}"
    )
    _masked_example()
    st.markdown(
        "The plain autoencoder's $\\ell$ is the squared error, over all pixels. Its best answer is "
        "the *mean* of all digits that fit, which is blurred where several do."
    )
    st.markdown(
        "The U-Net gives each pixel a probability for each of nine greys, and its $\\ell$ is the "
        "cross-entropy. Mean and uncertainty follow from these probabilities. A sample draws a few "
        "pixels from them and shows these to the network again, so that the next ones fit. In "
        f"{counted(DEFAULT_SAMPLER.steps)} it draws {drawn_share(DEFAULT_SAMPLER.steps):.0%} of "
        "the hidden pixels; the rest is the mean given those."
    )


def _masked_example() -> None:
    """A digit, its mask, and their products in the formula."""
    picture = test_digits()[0][DEFAULT_DIGIT]
    visible = preset_visible_mask(DEFAULT_MASK, 0, 0)
    pictures = {
        "x": ("the digit", enlarge(picture)),
        "m": ("its mask", enlarge(255 * visible)),
        r"m \odot x": ("what is visible", masked_picture(picture, visible)),
        r"(1 - m) \odot x": ("what is hidden", enlarge(np.where(visible, 0, picture))),
    }
    with st.container(horizontal=True, gap="small"):
        for symbol, (meaning, shown) in pictures.items():
            with st.container(width=104, gap="xxsmall"):
                st.image(shown, width="stretch", alt=meaning)
                st.caption(f"${symbol}$  \n{meaning}")


def _networks() -> None:
    st.markdown(
        "**The plain autoencoder** passes 784 pixels through layers of 256, 128 and 256 units. It "
        "was trained on random masks only, so it fails at boxes, which it has never seen."
    )
    st.markdown(
        "**The U-Net** works at 14 × 14 and 7 × 7 positions, with skip connections. At the coarser "
        "level, linear layers mix all positions, so one half of a digit can determine the other. "
        "*Feature maps* above shows its layers for your mask."
    )
    st.markdown(
        "**Telea**, **Navier-Stokes** and **biharmonic** inpainting are not trained. They continue "
        "the pixels around a hole and know nothing of digits."
    )
    st.markdown(
        "Pathak et al. 2016, [Context Encoders](https://arxiv.org/abs/1604.07379) · "
        "Ronneberger et al. 2015, [U-Net](https://arxiv.org/abs/1505.04597) · "
        "Uria et al. 2014, [A Deep and Tractable Density Estimator](https://arxiv.org/abs/1310.1757)"
        " · Chang et al. 2022, [MaskGIT](https://arxiv.org/abs/2202.04200) · "
        "He et al. 2022, [Masked Autoencoders](https://arxiv.org/abs/2111.06377)"
    )


# One function for both files, for the reason given at `load_card`.
@st.cache_data(max_entries=2, show_spinner=False)
def _load_measurements(name: str) -> dict[str, Any]:
    """The output of `python -m core evaluate NAME`, where NAME is `features` or `completions`."""
    measurements: dict[str, Any] = json.loads((ASSETS / f"{name}.json").read_text())
    return measurements


def _errors() -> None:
    """The errors over the share of pixels hidden, and by kind of mask."""
    measured = _load_measurements("completions")
    kinds: dict[str, dict[str, float]] = measured["kinds"]
    st.subheader("What is hard to complete?", anchor=False)
    share_side, kind_side = st.columns(2, gap="large")
    with share_side:
        curves = {name: np.array(values) for name, values in measured["by_share"].items()}
        live_figure(
            errors_by_share(np.array(measured["shares"]), curves),
            key="inpainting-by-share", height=CURVE_HEIGHT,
            alt="Error of each method over the share of random pixels hidden",
        )  # fmt: skip
    with kind_side:
        points = {name: np.array([row[name] for row in kinds.values()]) for name in curves}
        live_figure(
            errors_by_kind([KIND_LABELS[kind] for kind in kinds], points),
            key="inpainting-by-kind", height=CURVE_HEIGHT,
            alt="Error of each method by kind of mask",
        )  # fmt: skip
    st.caption(
        "The distance to the nearest visible pixel matters more than the number of hidden ones: "
        "random pixels have visible ones beside them, the middle of a box has none."
    )
    _provenance(
        f"Mean squared errors of {measured['digits']} held-out digits, visible pixels pasted back.",
        measured,
    )


def _feature_accuracies() -> None:
    measured = _load_measurements("features")
    rows = measured["features"]
    st.subheader("Does it know digits?", anchor=False)
    st.markdown(
        "To complete a digit, a network must know something about digits, though it never saw a "
        "label. How well do its narrowest layer's features of whole pictures tell digits apart?"
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
    _provenance(
        "Accuracy on 1,000 held-out digits, with 4,000 labelled ones. The features were trained "
        "without labels.",
        measured,
    )


def _provenance(what: str, measured: dict[str, Any]) -> None:
    st.caption(
        f"{what} Measured by `{measured['command']}` on {measured['hardware']}, {measured['date']}."
    )


def _trained_on(features: str) -> str:
    card = {**MODELS, "SimCLR": "simclr-mnist"}.get(features)
    if card is None:
        return "nothing"
    return f"{TRAINING_DIGITS[load_card(card)['config']['source']]:,} digits"


def _scores() -> None:
    """The figures of the shipped models by kind of mask, and how they were made."""
    st.subheader("How good are they?", anchor=False)
    table: dict[str, list[str]] = {"Hidden": [KIND_LABELS[kind] for kind in EVALUATED_KINDS]}
    for title, name in MODELS.items():
        figures = load_card(name)["figures"]
        table[f"{title}: MSE"] = [f"{figures[f'{kind}_mse']:.4f}" for kind in EVALUATED_KINDS]
        table[f"{title}: SSIM"] = [f"{figures[f'{kind}_ssim']:.3f}" for kind in EVALUATED_KINDS]
    st.table(table)
    st.caption(
        f"Over the hidden pixels of MNIST's {TEST_DIGITS:,} test digits. A seed fixes the masks."
    )
    for title, name in MODELS.items():
        show_how_made(title, name)
