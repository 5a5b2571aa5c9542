"""The networks that learn a curve: those shipped, and a run of one's own that learnt curves."""

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from core.errors import GlimpseError
from core.training.run_folder import open_run
from pages.parts.plain_text import plain
from pages.parts.training.choose_run import run_in_view

if TYPE_CHECKING:
    from core.methods.few_shot.method import FewShot

METHOD = "maml"
WEIGHTS = "sinusoid-maml"  # the name that MAML's are shipped under
OWN = "Local run"


class OwnRun(NamedTuple):
    """One's own run at its newest checkpoint, which is of this step."""

    id: str
    step: int


def networks(own: OwnRun | None = None) -> "dict[str, FewShot]":
    """The shipped networks by their titles, MAML first, and the run of one's own last.

    Raises GlimpseError where weights are missing or damaged.
    """
    from core.zoo.initialisations import SINUSOIDS, load_initialisation

    found = {each.title: load_initialisation(each, like=WEIGHTS) for each in SINUSOIDS}
    return found if own is None else found | {OWN: _restored(own)}


def own_run_or_why() -> OwnRun | None:
    """The run in view, if it learns curves and has a checkpoint that can be used.

    Where that is damaged, a sentence here says so.
    """
    run = run_in_view(METHOD)
    steps = run.checkpoint_steps() if run and run.config.get("source") == "sinusoids" else []
    if run is None or not steps:
        return None
    own = OwnRun(run.id, steps[-1])
    try:
        _restored(own)
    except GlimpseError as refusal:
        st.warning(plain(f"The run below cannot take part: {refusal}"), icon=":material/error:")
        return None
    return own


@st.cache_resource(max_entries=2, show_spinner=False)
def _restored(own: OwnRun) -> "FewShot":
    """The network of a run; it learns where the points are, not where it was trained."""
    from core.zoo.weights import restore_run

    method: FewShot = restore_run(open_run(own.id))  # type: ignore[assignment]
    method.trained.cpu()
    return method
