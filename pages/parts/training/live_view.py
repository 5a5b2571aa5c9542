"""The live view of a run: its state, its curves, and the picture of any moment of it.

A second run can be shown beside it, in the same charts. The run folders are the only truth. Nothing
that matters is kept in the session, so that a closed tab, another page or a restarted server change
nothing about what is seen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from core.config import RunConfig
from core.errors import GlimpseError
from core.figures.curves import training_curves
from core.training.run_folder import ACTIVE, RunFolder, Status
from core.training.series import Curve, Series
from pages.parts.components.into_view.into_view import column_into_view
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.training.choose_run import RUN, chosen_runs
from pages.parts.training.compare import differences, in_words, names_of
from pages.parts.training.form import Preset
from pages.parts.training.run_header import run_header
from pages.parts.training.train_form import train_form
from pages.parts.words import is_share, spoken

POLL_S = 1.0  # while a run is active
YOUNG_POLL_S, YOUNG_S = 0.5, 10.0  # until its pictures first move, or it has trained so long
PLAY_S = 0.5  # between two moments of the history, while it is played
CHART_HEIGHT = 280
RIVAL_HEIGHT = 40  # more, for the lines of the legend that name two runs


@dataclass(frozen=True)
class Panel:
    """A chart of the live view: the scalars it shows. `percent` is for fractions.

    Those that are `broad` are seen beneath others that coincide with them. `note` says below the
    chart what a reader would stumble over.
    """

    title: str
    names: Sequence[str]
    percent: bool = False
    log: bool = False
    broad: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Moment:
    """A moment of a run that has a snapshot: what a page draws its picture from.

    Where two runs are compared, `rival` is the other one at the same step (at its last snapshot
    before, where it has none there), and `name` tells each from the other.
    """

    run: RunFolder
    step: int
    arrays: dict[str, np.ndarray]
    series: Series
    name: str = ""
    rival: "Moment | None" = None


Draw = Callable[[Moment], None]
Panels = Sequence[Panel] | Callable[[RunFolder, Status], Sequence[Panel]]


@dataclass(frozen=True)
class _Watched:
    """A run that is looked at, and what tells it from the other where there are two."""

    run: RunFolder
    name: str = ""


def live_view(
    method: str,
    kind: type[RunConfig],
    draw: Draw,
    *,
    presets: Mapping[str, Preset] | None = None,
    panels: Panels | None = None,
    scrubber: bool = True,
) -> None:
    """The *Train it* layer of a page: a form with one button, and beside it the run that moves.

    Shows the run that the address names (`?run=ID`), else the newest of `method`, and the one that
    it is compared with (`&against=ID`). `draw` is called in a fragment with the moment that is
    looked at: the newest, or the one scrubbed or played to. Without a `scrubber` it is always the
    newest, for a page that shows the history by itself.
    """
    form_side, run_side = st.columns([2, 3], gap="large")
    with form_side:
        train_form(method, kind, presets)
    with run_side:
        runs = chosen_runs(method)
        if not runs:
            st.caption("No run yet. Press Train, and its curves and pictures move here.")
            return
        watched = _named(runs, kind)
        every = _interval(runs)
        st.fragment(run_every=every)(_watch)(watched, every, draw, panels, scrubber)
        column_into_view(RUN)


def _interval(runs: Sequence[RunFolder]) -> float | None:
    """Seconds from one look at the runs to the next; None where nothing moves."""
    if _is_playing(runs[0]):
        return PLAY_S
    active = [run for run in runs if run.status().state in ACTIVE]
    if not active:
        return None
    return YOUNG_POLL_S if any(_is_young(run) for run in active) else POLL_S


def _is_young(run: RunFolder) -> bool:
    return run.status().elapsed < YOUNG_S and len(run.snapshot_steps()) < 2


def _named(runs: Sequence[RunFolder], kind: type[RunConfig]) -> list[_Watched]:
    """The runs, and of two in what they differ."""
    if len(runs) == 1:
        return [_Watched(runs[0])]
    first, second = runs
    found = differences(first.config, second.config, kind)
    st.caption(in_words(found))
    return [_Watched(*each) for each in zip(runs, names_of(first, second, found), strict=True)]


def _watch(
    watched: Sequence[_Watched],
    every: float | None,
    draw: Draw,
    panels: Panels | None,
    scrubber: bool,
) -> None:
    """The one fragment that looks at the run folders, `every` so many seconds."""
    try:
        statuses = [each.run.status() for each in watched]
        for column, each, status in zip(st.columns(len(watched)), watched, statuses, strict=True):
            with column:
                run_header(each.run, status, each.name)
        series = [_series(each.run, place) for place, each in enumerate(watched)]
        shown = panels or _default_panels
        stand = zip(watched, statuses, strict=True)
        panels_of = [
            shown(each.run, status) if callable(shown) else shown for each, status in stand
        ]
        _charts(watched, series, panels_of)
        moment = _moment(watched[0], series[0], scrubber)
        if moment is not None:
            rivals = zip(watched[1:], series[1:], strict=True)
            rival = next((_rival_moment(*each, moment.step) for each in rivals), None)
            draw(replace(moment, rival=rival))
    except (GlimpseError, OSError) as refusal:
        st.error(_sentence(refusal), icon=":material/error:")
        return
    if every is not None and _interval([each.run for each in watched]) != every:
        st.rerun()  # the page anew, which alone changes or ends a timer


def _sentence(refusal: Exception) -> str:
    if isinstance(refusal, GlimpseError):
        return str(refusal)
    return f"The folder of a run cannot be read any more ({refusal}): choose another run."


def _series(run: RunFolder, place: int) -> Series:
    """The run's scalars, kept between two looks so that only new rows are read."""
    key = f"live-series-{place}"
    kept = st.session_state.get(key)
    if not isinstance(kept, Series) or kept.run.path != run.path:
        kept = st.session_state[key] = Series(run)
    kept.update()
    return kept


def _default_panels(_run: RunFolder, status: Status) -> list[Panel]:
    loss = Panel("Loss", ["loss"])
    name = status.key_figure
    if not name:
        return [loss]
    return [loss, Panel(spoken(name), [name], percent=is_share(name))]


def _charts(
    watched: Sequence[_Watched], series: Sequence[Series], panels: Sequence[Sequence[Panel]]
) -> None:
    """A chart a panel of the first run; a second run is drawn into the same ones."""
    for place, (column, panel) in enumerate(
        zip(st.columns(len(panels[0])), panels[0], strict=True)
    ):
        curves = [_curves(each, panel) for each in series]
        look = (panel.percent, panel.log, [spoken(name) for name in panel.broad])
        if len(watched) == 1:
            figure = training_curves(curves[0], panel.title, *look)
            height = CHART_HEIGHT
        else:
            names = watched[0].name, watched[1].name
            figure = training_curves(curves[0], panel.title, *look, curves[1], names)
            height = CHART_HEIGHT + RIVAL_HEIGHT
        with column:
            live_figure(
                figure,
                key=f"{watched[0].run.method}-curve-{panel.title}",
                height=height,
                alt=f"{panel.title} over the steps of the run",
            )
            notes = [of_run[place].note for of_run in panels if place < len(of_run)]
            for note in _told_apart(watched, notes):
                st.caption(note)


def _told_apart(watched: Sequence[_Watched], notes: Sequence[str]) -> list[str]:
    """What there is to note, with the name of the run where the two have different ones."""
    different = list(dict.fromkeys(filter(None, notes)))
    if len(different) < 2:
        return different
    return [f"**{each.name}**: {note}" for each, note in zip(watched, notes, strict=True)]


def _curves(series: Series, panel: Panel) -> dict[str, Curve]:
    return {spoken(name): series.curve(name) for name in panel.names if name in series.names}


def _is_playing(run: RunFolder) -> bool:
    return bool(st.session_state.get(f"{run.id}-playing"))


def _moment(watched: _Watched, series: Series, scrubber: bool) -> Moment | None:
    """The moment looked at: the newest, until a person scrubs back or plays the history."""
    run = watched.run
    steps = run.snapshot_steps()
    if not steps:
        return None
    step = _step_looked_at(run, steps) if scrubber else steps[-1]
    return Moment(run, step, run.snapshot(step), series, watched.name)


def _rival_moment(rival: _Watched, series: Series, step: int) -> Moment | None:
    """The rival's last snapshot up to a step; None, and a sentence, where it is damaged."""
    steps = [at for at in rival.run.snapshot_steps() if at <= step]
    if not steps:
        return None
    try:
        arrays = rival.run.snapshot(steps[-1])
    except GlimpseError as refusal:
        st.warning(f"{rival.name}: {refusal}", icon=":material/broken_image:")
        return None
    return Moment(rival.run, steps[-1], arrays, series, rival.name)


def _step_looked_at(run: RunFolder, steps: list[int]) -> int:
    key = f"{run.id}-step"
    _advance(run, key, steps)
    if len(steps) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _play_button(run, key, steps)
            st.select_slider("Moment (step)", steps, key=key, on_change=_follow_or_not, args=(run,))
    return int(st.session_state[key])


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
