"""What completions are taken away as: pictures, film, arrays, the networks, and the command."""

from collections.abc import Callable

import numpy as np

from core.export.inpainting import Completed, completions_npz, completions_png, film_gif
from core.export.weights import weights_zip
from core.paths import ASSETS
from pages.parts.card import load_card
from pages.parts.components.canvas.canvas import Painted
from pages.parts.downloads import Offer, offer_downloads
from pages.parts.inpainting.answers import Answers, shipped_model
from pages.parts.inpainting.digit import Digit
from pages.parts.inpainting.words import NAME

STEM = "glimpse-inpainting"


def offer_completion_downloads(
    digit: Digit, hidden: Painted, answers: Answers, own: np.ndarray | None
) -> None:
    """The *Take away* layer of the page, of what is on screen."""
    sampled = answers.sampled
    visible = (~hidden).astype(np.uint8)
    completed = Completed(digit.picture, visible, answers.raw, sampled.film, sampled.deviation, own)
    words = f"Glimpse: {digit.spoken}, {hidden.sum()} of {hidden.size} pixels hidden"
    offer_downloads(
        [*_completion_offers(completed, words), *_network_offers()],
        load_card(NAME)["command"],
        key="inpainting-away",
    )


def _completion_offers(completed: Completed, words: str) -> list[Offer]:
    return [
        _offer(
            "Picture", "image", "What was seen, the truth and every completion, with their names.",
            "png", "image/png", lambda: completions_png(completed, words),
        ),
        _offer(
            "Film as GIF", "gif_box", "The sampler's steps, six samples at once, for a slide.",
            "gif", "image/gif", lambda: film_gif(completed, words),
        ),
        _offer(
            "Arrays as NPZ", "data_array",
            "Truth, mask, completions raw and pasted, the film, the uncertainty; `numpy.load`.",
            "npz", "application/zip", lambda: completions_npz(completed),
        ),
    ]  # fmt: skip


def _network_offers() -> list[Offer]:
    return [
        _offer(
            "Weights", "deployed_code",
            "The U-Net as safetensors, with the card that says how it was made.",
            "zip", "application/zip", lambda: weights_zip(ASSETS / "weights" / NAME),
        ),
        _offer(
            "U-Net as PT2", "frame_source",
            "A `torch.export` program: pictures and masks (B, 1, 28, 28) to completions.",
            "pt2", "application/octet-stream", _exported,
        ),
    ]  # fmt: skip


def _offer(
    label: str, icon: str, what: str, ending: str, mime: str, make: Callable[[], bytes]
) -> Offer:
    return Offer(label, icon, what, f"{STEM}.{ending}", mime, make)


def _exported() -> bytes:
    from core.methods.inpainting.completer import Completer
    from core.models.exported import exported_completer

    return exported_completer(Completer(shipped_model(NAME).model))
