"""The completions of a digit as cards: picture, class probabilities, figures."""

from typing import TYPE_CHECKING

import numpy as np

from core.export.inpainting import OWN
from pages.parts.card import load_card
from pages.parts.components.canvas.canvas import Mask
from pages.parts.components.completions.completions import UNCERTAINTY_COLOUR, Completion
from pages.parts.inpainting.answers import Answers
from pages.parts.inpainting.digit import Digit
from pages.parts.inpainting.words import KIND_LABELS, MODELS, TEST_DIGITS

if TYPE_CHECKING:  # it imports torch
    from core.evaluation.image_quality import Quality

MAX_DEVIATION = 0.5  # the largest standard deviation that a pixel in [0, 1] can have


def answer_cards(digit: Digit, visible: Mask, answers: Answers, is_raw: bool) -> list[Completion]:
    """The truth, each method's answer, and after the U-Net's its uncertainty.

    The figures are those of the answers with visible pixels pasted back, even if `is_raw` shows
    the answers without.
    """
    from core.evaluation.digit_classifier import classify_digits

    pasted = answers.pasted(digit.picture, visible)
    shown = answers.raw if is_raw else pasted
    notes = _notes(np.stack(list(pasted.values())), digit, visible)
    truth, *probabilities = classify_digits(np.stack([digit.picture, *shown.values()]))
    named = [
        Completion(name, picture[None], likely[None], note,
                   f"{digit.description} completed by the {name}")
        for (name, picture), likely, note in zip(shown.items(), probabilities, notes, strict=True)
    ]  # fmt: skip
    true_digit = Completion(
        "Truth", digit.picture[None], truth[None], "", f"Truth: {digit.description}"
    )
    return [true_digit, named[0], _uncertainty_card(answers.sampled.deviation), *named[1:]]


def sample_cards(
    digit: Digit, visible: Mask, answers: Answers, own: np.ndarray | None
) -> list[Completion]:
    """The U-Net's samples as a film, followed by the answer of one's own run if there is one."""
    from core.evaluation.digit_classifier import classify_digits

    film = answers.sampled.film  # (F, S, 28, 28)
    alts = {
        f"Sample {i + 1}": f"{digit.description}, sample {i + 1} of the U-Net"
        for i in range(film.shape[1])
    }
    if own is not None:
        alts[OWN] = f"{digit.description} completed by the local run"
        still = own[None, None].repeat(len(film), axis=0)  # (F, 1, 28, 28)
        film = np.concatenate([film, still], axis=1)
    probabilities = classify_digits(film.reshape(-1, 28, 28)).reshape(*film.shape[:2], -1)
    notes = _notes(film[-1], digit, visible)
    return [
        Completion(name, film[:, i], probabilities[:, i], notes[i], alt)
        for i, (name, alt) in enumerate(alts.items())
    ]


def average_errors(kind: str) -> str:
    """What the networks reach on average under masks of a kind, by their cards."""
    errors = ", ".join(
        f"{title} {load_card(name)['figures'][f'{kind}_mse']:.4f}" for title, name in MODELS.items()
    )
    return (
        f"On average over {TEST_DIGITS:,} digits under such masks ({KIND_LABELS[kind]}) the MSE "
        f"is: {errors}."
    )


def _uncertainty_card(deviation: np.ndarray) -> Completion:
    """Of standard deviations (28, 28) in [0, 0.5]."""
    levels = (255 * deviation / MAX_DEVIATION).clip(0, 255).astype(np.uint8)
    return Completion(
        "Uncertainty", levels[None], np.empty((0, 10)), f"σ up to {deviation.max():.2f}",
        "Standard deviation of each pixel in the U-Net's answer", UNCERTAINTY_COLOUR,
    )  # fmt: skip


def _notes(pictures: np.ndarray, digit: Digit, visible: Mask) -> list[str]:
    """MSE, PSNR and SSIM of pictures (N, 28, 28) over the hidden pixels; empty without any."""
    from core.evaluation.image_quality import quality_where_hidden

    figures: Quality = quality_where_hidden(pictures, digit.picture, visible)
    rows = zip(figures.mse.tolist(), figures.psnr.tolist(), figures.ssim.tolist(), strict=True)
    return [
        f"MSE {mse:.4f}\nPSNR {psnr:.1f} dB\nSSIM {ssim:.2f}" if np.isfinite(mse) else ""
        for mse, psnr, ssim in rows
    ]
