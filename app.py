"""Navigation and page config, nothing else."""

import streamlit as st

from core.paths import ASSETS
from core.registry import METHODS
from pages.parts import url_state, warmup

ICON = ASSETS / "icon.png"

st.set_page_config("Glimpse", ICON, layout="wide", initial_sidebar_state="auto")
st.logo(ICON, size="large")
page = st.navigation(
    [
        st.Page("pages/start.py", title="Start", icon=":material/home:", default=True),
        *(
            st.Page(
                f"pages/{method.page}.py",
                title=method.title,
                icon=f":material/{method.icon}:",
                help=method.promise,
            )
            for method in METHODS.values()
        ),
        st.Page("pages/runs.py", title="Runs", icon=":material/history:"),
    ],
    position="top",
)
with st.container(horizontal_alignment="center"), st.container(width=1280):
    page.run()
url_state.forget_warnings()
warmup.begin()
