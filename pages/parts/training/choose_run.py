"""The runs that a page shows: the one in the address (`?run=ID`) and, where there is one, the one
that it is compared with (`&against=ID`), with a menu of the others for each.
"""

import time
from collections.abc import Callable

import streamlit as st

from core.config import RunConfig
from core.errors import GlimpseError
from core.training.run_folder import RunFolder, list_runs, open_run
from pages.parts.components.into_view.into_view import LOOK
from pages.parts.plain_text import plain
from pages.parts.training.compare import in_short
from pages.parts.url_state import write
from pages.parts.words import run_label, title_of

RUN, AGAINST = "run", "against"  # in the address
NOTHING = ""
CHANGE = "change-of-runs"  # in session state: the last one, see `_repeat_change`
LAG_S = 3.0  # in which the browser may still send requests with the address before a change


def address_of(run: RunFolder) -> dict[str, str]:
    """The address parameters of a link to a run, which opens the page where the run is shown."""
    return {RUN: run.id, LOOK: RUN}


def show_runs(run: str, against: str = NOTHING) -> None:
    """Puts the runs to show into the address, by their ids."""
    st.session_state[CHANGE] = (_in_address(), (run, against), time.monotonic() + LAG_S)
    write(RUN, run)
    write(AGAINST, against)


def chosen_runs(method: str, kind: type[RunConfig]) -> list[RunFolder]:
    """The run to show, the newest where the address names none, and its rival if there is one."""
    _repeat_change()
    runs = _runs_of(method)
    instead = "The newest run is shown." if runs else ""
    shown = _from_address(RUN, method, runs, instead) or next(iter(runs), None)
    if shown is None:
        return []
    rival = _from_address(AGAINST, method, runs, "Nothing is compared.")
    if rival == shown:
        st.warning(
            plain(f"Run {shown} cannot be compared with itself: choose another."),
            icon=":material/search_off:",
        )
        rival = None
    if len(runs) > 1:
        labels = {run_id: _label(run, kind) for run_id, run in runs.items()}
        others = {NOTHING: "nothing"} | labels
        del others[shown]
        run_menu, rival_menu = st.columns(2)
        with run_menu:
            _menu("Run", labels, shown, lambda chosen: _show(chosen, shown, rival))
        with rival_menu:
            _menu("Compare with", others, rival or NOTHING, _compare)
    return [runs[run_id] for run_id in (shown, rival) if run_id is not None]


def run_in_view(method: str) -> RunFolder | None:
    """The run that `chosen_runs` shows first; draws no warning and no menu."""
    _repeat_change()
    runs = _runs_of(method)
    return runs.get(st.query_params.get(RUN, "")) or next(iter(runs.values()), None)


def _label(run: RunFolder, kind: type[RunConfig]) -> str:
    """23 Nov, 23:30 · 04d8 · loss SimSiam."""
    settings = in_short(run, kind)
    return f"{run_label(run)} · {settings}" if settings else run_label(run)


def _in_address() -> tuple[str, str]:
    return st.query_params.get(RUN, NOTHING), st.query_params.get(AGAINST, NOTHING)


def _repeat_change() -> None:
    """Makes the last change of the runs again where a request has the address before it.

    Every request has the browser's address. One that is sent before the browser knows of a change,
    as by the timer of the run shown before, would take the change back. A link has `look`.
    """
    before, after, until = st.session_state.get(CHANGE, ((), (), 0.0))
    if time.monotonic() < until and _in_address() == before and LOOK not in st.query_params:
        for parameter, text in zip((RUN, AGAINST), after, strict=True):
            write(parameter, text)


def _runs_of(method: str) -> dict[str, RunFolder]:
    """The runs of a method by their ids, newest first."""
    return {run.id: run for run in list_runs() if run.method == method}


def _from_address(name: str, method: str, runs: dict[str, RunFolder], instead: str) -> str | None:
    """The id of the run in the address; None, and a warning, where it cannot be shown."""
    given = st.query_params.get(name)
    if given is None or given in runs:
        return given
    try:
        run = open_run(given)
    except GlimpseError as refusal:
        reason = f"{refusal} {instead}".rstrip()
    else:
        reason = (
            f"Run {run.id} belongs to the page {title_of(run.method)}, this is the page "
            f"{title_of(method)}: open it from the page Runs."
        )
    st.warning(plain(reason), icon=":material/search_off:")
    return None


def _menu(label: str, runs: dict[str, str], shown: str, choose: Callable[[str], None]) -> None:
    """A menu of runs by their labels; a new widget whenever another run is shown in it.

    Streamlit forgets the value of a menu that is no longer drawn. A request that the browser sends
    before it knows of the new menu still has the old one's, and passes for a choice. So only the
    menu that was drawn last can choose.
    """
    slot = f"menu-{label}"
    number, last = st.session_state.get(slot, (0, shown))
    drawn = st.session_state[slot] = (number + (last != shown), shown)
    key = f"{slot}-{drawn[0]}"

    def change() -> None:
        if st.session_state[slot] == drawn:
            choose(st.session_state[key])

    st.selectbox(
        label,
        list(runs),
        list(runs).index(shown),
        key=key,
        on_change=change,
        format_func=runs.__getitem__,
    )


def _show(chosen: str, shown: str, rival: str | None) -> None:
    """Shows a run. Where it was the rival, the run shown before becomes the rival."""
    show_runs(chosen, shown if chosen == rival else _in_address()[1])


def _compare(chosen: str) -> None:
    show_runs(_in_address()[0], chosen)
