"""A run of inpainting while it trains: its pictures and charts, and the presets of the form."""

import streamlit as st

from core.figures.inpainting import completion_sheet
from pages.parts.inpainting.words import EVALUATED_KINDS
from pages.parts.plain_text import plain
from pages.parts.training.form import Preset
from pages.parts.training.live_view import Moment, Panel

PRESETS = {
    "U-Net": Preset(
        {},
        "SSIM rises first and highest for random pixels, which always have a visible one near. It "
        "rises least for boxes, which have none inside.",
    ),
    "Random pixels only": Preset(
        {"mask": "random"},
        "Trained on random pixels only, it becomes better at those. It stays worse at boxes and "
        "halves, which it has never seen.",
        rival={},
    ),
    "Without the mask": Preset(
        {"knows_mask": False},
        "Hidden pixels look black, like paper. The network has to guess which black pixels are "
        "hidden, and learns more slowly.",
        rival={},
    ),
    "25 % hidden": Preset(
        {"mask": "random", "hidden": 0.25},
        "Compared with 75 %. If most pixels are visible, copying a neighbour is nearly always "
        "right, and the network learns little else: it becomes worse at boxes and halves.",
        rival={"mask": "random", "hidden": 0.75},
    ),
    "Loss on all pixels": Preset(
        {"loss": "all"},
        "The loss is lower, since visible pixels are easy and count too. The completions are no "
        "better: compare the SSIM of hidden pixels, not the losses.",
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
        "Fully connected, and trained on random pixels only. A step takes a fraction of the "
        "U-Net's time, but its SSIM stays lower for every kind of mask.",
    ),
}
PANELS = (
    Panel("Loss", ["loss"], log=True),
    Panel("SSIM of hidden pixels", [f"{kind}_ssim" for kind in EVALUATED_KINDS]),
)


def draw(moment: Moment) -> None:
    """Eight masked digits and their completions at this moment; of two runs side by side."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    for column, side in zip(st.columns(len(sides)), sides, strict=True):
        with column:
            _sheet(side)


def _sheet(moment: Moment) -> None:
    arrays = moment.arrays
    st.image(
        completion_sheet(arrays["truth"], arrays["masks"], arrays["completions"]),
        width="stretch",
        alt=f"Eight masked digits, their completions after {moment.step} steps, and the truth",
        caption=f"**{plain(moment.name)}**, step {moment.step:,}"
        if moment.name
        else "Masked digits, their completions with visible pixels pasted back, and the truth.",
    )
