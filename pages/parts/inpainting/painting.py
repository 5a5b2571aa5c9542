"""A canvas over a digit, and beside it every method's completion of what is hidden."""

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from pages.parts.components.canvas.canvas import Mask, mask_canvas
from pages.parts.components.completions.completions import completions
from pages.parts.inpainting.answers import DEFAULT_SAMPLER, Sampler, answer_of_own_run, answers_of
from pages.parts.inpainting.cards import answer_cards, average_errors, sample_cards
from pages.parts.inpainting.digit import Digit, choose_digit
from pages.parts.inpainting.downloads import offer_completion_downloads
from pages.parts.inpainting.feature_maps import show_feature_maps
from pages.parts.inpainting.masks import chosen_mask, hidden_pixels, measured_kind, write_mask
from pages.parts.plain_text import plain
from pages.parts.url_state import Number, Switch, restore

CANVAS_SIZE = 400  # CSS pixels, so that it fits on a small screen with its tools
# Keys of widgets in session state and in the address.
STEPS, TEMPERATURE, SEED, RAW = "fill_steps", "fill_temperature", "fill_seed", "raw"
SEE_HIDDEN = "see_hidden"
MAX_STEPS = 16
MAX_TEMPERATURE = 1.5
MAX_SEED = 9999


@st.fragment
def show_painting() -> None:
    """The first layer of the page, which works without a click."""
    restore(Switch(SEE_HIDDEN, "Show what is hidden", False))
    preset, revision = chosen_mask()
    canvas_side, answers_side = st.columns([3, 5], gap="medium")
    with canvas_side:
        above, canvas = st.container(), st.container()
    digit = choose_digit(above, st.container())
    with canvas:
        visible = mask_canvas(
            digit.picture,
            key="inpainting-canvas",
            label="Paint over the digit to hide parts of it",
            preset=preset,
            revision=revision,
            brush=4,
            size=CANVAS_SIZE,
            sees_through=st.session_state[SEE_HIDDEN],
        )
        _see_hidden_switch()
    write_mask(visible)
    with answers_side:
        grid = st.container()
        sampler, is_raw = _settings(is_disabled=bool(visible.all()))
        answers = answers_of(digit.picture, visible, sampler)
        own = _answer_of_own_run(digit, visible)
        with grid:
            completions(
                answer_cards(digit, visible, answers, is_raw),
                sample_cards(digit, visible, answers, own),
                key="completions",
                is_playable=not visible.all(),
            )
        _captions(visible, own is not None)
        kind = measured_kind(visible, revision)
        if kind is not None:
            st.caption(average_errors(kind))
    # A closed expander computes nothing: it would delay every stroke.
    maps = st.expander(
        "Feature maps", icon=":material/grid_view:", key="inpainting-maps", on_change="rerun"
    )
    if maps.open:
        with maps:
            show_feature_maps(digit, visible)
    downloads = st.expander(
        "Download", icon=":material/download:", key="inpainting-downloads", on_change="rerun"
    )
    if downloads.open:
        with downloads:
            offer_completion_downloads(digit, visible, answers, own)


def _see_hidden_switch() -> None:
    """Whether a person sees what is hidden, which no network does."""
    st.toggle(
        "Show what is hidden", key=SEE_HIDDEN, bind="query-params",
        help="Lets the digit shine through what you have painted. Only you see it: the networks "
        "are given black pixels there.",
    )  # fmt: skip
    if st.session_state[SEE_HIDDEN]:
        st.caption("Only you see the hidden pixels: the networks are given black ones.")


def _answer_of_own_run(digit: Digit, visible: Mask) -> np.ndarray | None:
    """The answer of the run below; None where it has none. An error is shown as a caption."""
    try:
        return answer_of_own_run(digit.picture, visible)
    except GlimpseError as refusal:
        st.caption(plain(f"The run below cannot complete it: {refusal}"))
        return None


def _settings(is_disabled: bool) -> tuple[Sampler, bool]:
    """Widgets of the sampler, and whether the networks' raw outputs are shown."""
    restore(
        Switch(RAW, "Raw output", False),
        Number(STEPS, "Steps", DEFAULT_SAMPLER.steps, 1, MAX_STEPS),
        Number(TEMPERATURE, "Temperature", DEFAULT_SAMPLER.temperature, 0.0, MAX_TEMPERATURE),
        Number(SEED, "Seed", DEFAULT_SAMPLER.seed, 0, MAX_SEED),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_raw = st.toggle(
            "Raw output", key=RAW, bind="query-params",
            help="Shows the two networks' answers for visible pixels too, instead of pasting the "
            "true pixels back.",
        )  # fmt: skip
        st.button(
            "Six others", icon=":material/casino:", on_click=_next_seed, disabled=is_disabled,
            help=_about_samples(st.session_state[STEPS]),
        )  # fmt: skip
        with st.popover("Sampler", icon=":material/tune:", disabled=is_disabled):
            _sampler_widgets()
    state = st.session_state
    return Sampler(state[STEPS], state[TEMPERATURE], state[SEED]), is_raw


def _about_samples(steps: int) -> str:
    """What another seed gives, and how much of a sample is drawn at random in so many steps."""
    from core.methods.inpainting.sampling import drawn_share

    share = drawn_share(steps)
    drawn = "all of the hidden pixels at random, at once"
    if share < 1:
        drawn = f"{share:.0%} of the hidden pixels at random, a few at a time. The rest is "
        drawn += "the mean given those"
    return f"Six other samples, with the next seed. A sample draws {drawn}."


def _sampler_widgets() -> None:
    # Without a default of its own, a slider starts at its minimum when the popover opens.
    st.slider(
        "Steps", 1, MAX_STEPS, DEFAULT_SAMPLER.steps, key=STEPS, bind="query-params",
        help="The hidden pixels are revealed in this many steps. Pixels drawn in the same "
        "step do not know of each other.",
    )  # fmt: skip
    st.slider(
        "Temperature", 0.0, MAX_TEMPERATURE, DEFAULT_SAMPLER.temperature, 0.1, key=TEMPERATURE,
        bind="query-params",
        help="0 draws the most likely grey of each pixel. Higher values make samples more varied.",
    )  # fmt: skip
    st.number_input(
        "Seed", 0, MAX_SEED, DEFAULT_SAMPLER.seed, key=SEED, bind="query-params",
        help=f"The same seed draws the same samples: 0 to {MAX_SEED:,}.",
    )  # fmt: skip


def _next_seed() -> None:
    st.session_state[SEED] = (st.session_state[SEED] + 1) % (MAX_SEED + 1)


def _captions(visible: Mask, has_own: bool) -> None:
    """What the completions mean; an empty and a full mask need other words."""
    if visible.all():
        st.caption("Nothing is hidden, so there is nothing to complete: paint over the digit.")
        return
    n_hidden = visible.size - np.count_nonzero(visible)
    if n_hidden == visible.size:
        st.caption(
            "Everything is hidden. The U-Net answers with about the average of all digits; a "
            "sample is any digit. The autoencoder was trained on no such mask, and the classical "
            "methods have nothing to continue."
        )
        st.caption("For blank and blurred pictures, the classifier's bars mean nothing.")
        return
    st.caption(
        f"{hidden_pixels(visible)}, and the figures are taken over the hidden ones. The bars are a "
        "small classifier's probability of each digit."
    )
    st.caption(
        "The U-Net's answer is the mean of all completions that it thinks possible; a sample is "
        "one of them."
    )
    if has_own:
        st.caption("*Local run* is the network below at its newest checkpoint.")
