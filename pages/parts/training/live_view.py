"""The live view of a run: its state, its curves, and the picture of any moment of it.

A second run can be shown beside it, in the same charts. The run folders are the only truth: nothing
that matters is kept in the session, so that what is shown survives a closed tab, another page and a
restarted server.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.config import RunConfig
from core.errors import GlimpseError
from core.training.run_folder import RunFolder
from core.training.status import ACTIVE
from pages.parts.components.into_view.into_view import column_into_view
from pages.parts.plain_text import plain
from pages.parts.training.choose_run import RUN, chosen_runs, show_runs
from pages.parts.training.compare import differences, in_words, names_of
from pages.parts.training.followed_run import FollowedRun, series_of
from pages.parts.training.form import Preset
from pages.parts.training.panels import Panel, Panels, draw_charts, panels_of
from pages.parts.training.run_header import run_header
from pages.parts.training.run_moment import Moment, is_playing, moment_in_view, moment_of_rival
from pages.parts.training.train_form import FORM, Sample, train_form

__all__ = ["Moment", "Panel", "live_view"]  # what a page needs of the live view

POLL_S = 1.0  # while a run is active
YOUNG_POLL_S, YOUNG_S = 0.5, 10.0  # until its pictures first move, or it has trained this long
PLAY_S = 0.5  # between two moments of the history while it is played

Draw = Callable[[Moment], None]


def live_view(
    method: str,
    kind: type[RunConfig],
    draw: Draw,
    *,
    presets: Mapping[str, Preset] | None = None,
    panels: Panels | None = None,
    scrubber: bool = True,
    sample: Sample | None = None,
) -> None:
    """The *Train it* layer of a page: a form with one button, and beside it the run that moves.

    Shows the run that the address names (`?run=ID`), else the newest of `method`, and the one that
    it is compared with (`&against=ID`). `draw` is called in a fragment with the moment in view: the
    newest, or the one scrubbed or played to. Without a `scrubber` it is always the newest, for a
    page that shows the history in its own way. `sample` is called in the form, with its config.
    """
    form_side, run_side = st.columns([2, 3], gap="large")
    with form_side:
        train_form(method, kind, presets, sample)
        column_into_view(FORM)
    with run_side:
        runs = chosen_runs(method, kind)
        if not runs:
            st.caption("No run yet. Press Train to see its curves and pictures here.")
            return
        try:
            followed = _named([run.completed(kind) for run in runs], kind)
            every = _interval(runs)
        except GlimpseError as refusal:
            _say(refusal)
            return
        st.fragment(run_every=every)(_follow)(followed, every, draw, panels, scrubber)
        column_into_view(RUN)


def _interval(runs: Sequence[RunFolder]) -> float | None:
    """Seconds from one look at the runs to the next; None where nothing moves."""
    if is_playing(runs[0]):
        return PLAY_S
    active = [run for run in runs if run.status().state in ACTIVE]
    if not active:
        return None
    return YOUNG_POLL_S if any(_is_young(run) for run in active) else POLL_S


def _is_young(run: RunFolder) -> bool:
    return run.status().elapsed < YOUNG_S and len(run.snapshot_steps()) < 2


def _named(runs: Sequence[RunFolder], kind: type[RunConfig]) -> list[FollowedRun]:
    """The runs, with names where there are two; says in which settings they differ."""
    if len(runs) == 1:
        return [FollowedRun(runs[0])]
    first, second = runs
    found = differences(first.config, second.config, kind)
    st.caption(in_words(found))
    return [FollowedRun(*each) for each in zip(runs, names_of(first, second, found), strict=True)]


def _follow(
    followed: Sequence[FollowedRun],
    every: float | None,
    draw: Draw,
    panels: Panels | None,
    scrubber: bool,
) -> None:
    """The fragment that reads the run folders, `every` so many seconds, and draws what it finds."""
    if not all(each.run.path.is_dir() for each in followed):  # deleted, as in another tab
        show_runs(*(each.run.id for each in followed))  # the page says which, and what it shows
        st.rerun()
    try:
        statuses = [each.run.status() for each in followed]
        for column, each, status in zip(st.columns(len(followed)), followed, statuses, strict=True):
            with column:
                run_header(each.run, status, each.name)
        series = [series_of(each.run, place) for place, each in enumerate(followed)]
        states = zip(followed, statuses, strict=True)
        draw_charts(followed, series, [panels_of(each.run, at, panels) for each, at in states])
        moment = moment_in_view(followed[0], series[0], scrubber)
        if moment is not None:
            rivals = zip(followed[1:], series[1:], strict=True)
            rival = next((moment_of_rival(*each, moment.step) for each in rivals), None)
            draw(replace(moment, rival=rival))
    except (GlimpseError, OSError) as refusal:
        _say(refusal)
        return
    if any(each.is_behind for each in series):
        st.rerun()  # reads on
    if every is not None and _interval([each.run for each in followed]) != every:
        st.rerun()  # the whole page, since only that changes or ends a timer


def _say(refusal: Exception) -> None:
    """Why a run cannot be shown."""
    sentence = str(refusal)
    if not isinstance(refusal, GlimpseError):
        sentence = f"The folder of a run can no longer be read ({refusal}): choose another run."
    st.error(plain(sentence), icon=":material/error:")
