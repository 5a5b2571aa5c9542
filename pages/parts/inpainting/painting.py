"""A canvas over a digit, and beside it what everyone makes of what is left of it."""

from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.export.inpainting import OWN
from pages.parts.components.canvas.canvas import Painted, pixel_canvas
from pages.parts.components.completions.completions import HEAT, Completion, completions
from pages.parts.inpainting.analysis import feature_maps_of
from pages.parts.inpainting.answers import (
    Answers,
    Sampler,
    answer_of_own_run,
    answers_of,
)
from pages.parts.inpainting.digit import Digit, chosen_digit_of_page
from pages.parts.inpainting.downloads import offer_completion_downloads
from pages.parts.inpainting.masks import chosen_start, keep_in_address
from pages.parts.url_state import begin_number, is_readable

if TYPE_CHECKING:
    from core.evaluation.image_quality import Quality

CANVAS = 400  # CSS pixels, so that it fits a small screen with its tools
STEPS, TEMPERATURE, SEED = "fill_steps", "fill_temperature", "fill_seed"
FIRST = Sampler(steps=8, temperature=0.8, seed=0)
LAST_SEED = 9999
MOST_STEPS = 16
HOTTEST = 1.5
RAW = "raw"
DEEPEST = 0.5  # the largest standard deviation that a pixel in [0, 1] can have


@st.fragment
def see_it() -> None:
    """The page's first layer: nothing has to be pressed for it."""
    preset, revision = chosen_start()
    canvas_side, answers_side = st.columns([3, 5], gap="medium")
    with canvas_side:
        above, canvas = st.container(), st.container()
    digit = chosen_digit_of_page(above, st.container())
    with canvas:
        hidden = pixel_canvas(
            digit.picture,
            key="inpainting-canvas",
            label="Paint over the digit to hide parts of it",
            preset=preset,
            revision=revision,
            brush=4,
            size=CANVAS,
        )
    keep_in_address(hidden)
    with answers_side:
        grid = st.container()
        sampler, raw = _settings(idle=not hidden.any())
        answers = answers_of(digit.picture, hidden, sampler)
        own = _own(digit, hidden)
        with grid:
            _show(digit, hidden, answers, own, raw)
        st.caption(_remark(hidden, own is not None))
    # What is closed is not computed: it would make each stroke wait.
    maps = st.expander(
        "Feature maps", icon=":material/grid_view:", key="inpainting-maps", on_change="rerun"
    )
    if maps.open:
        with maps:
            feature_maps_of(digit, hidden)
    away = st.expander(
        "Take it away", icon=":material/download:", key="inpainting-takes", on_change="rerun"
    )
    if away.open:
        with away:
            offer_completion_downloads(digit, hidden, answers, own)


def _own(digit: Digit, hidden: Painted) -> np.ndarray | None:
    """The answer of the run below, or a sentence why it has none though it trained."""
    try:
        return answer_of_own_run(digit.picture, hidden)
    except GlimpseError as refusal:
        st.caption(f"The run below cannot complete it: {refusal}")
        return None


def _settings(idle: bool) -> tuple[Sampler, bool]:
    """How the sampler samples, and whether visible pixels are left as the networks see them.

    An `idle` sampler has nothing to draw: it cannot be asked for anything.
    """
    begin_number(STEPS, "Steps", FIRST.steps, 1, MOST_STEPS)
    begin_number(TEMPERATURE, "Temperature", FIRST.temperature, 0.0, HOTTEST)
    begin_number(SEED, "Seed", FIRST.seed, 0, LAST_SEED)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        raw = st.toggle(
            "Raw output", key=RAW, bind="query-params",
            help="Shows what the two networks say of visible pixels too, with nothing pasted back. "
            "Samples and classical methods leave visible pixels alone.",
        )  # fmt: skip
        st.button("Six others", icon=":material/casino:", on_click=_other_samples, disabled=idle)
        with st.popover("Sampler", icon=":material/tune:", disabled=idle):
            # Without a start of its own a slider begins at its least once the popover opens.
            st.slider(
                "Steps", 1, MOST_STEPS, FIRST.steps, key=STEPS, bind=_bound(STEPS),
                help="In how many steps the hidden pixels are drawn. With one step each is drawn "
                "without knowing of the others.",
            )  # fmt: skip
            st.slider(
                "Temperature", 0.0, HOTTEST, FIRST.temperature, 0.1, key=TEMPERATURE,
                bind=_bound(TEMPERATURE),
                help="0 takes the likeliest grey of each pixel; higher dares more.",
            )  # fmt: skip
            st.number_input(
                "Seed", 0, LAST_SEED, FIRST.seed, key=SEED, bind=_bound(SEED),
                help=f"Same seed, same samples. 0 to {LAST_SEED:,}.",
            )  # fmt: skip
    state = st.session_state
    return Sampler(state[STEPS], state[TEMPERATURE], state[SEED]), raw


def _bound(key: str) -> Literal["query-params"] | None:
    return "query-params" if is_readable(key) else None


def _other_samples() -> None:
    st.session_state[SEED] = (st.session_state[SEED] + 1) % (LAST_SEED + 1)


def _show(
    digit: Digit, hidden: Painted, answers: Answers, own: np.ndarray | None, raw: bool
) -> None:
    """Truth and answers in one row, samples in the next, and after them what a run of one's own
    makes of it."""
    from core.evaluation.digit_classifier import classify_digits
    from core.evaluation.image_quality import quality_where_hidden

    judged = answers.pasted(digit.picture, hidden)
    shown = judged | {name: answers.raw[name] for name in judged if raw}
    film = answers.sampled.film  # (F, 6, 28, 28)
    yours = [] if own is None else [own]
    pictures = np.stack([*judged.values(), *film[-1], *yours])
    notes = _notes(quality_where_hidden(pictures, digit.picture, hidden == 0))
    read = classify_digits(np.stack([digit.picture, *shown.values()]))
    read_in_film = classify_digits(film.reshape(-1, 28, 28)).reshape(*film.shape[:2], 10)
    spoken = digit.spoken
    truth = Completion("Truth", digit.picture[None], read[:1], "", f"Truth: {spoken}")
    named = [
        Completion(name, shown[name][None], read[i : i + 1], notes[i - 1],
                   f"{spoken} completed by the {name}")
        for i, name in enumerate(shown, 1)
    ]  # fmt: skip
    unsure = Completion(
        "Uncertainty", _heat(answers.sampled.deviation), np.empty((0, 10)),
        f"σ up to {answers.sampled.deviation.max():.2f}",
        "How unsure the U-Net is of each pixel", HEAT,
    )  # fmt: skip
    samples = [
        Completion(f"Sample {i + 1}", film[:, i], read_in_film[:, i], notes[len(named) + i],
                   f"{spoken}, sample {i + 1} of the U-Net")
        for i in range(film.shape[1])
    ]  # fmt: skip
    samples += [
        Completion(OWN, picture[None].repeat(len(film), 0), classify_digits(picture[None]).repeat(
            len(film), 0), notes[-1], f"{spoken} completed by your own run")
        for picture in yours
    ]  # fmt: skip
    answered = [truth, named[0], unsure, *named[1:]]
    completions(answered, samples, key="completions", still=not hidden.any())


def _heat(deviation: np.ndarray) -> np.ndarray:
    """Standard deviations (28, 28) as uint8 (1, 28, 28)."""
    return (255 * deviation / DEEPEST).clip(0, 255).astype(np.uint8)[None]


def _notes(figures: "Quality") -> list[str]:
    """MSE, PSNR and SSIM of each picture over the hidden pixels; empty where there are none."""
    rows = zip(figures.mse.tolist(), figures.psnr.tolist(), figures.ssim.tolist(), strict=True)
    return [
        f"MSE {mse:.4f}\nPSNR {psnr:.1f} dB\nSSIM {ssim:.2f}" if np.isfinite(mse) else ""
        for mse, psnr, ssim in rows
    ]


def _remark(hidden: Painted, has_own: bool) -> str:
    """What to make of the pictures: the extremes of a mask need a word of their own."""
    if not hidden.any():
        return "Nothing is hidden, so there is nothing to complete: paint over the digit."
    if hidden.all():
        return (
            "Everything is hidden: the networks can only draw the average of all that they have "
            "seen, a sample is any digit, and the classical methods have nothing to go on from. "
            "What the classifier reads in blank or blurred pictures means nothing."
        )
    return (
        f"{hidden.sum()} of {hidden.size} pixels are hidden, and the figures are taken over them. "
        "The bars are what a small classifier reads in each picture. The U-Net's answer is the "
        "mean of all that it thinks possible. A sample draws a sixth of the hidden pixels by "
        "chance, a few at a time, and is the mean of what is possible given those."
        + (" *Your run* is the network below, as of its newest checkpoint." if has_own else "")
    )
