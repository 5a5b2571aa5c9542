"""An address without a page leads to one that says so; all others are left alone."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT
from core.registry import METHODS
from pages.parts.unknown_pages import UnknownPages
from tests.helpers.pages import texts

PAGES = ["", "runs", "no_such_page", *(method.page for method in METHODS.values())]
HTML = b"text/html,application/xhtml+xml"


def visit(path: str, accept: bytes = HTML, base: str = "", method: str = "GET") -> str | None:
    """Where a request is sent on to; None where it reaches Streamlit."""
    sent: list[Any] = []

    async def streamlit(_scope: Any, _receive: Any, _send: Any) -> None:
        sent.append(None)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent.append(dict(message["headers"])[b"location"].decode())

    async def receive() -> Any:
        return {}

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"accept", accept)]}
    with ThreadPoolExecutor(1) as thread:  # this one may have the loop of a browser test already
        thread.submit(asyncio.run, UnknownPages(streamlit, base)(scope, receive, send)).result()
    (found,) = sent
    return None if found is None else urljoin(f"http://host{path}", found)


@pytest.mark.parametrize(
    "asked", ["nope", "few-shot", "Few_Shot", "few_shot/x", "a/b/c", "<b>&x=1", "ä"]
)
def test_an_address_without_a_page_leads_to_one_that_says_so(asked: str) -> None:
    target = visit(f"/{asked}")
    assert target is not None and target.startswith("http://host/no_such_page?asked=")
    below = visit(f"/glimpse/{asked}", base="glimpse")
    assert below is not None and below.startswith("http://host/glimpse/no_such_page?asked=")


def test_pages_and_files_are_left_alone() -> None:
    files = ("_stcore/health", "static/js/index.js", "app/static/plotly.js", "media/ab.png")
    for path in (*PAGES, *files, "favicon.png", "few_shot/"):
        assert visit(f"/{path}") is None, path
    assert visit("/nope", accept=b"*/*") is None, "asked for by a script"
    assert visit("/nope", method="PUT") is None
    assert visit("/elsewhere/nope", base="glimpse") is None


def test_the_page_offers_all_others_and_shows_the_address_as_text() -> None:
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=30).run()
    app.query_params["asked"] = "<b>**x**</b>"
    app.switch_page("pages/no_such_page.py").run()
    assert app.title[0].value == "There is no such page"
    assert "<b>**x**</b>" in app.text[0].value
    links = [link.proto.label for link in app.get("page_link")]
    assert links == ["Start", *(method.title for method in METHODS.values()), "Runs"]
    assert not texts(app).count("<b>")
