"""The live view of a run: its state, its curves, and the picture of any moment of it.

The run folder is the only truth. Nothing that matters is kept in the session, so that a closed
tab, another page or a restarted server change nothing about what is seen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.config import RunConfig
from core.errors import GlimpseError
from core.figures.curves import training_curves
from core.flags import command_line
from core.training import launcher
from core.training.run_folder import ACTIVE, RESUMABLE, RunFolder, Status, list_runs, open_run
from core.training.series import Series
from pages.parts.ask import ask_button
from pages.parts.form import Preset, config_form
from pages.parts.live_figure import live_figure
from pages.parts.words import (
    badge,
    is_share,
    progress_line,
    run_label,
    share_done,
    spoken,
    title_of,
)

POLL_S = 1.0  # while a run is active
PLAY_S = 0.3  # between two moments of the history, while it is played
CHART_HEIGHT = 280


@dataclass(frozen=True)
class Panel:
    """A chart of the live view: the scalars it shows. `percent` is for fractions."""

    title: str
    names: Sequence[str]
    percent: bool = False
    log: bool = False


@dataclass(frozen=True)
class Moment:
    """A moment of a run that has a snapshot: what a page draws its picture from."""

    run: RunFolder
    step: int
    arrays: dict[str, np.ndarray]
    series: Series


Draw = Callable[[Moment], None]


def live_view(
    method: str,
    kind: type[RunConfig],
    draw: Draw,
    *,
    presets: Mapping[str, Preset] | None = None,
    panels: Sequence[Panel] | None = None,
    scrubber: bool = True,
) -> None:
    """The *Train it* layer of a page: a form with one button, and beside it the run that moves.

    Shows the run that the address names (`?run=ID`), else the newest of `method`. `draw` is called
    in a fragment with the moment that is looked at: the newest, or the one scrubbed or played to.
    Without a `scrubber` it is always the newest, for a page that shows the history by itself.
    """
    form_side, run_side = st.columns([2, 3], gap="large")
    with form_side:
        _train_form(method, kind, presets)
    with run_side:
        run = _pick_run(method)
        if run is None:
            st.caption("No run yet. Press Train, and its curves and pictures move here.")
            return
        moves = run.status().state in ACTIVE
        every = PLAY_S if _is_playing(run) else POLL_S if moves else None
        st.fragment(run_every=every)(_watch)(run, moves, draw, panels, scrubber)


@st.fragment
def _train_form(method: str, kind: type[RunConfig], presets: Mapping[str, Preset] | None) -> None:
    """A fragment, so that a changed setting does not draw the whole page again."""
    config = config_form(kind, method, presets)
    pressed = st.button(
        "Train", type="primary", icon=":material/play_arrow:", disabled=config is None
    )
    if config is None:
        return
    st.caption("The same from a terminal")
    st.code(command_line(method, config), language="bash", wrap_lines=True)
    if pressed:
        _launch(method, config)


def _launch(method: str, config: RunConfig) -> None:
    try:
        run = launcher.launch(method, config)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return
    st.query_params["run"] = run.id
    st.rerun()


def _pick_run(method: str) -> RunFolder | None:
    """The run of the address or the newest, with a menu of the others where there are some."""
    runs = {run.id: run for run in list_runs() if run.method == method}
    wanted = st.query_params.get("run")
    if wanted is not None and wanted not in runs:
        st.warning(_why_not(wanted, method), icon=":material/search_off:")
    if not runs:
        return None
    shown = wanted if wanted in runs else next(iter(runs))
    if len(runs) > 1:
        key = f"run-instead-of-{shown}"  # another run shown is another widget, with no old choice

        def choose() -> None:
            st.query_params["run"] = st.session_state[key]

        ids = list(runs)
        st.selectbox(
            "Run",
            ids,
            ids.index(shown),
            key=key,
            on_change=choose,
            format_func=lambda run_id: run_label(runs[run_id]),
        )
    return runs[shown]


def _why_not(wanted: str, method: str) -> str:
    try:
        run = open_run(wanted)
    except GlimpseError as refusal:
        return f"{refusal} The newest run is shown."
    return (
        f"Run {run.id} belongs to the page {title_of(run.method)}, this one is about "
        f"{title_of(method)}: open it from the page Runs."
    )


def _watch(
    run: RunFolder, moving: bool, draw: Draw, panels: Sequence[Panel] | None, scrubber: bool
) -> None:
    """The one fragment that looks at the run folder; its timer ends when nothing moves any more."""
    try:
        status = run.status()
        _header(run, status)
        series = _series(run)
        _charts(run, series, panels or _default_panels(status))
        moment = _moment(run, series, scrubber)
        if moment is not None:
            draw(moment)
    except (GlimpseError, OSError) as refusal:
        st.error(_sentence(run, refusal), icon=":material/error:")
        return
    if moving and status.state not in ACTIVE:
        st.rerun()


def _sentence(run: RunFolder, refusal: Exception) -> str:
    if isinstance(refusal, GlimpseError):
        return str(refusal)
    return f"The folder of run {run.id} cannot be read any more ({refusal}): choose another run."


def _header(run: RunFolder, status: Status) -> None:
    """State, progress and what can be asked of the run now."""
    with st.container(horizontal=True, vertical_alignment="center"):
        badge(status.state)
        if status.state in ACTIVE:
            _button(run, "Pause", "pause", lambda: run.request("pause"))
            _button(run, "Stop", "stop", lambda: run.request("stop"))
        if status.state in RESUMABLE:
            _button(run, "Resume", "play_arrow", lambda: launcher.resume(run))
    st.progress(share_done(status), text=progress_line(status))
    asked = run.requested() if status.state in ACTIVE else None
    note = f"Asked to {asked}: it does after the step it is in." if asked else status.message
    if note:
        st.caption(note)


def _button(run: RunFolder, label: str, icon: str, act: Callable[[], None]) -> None:
    ask_button(label, icon, act, key=f"{run.id}-{label}")


def _series(run: RunFolder) -> Series:
    """The run's scalars, kept between two looks so that only new rows are read."""
    kept = st.session_state.get("live-series")
    if not isinstance(kept, Series) or kept.run.path != run.path:
        kept = st.session_state["live-series"] = Series(run)
    kept.update()
    return kept


def _default_panels(status: Status) -> list[Panel]:
    loss = Panel("Loss", ["loss"])
    name = status.key_figure
    if not name:
        return [loss]
    return [loss, Panel(spoken(name), [name], percent=is_share(name))]


def _charts(run: RunFolder, series: Series, panels: Sequence[Panel]) -> None:
    for column, panel in zip(st.columns(len(panels)), panels, strict=True):
        curves = {spoken(name): series.curve(name) for name in panel.names if name in series.names}
        figure = training_curves(curves, panel.title, panel.percent, panel.log)
        with column:
            live_figure(
                figure,
                key=f"{run.method}-curve-{panel.title}",
                height=CHART_HEIGHT,
                alt=f"{panel.title} over the steps of the run",
            )


def _is_playing(run: RunFolder) -> bool:
    return bool(st.session_state.get(f"{run.id}-playing"))


def _moment(run: RunFolder, series: Series, scrubber: bool) -> Moment | None:
    """The moment looked at: the newest, until a person scrubs back or plays the history."""
    steps = run.snapshot_steps()
    if not steps:
        return None
    if not scrubber:
        return Moment(run, steps[-1], run.snapshot(steps[-1]), series)
    key = f"{run.id}-step"
    _advance(run, key, steps)
    if len(steps) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _play_button(run, key, steps)
            st.select_slider("Moment (step)", steps, key=key, on_change=_follow_or_not, args=(run,))
    step = st.session_state[key]
    return Moment(run, step, run.snapshot(step), series)


def _advance(run: RunFolder, key: str, steps: list[int]) -> None:
    """Moves to the next moment while playing, to the newest while following."""
    at = st.session_state.get(key)
    if _is_playing(run) and at in steps:
        place = min(steps.index(at) + 1, len(steps) - 1)
        st.session_state[key] = steps[place]
        st.session_state[f"{run.id}-playing"] = place < len(steps) - 1
        if not _is_playing(run):
            st.session_state[f"{run.id}-scrubbed"] = False
            st.rerun()
    elif at not in steps or not st.session_state.get(f"{run.id}-scrubbed"):
        st.session_state[key] = steps[-1]


def _play_button(run: RunFolder, key: str, steps: list[int]) -> None:
    playing = _is_playing(run)
    label, icon = ("Hold", "pause") if playing else ("Play", "play_arrow")
    if not st.button(label, icon=f":material/{icon}:", key=f"{run.id}-play"):
        return
    if not playing and st.session_state[key] == steps[-1]:
        st.session_state[key] = steps[0]
    st.session_state[f"{run.id}-playing"] = not playing
    st.session_state[f"{run.id}-scrubbed"] = True
    st.rerun()


def _follow_or_not(run: RunFolder) -> None:
    """Scrubbing to the newest moment follows the run again."""
    st.session_state[f"{run.id}-playing"] = False
    st.session_state[f"{run.id}-scrubbed"] = (
        st.session_state[f"{run.id}-step"] != run.snapshot_steps()[-1]
    )
