"""One thin script a page; `app.py` runs them.

Streamlit takes a folder of this name for pages that need no `app.py`, until `st.navigation` was
called once. A server whose first visitor follows a link to a page has not got that far: the visit
starts over, by way of `app.py`.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()
