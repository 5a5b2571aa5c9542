"""One thin script a page; `app.py` runs them.

Streamlit takes a folder of this name for pages that need no `app.py`, until `st.navigation` was
called once. A server whose first visitor follows a link to a page has not got that far, so it is
told when it imports `app.py`. Where a visit itself comes first, as in an AppTest, that visit starts
over, by way of `app.py`.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

began_without_app = bool(PagesManager.uses_pages_directory)
PagesManager.uses_pages_directory = False
if began_without_app:
    st.rerun()
