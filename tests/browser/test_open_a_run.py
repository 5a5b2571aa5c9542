"""A run that is opened from a list is what the page then shows, and the page stays there."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from core.training.run_folder import RunFolder
from tests.helpers.browser import DESKTOP, PHONE, Visitor, read_until, settle
from tests.helpers.run_folders import run_of
from tests.helpers.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("runs", "a_run")]
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
HELD_MS = 4000  # longer than the page is held there


@pytest.fixture
def a_run() -> RunFolder:
    """What the lists have to offer."""
    return run_of("inpainting", "stopped", key_figure="ssim")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_run_that_is_opened_is_in_view_and_stays_there(
    visitor: Visitor, server: Server, size: ViewportSize
) -> None:
    page = visitor.open(f"{server.url}/runs", size)
    page.get_by_role("button", name="Open").click()
    progress = page.get_by_text("Step 30 of 100")
    expect(page.get_by_text("Train it", exact=True)).to_be_attached()
    expect(progress).to_be_in_viewport()
    settle(page)
    page.wait_for_timeout(HELD_MS)
    expect(progress).to_be_in_viewport()
    visitor.photograph(page)
    expect(page).to_have_url(re.compile("run="))
    expect(page).not_to_have_url(re.compile("look="))

    brought_to = _scrolled(page)
    page.mouse.wheel(0, -250)
    read_until(page, lambda: _scrolled(page), lambda at: at < brought_to)
    page.get_by_role("button", name="Resume").hover()
    by_hand = read_until(page, lambda: _comes_to_rest(page), lambda at: at is not None)
    page.wait_for_timeout(HELD_MS)
    assert _scrolled(page) == by_hand, "whoever scrolls is left alone"
    page.reload()
    settle(page)
    expect(page.locator("h1")).to_be_in_viewport()


def _scrolled(page: Page) -> float:
    at: float = page.evaluate(SCROLLED)
    return at


def _comes_to_rest(page: Page) -> float | None:
    """Where the page is scrolled to, once it has not moved for half a second."""
    before = _scrolled(page)
    page.wait_for_timeout(500)
    return before if _scrolled(page) == before else None


def test_the_start_page_opens_a_run_where_it_is_shown(visitor: Visitor, server: Server) -> None:
    page = visitor.open(server.url)
    page.get_by_role("link", name="Open", exact=True).click()
    expect(page.locator("h1")).to_have_text("Inpainting")
    expect(page.get_by_text("Step 30 of 100")).to_be_in_viewport()
