"""Lifelong: classes that keep coming, and learners that forget them or do not."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.methods.lifelong.config import LifelongConfig
from pages.parts.components.into_view.into_view import section_into_view
from pages.parts.lifelong.downloads import offer_stream_downloads
from pages.parts.lifelong.film import show_film
from pages.parts.lifelong.frames import NAME
from pages.parts.lifelong.it_asks import show_it_asks
from pages.parts.lifelong.look_inside import show_look_inside
from pages.parts.lifelong.name_ten import show_name_ten
from pages.parts.lifelong.order import show_order
from pages.parts.lifelong.summary import show_features
from pages.parts.lifelong.teach import show_teach
from pages.parts.lifelong.training import PANELS, PRESETS, draw
from pages.parts.lifelong.unlabelled import show_unlabelled
from pages.parts.sections import section, show_links
from pages.parts.training.live_view import live_view


def few_labels() -> None:
    """Ten labels that spread, a learner that asks for some, and drawings that need none."""
    show_name_ten()
    show_it_asks()
    show_unlabelled()


SECTIONS: dict[str, Callable[[], None]] = {
    "Teach it yours": partial(show_teach, LifelongConfig()),
    "Only the order changes": show_order,
    "The network makes the difference": show_features,
    "A few labels are enough": few_labels,
    "Run your own stream": partial(
        live_view, NAME, LifelongConfig, draw, presets=PRESETS, panels=PANELS, scrubber=False
    ),
    "Look inside": show_look_inside,
}

st.title("Lifelong", anchor=False)
st.markdown(
    "Characters that the network has never seen arrive **one class after another**. Every learner "
    "sees each example *once*, and is then asked about *all classes so far*. Who forgets?"
)
show_links([*SECTIONS])
section_into_view()
show_film()
with st.expander("Download", icon=":material/download:"):
    offer_stream_downloads()
for title, show in SECTIONS.items():
    section(title)
    show()
