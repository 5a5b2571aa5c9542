"""The Few-shot page in a browser: how it is opened, and its parts."""

from playwright.sync_api import Locator, Page, expect

from core.zoo.initialisations import RACE
from tests.helpers.browser import Visitor
from tests.helpers.server import Server


def panel(page: Page, step: int) -> Locator:
    """The task panel after a step, by its text for screen readers."""
    return page.get_by_role("figure", name=f"After {step} step")


def cards(page: Page) -> Locator:
    return page.locator(".cards .card")


def open_few_shot(
    visitor: Visitor, server: Server, query: str = "?inner_step=1", **how: object
) -> Page:
    page = visitor.open(f"{server.url}/few_shot{query}", **how)  # type: ignore[arg-type]
    expect(cards(page)).to_have_count(len(RACE))
    return page
