"""Few-shot: watch a network learn five characters from one drawing of each."""

from collections.abc import Callable

import streamlit as st

from core.registry import load_method
from pages.parts.few_shot.alphabet import draw_your_alphabet
from pages.parts.few_shot.analysis import show_analysis
from pages.parts.few_shot.downloads import offer_film_downloads
from pages.parts.few_shot.sinusoid import sinusoid_view
from pages.parts.few_shot.sinusoid_controls import PREFIX
from pages.parts.few_shot.task_choice import SOURCE, TaskChoice, choose_task
from pages.parts.few_shot.task_film import see_task
from pages.parts.few_shot.task_learning import NAME, learn
from pages.parts.few_shot.training import PRESETS, draw, panels
from pages.parts.training.live_view import live_view

DRAWINGS, CURVES = "Your drawings", "Sinusoids"
SECTIONS: dict[str, Callable[[], None]] = {  # sources of tasks with a view of their own
    DRAWINGS: draw_your_alphabet,
    CURVES: sinusoid_view,
}
PREFIXES = {DRAWINGS: "alphabet-", CURVES: PREFIX}  # of their names in the address
NOT_OF_CURVES = (
    "The measurements are of the networks that name pictures, not of the one that fits the curves "
    "above: they count right answers, and compare what layers say of pictures. A curve has neither."
)
WORDS = """
A **task** is a small exam: tell a few classes apart that the network has never seen.

- **support**: the examples it may learn from, *shots* of each of the *ways* (classes)
- **queries**: other drawings of the same classes, which it then has to name
- **inner step**: one step of gradient descent on the support set, all layers a little
- **inner rate**: how far such a step goes; it was learned too
- **starting point**: the weights before the first step, which meta-learning is about
- **transductive**: batch norm sees all queries together, so that they help each other;
  **inductive**: each query alone
"""


@st.fragment
def see_it(section: str | None) -> None:
    """A task of one's choice, learnt step by step, or a section that stands in its place."""
    chosen = choose_task(PREFIXES)
    if (chosen if chosen in SECTIONS else None) != section:
        st.rerun()  # the page anew, since drawing leaves its place below, or goes back there
    if isinstance(chosen, TaskChoice):
        see_task(chosen)
        with st.expander("Take it away", icon=":material/download:"):
            offer_film_downloads(
                learn(chosen), chosen.words, f"few-shot-{chosen.slug}", weights=NAME
            )
    else:
        SECTIONS[chosen]()


with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("Few-shot", anchor=False, width="content")
    st.markdown(
        "**MAML** learns a start from which *one* gradient step, on *one* example a class, names "
        "all the others.",
        width="stretch",
    )
    with st.popover("What is this?", icon=":material/help:", type="tertiary"):
        st.markdown(WORDS)
source = st.session_state.get(SOURCE, st.query_params.get(SOURCE))
see_it(source if source in SECTIONS else None)
if source != DRAWINGS:
    st.header("Draw your own", anchor=False, divider="gray")
    draw_your_alphabet()
st.header("Train it", anchor=False, divider="gray")
live_view(NAME, load_method(NAME).Config, draw, presets=PRESETS, panels=panels)
st.header("Look inside", anchor=False, divider="gray")
show_analysis(NOT_OF_CURVES if source == CURVES else "")
