"""Navigation and page config; and the server that both are served by."""

# Plotly uses pandas where it finds it in memory, even half imported by the thread of another visit.
# So it is imported before all visits.
import pandas  # noqa: F401
import streamlit as st
from starlette.middleware import Middleware

from core import environment
from core.errors import GlimpseError
from core.paths import ASSETS
from core.registry import METHODS
from pages.parts import url_state, warmup
from pages.parts.first_visit import content_of
from pages.parts.page_shell import PageShell
from pages.parts.training.choose_run import RUN
from pages.parts.unknown_pages import MISSING, UnknownPages
from pages.parts.web_server import GUARDS
from pages.parts.words import tab_title

ICON = ASSETS / "icon.png"


def show_page() -> None:
    """What every visit runs: the navigation, and the page that the address names."""
    st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state="auto")
    st.logo(ICON, size="large")
    try:
        environment.check()
    except GlimpseError as refusal:
        st.set_page_config("Glimpse")
        st.error(str(refusal), icon=":material/error:")
        return
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
            st.Page(f"pages/{MISSING}.py", title="No such page", visibility="hidden"),
        ],
        position="top",
    )
    st.set_page_config(tab_title(page.title, st.query_params.get(RUN)))
    with (
        st.container(horizontal_alignment="center"),
        st.container(width=1280),
        content_of(page.url_path),
    ):
        page.run()
    url_state.forget_warnings()
    warmup.begin()


# `streamlit run` imports this file for the server, and then runs it for every visit.
if __name__ == "__main__":
    show_page()
else:
    warmup.begin()  # the first visit finds it under way
    unknown_pages = Middleware(UnknownPages, base=st.get_option("server.baseUrlPath"))
    app = st.App(__file__, middleware=[*GUARDS, unknown_pages, Middleware(PageShell)])
