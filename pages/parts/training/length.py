"""How long to train: a number of steps, of epochs, or the steps that fit into some minutes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from pydantic import BaseModel

from core.config import MOST_STEPS, RunConfig, setting
from core.errors import GlimpseError
from core.methods.epoch import Epoch
from core.training import epochs, launcher
from core.training.earlier_pace import earlier_pace
from core.training.pace import FREE
from core.training.pacing import MOST_MINUTES
from pages.parts.background import request_in_background, show_until_done
from pages.parts.plain_text import plain
from pages.parts.training.form import one_of
from pages.parts.training.form_field import standalone_widget

ConfigT = TypeVar("ConfigT", bound=RunConfig)

AS_SET, EPOCHS, OTHER = "Steps", "Epochs", "Other"
MINUTES = {"1 min": 1.0, "3 min": 3.0, "10 min": 10.0}
NUMBER_WIDTH = 140  # px
HELP_STEPS = "*Steps*: the number of steps above. "
HELP_EPOCHS = "*Epochs*: an epoch goes through all pictures once. "
HELP_MINUTES = (
    "*Minutes*: the run gets as many steps as fit, as timed in an earlier run of these settings on "
    "this machine, or in a few steps now. It is an estimate, since other programs use the same "
    "processor cores."
)
_TIMER = ThreadPoolExecutor(1, "timer")


class _Numbers(BaseModel):
    minutes: float = setting(
        5.0, ge=0.1, le=MOST_MINUTES, description="About how long the run trains."
    )
    epochs: int = setting(
        10,
        ge=1,
        le=MOST_STEPS,
        description="How often the run goes through all pictures.",
        step=1,
    )


@dataclass(frozen=True)
class Length:
    """A number of minutes or epochs."""

    number: float
    unit: str  # a field of `_Numbers`, and a flag of the command line

    @property
    def flag(self) -> str:
        return f"--{self.unit} {self.number:.12g}"


def sets_steps(method: str) -> bool:
    """Whether the number of steps follows from the chosen length."""
    key = _key(method)
    chosen = st.session_state.get(key) or st.query_params.get(key)
    return chosen != AS_SET and chosen in _options(method)


def chosen_length(method: str) -> Length | None:
    """Draws the control and returns the chosen length; None for the number of steps in the form."""
    has_epochs = epochs.has_epochs(method)
    words = HELP_STEPS + (HELP_EPOCHS if has_epochs else "") + HELP_MINUTES
    chosen = one_of("Length", _options(method), _key(method), AS_SET, help=words)
    if chosen in MINUTES:
        return Length(MINUTES[chosen], "minutes")
    unit = {EPOCHS: "epochs", OTHER: "minutes"}.get(chosen or AS_SET)
    if unit is None:
        return None
    with st.container(width=NUMBER_WIDTH):
        return Length(
            standalone_widget(unit, f"{method}-{unit}", _Numbers.model_fields[unit]), unit
        )


def with_steps_for(length: Length, method: str, config: ConfigT) -> ConfigT | None:
    """The config with the number of steps that the length has; says how many they are.

    None where it is not known, as while steps are being timed.
    """
    if length.unit == "epochs":
        return _in_epochs(int(length.number), method, config)
    return _fitting(length.number, method, config)


def _key(method: str) -> str:
    return f"{method}-length"


def _options(method: str) -> list[str]:
    return [AS_SET, *([EPOCHS] if epochs.has_epochs(method) else []), *MINUTES, OTHER]


def _in_epochs(number: int, method: str, config: ConfigT) -> ConfigT | None:
    try:
        with st.spinner("Counting the pictures …", show_time=True):
            epoch = epochs.epoch_of(method, config)
        steps = epochs.steps_in(epoch, number)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")
        return None
    times = f"{number:,} epochs of {epoch.steps:,}. Each" if number > 1 else "one epoch. It"
    st.caption(f"**{steps:,} steps**: {times} uses {_pictures_used(epoch)}.")
    return config.model_copy(update={"steps": steps})


def _pictures_used(epoch: Epoch) -> str:
    if not epoch.left_out:
        return f"all {epoch.pictures:,} pictures once"
    return (
        f"{epoch.pictures - epoch.left_out:,} of the {epoch.pictures:,} pictures once and leaves "
        f"out a random {epoch.left_out:,}, too few for a batch"
    )


def _fitting(minutes: float, method: str, config: ConfigT) -> ConfigT | None:
    known = earlier_pace(method, config)
    if known is not None:  # steps timed now could be slow, since something else is going on
        steps = known.steps_in(config, 60 * minutes)
        st.caption(f"**{steps:,} steps** take about that long here, as in a run like this before.")
        return config.model_copy(update={"steps": steps})
    slot, costs = f"{method}-timing", config.model_dump_json(exclude=FREE)
    timing = request_in_background(
        slot, costs, lambda: _TIMER.submit(launcher.pace, method, config)
    )
    if not show_until_done(timing, "Timing a few steps with these settings …"):
        return None
    try:
        steps = timing.result().steps_in(config, 60 * minutes)
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")
        del st.session_state[slot]  # the next rerun tries again
        return None
    st.caption(f"**{steps:,} steps** take about that long here, estimated from a few.")
    return config.model_copy(update={"steps": steps})
