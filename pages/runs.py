"""Every run on this machine: its state and progress, and its buttons. Imports no torch."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import GlimpseError
from core.paths import runs_root
from core.registry import METHODS
from core.training.ending import end_worker, silent_for
from core.training.resumable import why_never
from core.training.run_folder import RunFolder, Scan, delete_run, scan_runs
from core.training.run_names import key_of
from core.training.status import ACTIVE, RESUMABLE, State
from pages.parts.plain_text import plain
from pages.parts.training.choose_run import address_of
from pages.parts.training.run_buttons import END, action_button, resume
from pages.parts.words import (
    age,
    badge,
    key_figure,
    key_figure_help,
    progress_line,
    share_done,
    title_of,
)

POLL_S = 2.0  # while any run is active
PAGE_LENGTH = 12
TO_DELETE = "run-to-delete"  # in session state: the run whose deletion is being confirmed


def _list(is_polling: bool) -> None:
    """The runs, newest first, then the folders that cannot be opened: all that a timer redraws."""
    scan = scan_runs()
    listed: list[RunFolder | str] = [*scan.runs, *sorted(scan.problems)]
    if not listed:
        st.markdown("No runs yet. Open a method's page and press **Train**: it takes a minute.")
    pages = -(-len(listed) // PAGE_LENGTH)
    shown = st.session_state.get("runs-page", 1)
    first = (min(shown, max(1, pages)) - 1) * PAGE_LENGTH
    for each in listed[first : first + PAGE_LENGTH]:
        if isinstance(each, RunFolder):
            _row(each)
        else:
            _damaged(each, scan.problems[each])
    if pages > 1:
        st.pagination(pages, key="runs-page")
    if is_polling and not _any_active(scan):
        st.rerun()


def _row(run: RunFolder) -> None:
    try:
        status = run.status()
    except GlimpseError:  # deleted a moment ago
        return
    never = why_never(run) if status.state in RESUMABLE else ""
    with st.container(border=True, gap="xsmall"):
        what, how_far, how_good, actions = st.columns([6, 6, 4, 8], vertical_alignment="center")
        with what.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(title_of(run.method))}**", width="content")
            badge(status.state)
        silent_s = silent_for(run) if status.state in ACTIVE else None
        how_far.progress(share_done(status), text=progress_line(status, silent_s))
        figure = key_figure(run, status)
        how_good.markdown(figure, help=key_figure_help(run, status) if figure else None)
        with actions.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _actions(run, status.state, can_go_on=not never, is_silent=silent_s is not None)
        words = (age(run.created), run.id, status.message, never)
        st.caption(" · ".join(plain(each) for each in words if each))


def _damaged(name: str, sentence: str) -> None:
    """A folder that cannot be opened: why, and the button that deletes it."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge("damaged", icon=":material/folder_off:", color="red", width="stretch")
            ask = partial(_ask_to_delete, name)
            action_button("Delete", "delete", ask, key=f"Delete-{key_of(name)}", type="tertiary")
        st.caption(plain(sentence))


def _actions(run: RunFolder, state: State, *, can_go_on: bool, is_silent: bool) -> None:
    if run.method in METHODS and st.button(
        "Open", key=f"open-{run.key}", icon=":material/visibility:", type="tertiary"
    ):
        st.switch_page(f"pages/{METHODS[run.method].page}.py", query_params=address_of(run))
    if state in RESUMABLE and can_go_on:
        _button(run, "Resume", "play_arrow", lambda: resume(run))
    if is_silent:
        _button(run, END, "cancel", lambda: end_worker(run))
    elif state in ACTIVE:
        _button(run, "Stop", "stop", lambda: run.request("stop"))
    st.download_button(
        "Download",
        run.archive,
        f"{run.id}.zip",
        "application/zip",
        key=f"zip-{run.key}",
        icon=":material/download:",
        help="The run's whole folder as a zip: settings, metrics, pictures and checkpoints.",
        on_click="ignore",
        type="tertiary",
    )
    if state not in ACTIVE:
        _button(run, "Delete", "delete", lambda: _ask_to_delete(run.id))


def _button(run: RunFolder, label: str, icon: str, act: Callable[[], None]) -> None:
    action_button(label, icon, act, key=f"{label}-{run.key}", type="tertiary")


def _ask_to_delete(name: str) -> None:
    st.session_state[TO_DELETE] = name


def _forget_the_question() -> None:
    st.session_state.pop(TO_DELETE, None)


@st.dialog("Delete this run?", on_dismiss=_forget_the_question)
def _confirm(name: str, what: str) -> None:
    """Asks whether to delete a folder, after saying `what` it is."""
    st.markdown(what)
    st.markdown("Its metrics, pictures and checkpoints are deleted too. This cannot be undone.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="keep"):
            _forget_the_question()
            st.rerun()
        if st.button("Delete", type="primary", icon=":material/delete:", key="delete"):
            try:
                delete_run(name)
            except GlimpseError as refusal:
                st.error(plain(refusal), icon=":material/error:")
                return
            _forget_the_question()
            st.rerun()


def _in_words(run: RunFolder) -> str:
    status = run.status()
    parts = [title_of(run.method), progress_line(status), key_figure(run, status), age(run.created)]
    return " · ".join(plain(part) for part in parts if part)


def _confirm_if_there(name: str) -> None:
    """Asks about a run or a damaged folder; about none that was deleted in another tab."""
    scan = scan_runs()
    found = next((run for run in scan.runs if run.id == name), None)
    try:
        what = _in_words(found) if found else plain(scan.problems.get(name, ""))
    except GlimpseError:
        what = ""
    if what:
        _confirm(name, what)
    else:
        _forget_the_question()


def _is_active(run: RunFolder) -> bool:
    try:
        return run.status().state in ACTIVE
    except GlimpseError:  # deleted a moment ago
        return False


def _any_active(scan: Scan) -> bool:
    return any(_is_active(run) for run in scan.runs)


st.title("Runs", anchor=False)
st.markdown(
    "Each run trains in its own process, so it goes on when you close this page. It is stored as a "
    "folder of plain files."
)
is_polling = _any_active(scan_runs())
st.fragment(run_every=POLL_S if is_polling else None)(_list)(is_polling)
st.caption(f"The folders are in `{runs_root()}`.")
if TO_DELETE in st.session_state:
    _confirm_if_there(st.session_state[TO_DELETE])
