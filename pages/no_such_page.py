"""Where an address without a page leads: it says so, and offers the pages."""

import streamlit as st

from core.registry import METHODS
from pages.parts.unknown_pages import ASKED

st.title("There is no such page", anchor=False)
asked = st.query_params.get(ASKED)
if asked:
    st.text(f"Nothing is at /{asked}: the address may be mistyped.")
st.markdown("These are the pages:")
st.page_link("pages/start.py", label="Start", icon=":material/home:")
for method in METHODS.values():
    st.page_link(f"pages/{method.page}.py", label=method.title, icon=f":material/{method.icon}:")
st.page_link("pages/runs.py", label="Runs", icon=":material/history:")
