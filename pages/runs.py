"""Every run on this machine: how it stands, and what can be done with it. Imports no torch."""

from collections.abc import Callable

import streamlit as st

from core.errors import GlimpseError
from core.paths import runs_root
from core.registry import METHODS
from core.training import launcher
from core.training.run_folder import ACTIVE, RESUMABLE, RunFolder, Scan, open_run, scan_runs
from pages.parts.training.ask_button import ask_button
from pages.parts.training.choose_run import address_of
from pages.parts.words import (
    age,
    badge,
    key_figure,
    meaning,
    progress_line,
    share_done,
    title_of,
)

POLL_S = 2.0  # while any run is active
PAGE_LENGTH = 12
ASKED = "run-to-delete"  # the run whose deletion is being confirmed


def _list(moving: bool) -> None:
    """The runs, newest first; the one part of the page that its timer draws again."""
    scan = scan_runs()
    if not scan.runs:
        st.markdown("No runs yet. Open a method's page and press **Train**: it takes a minute.")
    pages = -(-len(scan.runs) // PAGE_LENGTH)
    shown = st.session_state.get("runs-page", 1)
    first = (min(shown, max(1, pages)) - 1) * PAGE_LENGTH
    for run in scan.runs[first : first + PAGE_LENGTH]:
        _row(run)
    if pages > 1:
        st.pagination(pages, key="runs-page")
    for sentence in scan.problems.values():
        st.warning(sentence, icon=":material/folder_off:")
    if moving and not _anything_moves(scan):
        st.rerun()


def _row(run: RunFolder) -> None:
    status = run.status()
    with st.container(border=True, gap="xsmall"):
        what, how_far, how_good, actions = st.columns([6, 6, 4, 8], vertical_alignment="center")
        with what.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{title_of(run.method)}**", width="content")
            badge(status.state)
        how_far.progress(share_done(status), text=progress_line(status))
        figure = key_figure(status)
        how_good.markdown(figure, help=meaning(status.key_figure) if figure else None)
        with actions.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _actions(run, status.state in RESUMABLE, status.state in ACTIVE)
        st.caption(" · ".join(filter(None, (age(run.created), run.id, status.message))))


def _actions(run: RunFolder, resumable: bool, active: bool) -> None:
    if run.method in METHODS and st.button(
        "Open", key=f"open-{run.id}", icon=":material/visibility:", type="tertiary"
    ):
        st.switch_page(f"pages/{METHODS[run.method].page}.py", query_params=address_of(run))
    if resumable:
        _button(run, "Resume", "play_arrow", lambda: launcher.resume(run))
    if active:
        _button(run, "Stop", "stop", lambda: run.request("stop"))
    st.download_button(
        "Zip",
        run.archive,
        f"{run.id}.zip",
        "application/zip",
        key=f"zip-{run.id}",
        icon=":material/download:",
        help="The whole folder: settings, metrics, pictures, checkpoints.",
        on_click="ignore",
        type="tertiary",
    )
    if not active:
        _button(run, "Delete", "delete", lambda: _ask_to_delete(run))


def _button(run: RunFolder, label: str, icon: str, act: Callable[[], None]) -> None:
    ask_button(label, icon, act, key=f"{label}-{run.id}", type="tertiary")


def _ask_to_delete(run: RunFolder) -> None:
    st.session_state[ASKED] = run.id


def _forget_the_question() -> None:
    st.session_state.pop(ASKED, None)


@st.dialog("Delete this run?", on_dismiss=_forget_the_question)
def _confirm(run: RunFolder) -> None:
    status = run.status()
    parts = [title_of(run.method), progress_line(status), key_figure(status), age(run.created)]
    st.markdown(" · ".join(part for part in parts if part))
    st.markdown("Its metrics, pictures and checkpoints go with it. This cannot be undone.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="keep"):
            _forget_the_question()
            st.rerun()
        if st.button("Delete", type="primary", icon=":material/delete:", key="delete"):
            try:
                run.delete()
            except GlimpseError as refusal:
                st.error(str(refusal), icon=":material/error:")
                return
            _forget_the_question()
            st.rerun()


def _anything_moves(scan: Scan) -> bool:
    return any(run.status().state in ACTIVE for run in scan.runs)


st.title("Runs", anchor=False)
st.markdown(
    "Each run trains in a process of its own and is a folder that any tool can read: closing this "
    "page stops nothing."
)
moving = _anything_moves(scan_runs())
st.fragment(run_every=POLL_S if moving else None)(_list)(moving)
st.caption(f"The folders lie in `{runs_root()}`.")
if ASKED in st.session_state:
    try:
        _confirm(open_run(st.session_state[ASKED]))
    except GlimpseError:  # another tab was faster
        _forget_the_question()
