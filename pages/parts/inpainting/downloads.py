"""The downloads of the Inpainting page: pictures, film, arrays, the network, and the command."""

from collections.abc import Callable

import numpy as np

from core.export.inpainting import Completed, completions_npz, completions_png, film_gif
from pages.parts.card import load_card
from pages.parts.components.canvas.canvas import Mask
from pages.parts.downloads import Download, offer_downloads, weights_download
from pages.parts.inpainting.answers import Answers
from pages.parts.inpainting.digit import Digit
from pages.parts.inpainting.words import NAME
from pages.parts.shipped import shipped_inpainting

FILE_STEM = "glimpse-inpainting"


def offer_completion_downloads(
    digit: Digit, visible: Mask, answers: Answers, own: np.ndarray | None
) -> None:
    """Buttons that download what is on screen, the network, and the command that trains it."""
    sampled = answers.sampled
    completed = Completed(digit.picture, visible, answers.raw, sampled.film, sampled.deviation, own)
    n_hidden = visible.size - np.count_nonzero(visible)
    title = f"Glimpse: {digit.description}, {n_hidden} of {visible.size} pixels hidden"
    offer_downloads(
        [*_completion_downloads(completed, title), *_network_downloads()],
        load_card(NAME)["command"],
        key="inpainting-download",
    )


def _completion_downloads(completed: Completed, title: str) -> list[Download]:
    return [
        _offer(
            "Picture", "image", "The masked digit, the truth and every completion, with names.",
            "png", "image/png", lambda: completions_png(completed, title),
        ),
        _offer(
            "Film as GIF", "gif_box", "The sampler's steps for all six samples.",
            "gif", "image/gif", lambda: film_gif(completed, title),
        ),
        _offer(
            "Arrays as NPZ", "data_array",
            "For `numpy.load`: truth, mask, raw and pasted completions, film, uncertainty.",
            "npz", "application/zip", lambda: completions_npz(completed),
        ),
    ]  # fmt: skip


def _network_downloads() -> list[Download]:
    return [
        weights_download(NAME),
        _offer(
            "U-Net as PT2", "frame_source",
            "A `torch.export` program: pictures (B, 1, 28, 28), from 0 to 1, and masks in.",
            "pt2", "application/octet-stream", _exported_program,
        ),
    ]  # fmt: skip


def _offer(
    label: str, icon: str, what: str, ending: str, mime: str, make: Callable[[], bytes]
) -> Download:
    return Download(label, icon, what, f"{FILE_STEM}.{ending}", mime, make)


def _exported_program() -> bytes:
    from core.methods.inpainting.completer import Completer
    from core.models.exported import exported_completer

    return exported_completer(Completer(shipped_inpainting(NAME).model))
