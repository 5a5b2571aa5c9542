"""Look inside, in a browser: its figures are drawn, and its address opens what was looked at."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.helpers.browser import DESKTOP, PHONE, Visitor, overflow, settle
from tests.helpers.server import Server


def figure(page: Page, words: str) -> None:
    """Waits for a chart that is drawn and whose text for screen readers says `words`."""
    page.locator(f'.live-figure[data-drawn][aria-label*="{words}"]').wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_four_looks_are_drawn_and_kept_in_the_address(
    visitor: Visitor, server: Server, size: ViewportSize
) -> None:
    page = visitor.open(
        f"{server.url}/few_shot?inside_start=Reptile", size, dark=size == PHONE, touch=size == PHONE
    )
    figure(page, "Reptile: the head accounts for")
    for tab, words in (
        ("What stays", "Reptile: the features"),
        ("The path", "Random: the loss on the queries"),
        ("Meta-gradient", "Reptile: the first-order gradient is off by"),
    ):
        page.get_by_role("tab", name=tab).click()
        figure(page, words)
        settle(page)
        page.get_by_role("tab", name=tab).scroll_into_view_if_needed()
        visitor.photograph(page, tab.replace(" ", "-"))
        assert overflow(page) == 0
    expect(page).to_have_url(re.compile("inside_tab=Meta-gradient"))
    again = visitor.open(page.url, size)
    expect(again.get_by_role("tab", name="Meta-gradient")).to_have_attribute(
        "aria-selected", "true"
    )
    figure(again, "Reptile: the first-order gradient is off by")
