"""Few-shot: watch a network learn new characters from one drawing of each."""

from collections.abc import Callable

import streamlit as st

from core.registry import load_method
from pages.parts.few_shot.adaptation import adapt
from pages.parts.few_shot.adaptation_view import show_task
from pages.parts.few_shot.alphabet import draw_your_alphabet
from pages.parts.few_shot.analysis import show_analysis
from pages.parts.few_shot.downloads import offer_adaptation_downloads
from pages.parts.few_shot.networks import METHOD, choose_network
from pages.parts.few_shot.next_task import prepare_next
from pages.parts.few_shot.sample_task import show_sample_task
from pages.parts.few_shot.sinusoid import sinusoid_view
from pages.parts.few_shot.sinusoid_controls import PREFIX
from pages.parts.few_shot.task_choice import CURVES, DRAWINGS, SOURCE, TaskChoice
from pages.parts.few_shot.task_controls import choose_task
from pages.parts.few_shot.training import PRESETS, draw, panels
from pages.parts.training.live_view import live_view

SECTIONS: dict[str, Callable[[], None]] = {  # sources of tasks with a view of their own
    DRAWINGS: draw_your_alphabet,
    CURVES: sinusoid_view,
}
PREFIXES = {DRAWINGS: "alphabet-", CURVES: PREFIX}  # of their parameters in the address
NOT_OF_CURVES = (
    "These measurements are of networks that classify pictures, not of the one that fits the "
    "curves above."
)
SUMMARY_WIDTH = 700  # px: it stands between the title and the glossary, in one row on a laptop
GLOSSARY = """
A **task** is a small exam: tell apart a few classes that the network has never seen.

- **support set**: the examples that it learns from. There are as many classes as *ways*, and as
  many examples of each as *shots*
- **queries**: other drawings of the same classes, which it then has to classify
- **inner step**: one step of gradient descent on the support set
- **inner rate**: the learning rate of the inner steps. MAML learns it too
- **initialisation**: the weights before the first step. They are what MAML learns
- **transductive**: all queries share their batch-norm statistics, so they help each other;
  **inductive**: each query is classified alone
"""


@st.fragment
def see_it(section: str | None) -> None:
    """A chosen task, learnt step by step, or the section in its place."""
    chosen = choose_task(PREFIXES)
    if (chosen if chosen in SECTIONS else None) != section:
        st.rerun()  # the whole page: drawing has a place of its own below, unless it is up here
    networks = choose_network()
    if isinstance(chosen, TaskChoice):
        show_task(chosen, networks)
        frames = adapt(chosen, networks.answering)
        with st.expander("Download", icon=":material/download:"):
            offer_adaptation_downloads(
                frames, chosen, f"few-shot-{chosen.slug}", networks.answering
            )
        prepare_next(chosen, networks)
    else:
        SECTIONS[chosen]()


with st.container(
    horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="medium"
):
    st.title("Few-shot", anchor=False, width="content")
    st.markdown(
        "A network that has practised learning: shown *one* drawing of each new character, it "
        "recognises most other drawings of them after *one* gradient step. The method is **MAML**.",
        width=SUMMARY_WIDTH,
    )
    with st.popover("What is this?", icon=":material/help:", type="tertiary"):
        st.markdown(GLOSSARY)
source = st.session_state.get(SOURCE, st.query_params.get(SOURCE))
see_it(source if source in SECTIONS else None)
if source != DRAWINGS:
    st.header("Draw your own", anchor=False, divider="gray")
    draw_your_alphabet()
st.header("Train it", anchor=False, divider="gray")
live_view(
    METHOD,
    load_method(METHOD).Config,
    draw,
    presets=PRESETS,
    panels=panels,
    sample=show_sample_task,
)
st.header("Look inside", anchor=False, divider="gray")
show_analysis(NOT_OF_CURVES if source == CURVES else "")
