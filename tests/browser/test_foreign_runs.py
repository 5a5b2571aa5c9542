"""Text from a run folder is shown as it is, and makes the browser ask no other server."""

import pytest
from playwright.sync_api import Request, expect

from tests.helpers.browser import Visitor, settle
from tests.helpers.hostile_snapshots import MARKUP
from tests.helpers.run_folders import run_of
from tests.helpers.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("runs")]


def test_a_message_loads_no_picture_and_makes_no_link(visitor: Visitor, server: Server) -> None:
    run_of("diffusion", "failed", message=MARKUP)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page = visitor.open(f"{server.url}/runs")
    page.on("request", note)
    page.reload()
    settle(page)
    caption = page.get_by_test_id("stCaptionContainer").filter(has_text="diffusion-")
    expect(caption).to_contain_text("**b** $x$")
    assert caption.locator("a, img, strong, [data-testid=stIconMaterial]").count() == 0
    text = caption.inner_text().replace("\N{WORD JOINER}", "")
    assert MARKUP in text
    assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []
