"""A small run, and what the page that shows it says of its state."""

from urllib.parse import urlencode

from playwright.sync_api import Locator, Page

from core.registry import METHODS

TINY = {  # settings in the address: small enough to move at once, long enough to be paused
    method: urlencode(
        {
            f"{method}_{name}": value
            for name, value in {"steps": 20_000, **entry.tiny_config}.items()
        }
    )
    for method, entry in METHODS.items()
}


def state(page: Page, name: str) -> Locator:
    return page.locator(".stMarkdownBadge").filter(has_text=name).first
