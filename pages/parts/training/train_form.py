"""The form that starts a run, or the two runs that a preset compares."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.config import RunConfig
from core.errors import GlimpseError
from core.flags import command_line
from core.training import launcher
from core.training.trainable import check_trainable
from pages.parts.components.into_view.into_view import bring_into_view
from pages.parts.plain_text import plain
from pages.parts.training.choose_run import RUN, show_runs
from pages.parts.training.form import Preset, chosen_preset, config_form, in_labels
from pages.parts.training.length import Length, chosen_length, sets_steps, with_steps_for

FORM = "form"  # the column that `bring_into_view` scrolls to
Sample = Callable[[Any], None]  # draws, of a config, what its run will train on


@st.fragment
def train_form(
    method: str,
    kind: type[RunConfig],
    presets: Mapping[str, Preset] | None = None,
    sample: Sample | None = None,
) -> None:
    """A fragment, so that a changed setting does not rerun the whole page."""
    config = config_form(kind, method, presets, idle=("steps",) if sets_steps(method) else ())
    length = chosen_length(method)
    refusal = None if config is None else _why_never(method, config, sample)
    if refusal is not None:
        st.error(plain(in_labels(refusal, kind)), icon=":material/error:")
    if config is None or refusal is not None:
        st.button("Train", type="primary", icon=":material/play_arrow:", disabled=True)
        return
    ready = config if length is None else with_steps_for(length, method, config)
    pressed = _buttons(ready, _rival(chosen_preset(method, presets), ready or config))
    st.caption("The same in a terminal")
    st.code(_command(method, ready or config, None if ready else length), "bash", wrap_lines=True)
    if pressed:
        _launch(method, pressed)


def _why_never(method: str, config: RunConfig, sample: Sample | None) -> GlimpseError | None:
    """Why no run with these settings could train here; None where one can, a sample drawn."""
    try:
        check_trainable(method, config)
        if sample is not None:
            sample(config)
    except GlimpseError as refusal:
        return refusal
    return None


def _rival(preset: Preset | None, config: RunConfig) -> RunConfig | None:
    """The config of the second run; None where the preset has none that can be trained."""
    try:
        return None if preset is None else preset.rival_of(config)
    except GlimpseError as refusal:
        sentence = plain(f"There is nothing to compare with: {refusal}")
        st.warning(sentence, icon=":material/compare_arrows:")
        return None


def _buttons(ready: RunConfig | None, rival: RunConfig | None) -> list[RunConfig]:
    """The buttons; returns the configs to train after a press."""
    with st.container(horizontal=True, vertical_alignment="center"):
        alone = st.button(
            "Train", type="primary", icon=":material/play_arrow:", disabled=ready is None
        )
        both = rival is not None and st.button(
            "Train both",
            icon=":material/compare_arrows:",
            disabled=ready is None,
            help="Train this run and the one that the preset compares it with, for as many steps.",
        )
    if ready is None:
        return []
    return [ready, rival] if both and rival else [ready] if alone else []


def _command(method: str, config: RunConfig, length: Length | None) -> str:
    """The command that trains the same; with the length itself while its steps are not known."""
    if length is None:
        return command_line(method, config)
    steps = type(config).model_fields["steps"].default
    unfitted = config.model_copy(update={"steps": steps})
    return f"{command_line(method, unfitted)} {length.flag}"


def _launch(method: str, configs: Sequence[RunConfig]) -> None:
    """Starts the runs and shows them. Where only one can train at a time, the second waits."""
    launched: list[str] = []
    try:
        for config in configs:
            launched += [launcher.launch(method, config).id]
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")
    if launched:
        show_runs(*launched)
        bring_into_view(RUN)  # on a desktop the curves begin above the button
    if len(launched) == len(configs):
        st.rerun()
