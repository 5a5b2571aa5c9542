"""A run of inpainting while it trains: its fixed row, its panels, and the presets that teach."""

import streamlit as st

from core.errors import GlimpseError
from core.figures.inpainting import completion_sheet
from pages.parts.inpainting.words import JUDGED
from pages.parts.training.form import Preset
from pages.parts.training.live_view import Moment, Panel

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
    "Without the mask": Preset(
        {"knows_mask": False},
        "Hidden pixels look black, and the network is not told which black is hidden and which is "
        "paper. It has to guess that too, and lags behind.",
        rival={},
    ),
    "25 % hidden": Preset(
        {"mask": "random", "hidden": 0.25},
        "Beside 75 %: with so much visible, copying a neighbour is nearly always right, and it "
        "learns to do little else. On boxes and halves it falls behind the one that saw less.",
        rival={"mask": "random", "hidden": 0.75},
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
    Panel("SSIM of hidden pixels", [f"{kind}_ssim" for kind in JUDGED]),
)


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
