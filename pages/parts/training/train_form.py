"""The form that starts a run, or the two runs of a lesson that compares."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.config import RunConfig
from core.errors import GlimpseError
from core.flags import command_line
from core.training import launcher
from core.training.epochs import check_batch
from pages.parts.training.choose_run import AGAINST, RUN
from pages.parts.training.form import Preset, chosen_preset, config_form
from pages.parts.training.length import Length, chosen_length, sets_steps, with_steps_for


@st.fragment
def train_form(
    method: str, kind: type[RunConfig], presets: Mapping[str, Preset] | None = None
) -> None:
    """A fragment, so that a changed setting does not draw the whole page again."""
    config = config_form(kind, method, presets, idle=("steps",) if sets_steps(method) else ())
    length = chosen_length(method)
    if config is None or not show_batch_error(method, config):
        st.button("Train", type="primary", icon=":material/play_arrow:", disabled=True)
        return
    ready = config if length is None else with_steps_for(length, method, config)
    pressed = _buttons(ready, _rival(chosen_preset(method, presets), ready or config))
    st.caption("The same from a terminal")
    st.code(_command(method, ready or config, None if ready else length), "bash", wrap_lines=True)
    if pressed:
        _launch(method, pressed)


def show_batch_error(method: str, config: RunConfig) -> bool:
    """Whether there are pictures enough for a batch; says so where there are not."""
    try:
        check_batch(method, config)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return False
    return True


def _rival(preset: Preset | None, config: RunConfig) -> RunConfig | None:
    """The config of the second run, where the preset has one that can be trained."""
    try:
        return None if preset is None else preset.rival_of(config)
    except GlimpseError as refusal:
        st.warning(f"There is nothing to compare with: {refusal}", icon=":material/compare_arrows:")
        return None


def _buttons(ready: RunConfig | None, rival: RunConfig | None) -> list[RunConfig]:
    """What to train now, after a press."""
    with st.container(horizontal=True, vertical_alignment="center"):
        alone = st.button(
            "Train", type="primary", icon=":material/play_arrow:", disabled=ready is None
        )
        both = rival is not None and st.button(
            "Train both",
            icon=":material/compare_arrows:",
            disabled=ready is None,
            help="This run, and the one that the lesson holds against it, over as many steps.",
        )
    if ready is None:
        return []
    return [ready, rival] if both and rival else [ready] if alone else []


def _command(method: str, config: RunConfig, length: Length | None) -> str:
    """With a length while it is not known how many steps it has."""
    if length is None:
        return command_line(method, config)
    steps = type(config).model_fields["steps"].default
    unfitted = config.model_copy(update={"steps": steps})
    return f"{command_line(method, unfitted)} {length.flag}"


def _launch(method: str, configs: Sequence[RunConfig]) -> None:
    """Starts the runs and shows them; where there is one slot, the second waits in line."""
    st.query_params.pop(AGAINST, None)
    try:
        for name, config in zip((RUN, AGAINST), configs, strict=False):
            st.query_params[name] = launcher.launch(method, config).id
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return
    st.rerun()
