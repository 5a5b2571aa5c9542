"""What a visitor sees before a page is there."""

import subprocess
import sys
from pathlib import Path

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from pages.parts import first_visit
from pages.parts.page_shell import with_shell

LOADS_NETWORKS = """
import sys
from core.zoo.weights import load_shipped, restore
for name in ("maml", "simclr", "inpainting"):
    restore(load_shipped(name))
print("torch._dynamo" in sys.modules)
"""


def _page() -> None:
    import streamlit as st

    from pages.parts.first_visit import content_of

    with content_of("a page"):
        st.markdown("first")
        if st.session_state["slow"]:
            st.stop()  # as far as a slow page has come


def said(page: AppTest) -> list[str]:
    return [str(box.value) for box in page.markdown]


def test_a_page_says_what_it_waits_for_until_it_was_shown_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(first_visit, "_shown", set())
    page = AppTest.from_function(_page)
    for slow, expected in (
        (True, ["first", first_visit.WAITING]),
        (False, ["first"]),
        (True, ["first"]),  # this server has shown the page before
    ):
        page.session_state["slow"] = slow
        assert said(page.run()) == expected


def test_a_network_that_is_only_shown_does_not_load_the_compiler() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADS_NETWORKS], capture_output=True, check=True)
    assert loaded.stdout.split() == [b"False"]


def test_the_page_of_streamlit_has_a_sentence_and_the_script_of_the_history() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    whole = with_shell(page)
    assert b"Glimpse is loading." in whole.partition(b'<div id="root">')[2]
    assert whole.index(b"history.pushState") < whole.index(b"</head>")
    assert with_shell(b"{}") == b"{}"
