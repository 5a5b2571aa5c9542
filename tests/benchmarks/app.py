"""The app for a benchmark: a server of its own, and a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from core.paths import PROJECT
from tests.helpers.browser import find_chromium, launch_chromium
from tests.helpers.server import Server, start_server


@contextmanager
def opened_app() -> Iterator[tuple[Server, Browser]]:
    """Without runs; both end with the block. Exits where there is no Chromium."""
    executable = find_chromium()
    if executable is None:
        raise SystemExit("No Chromium on this machine: install the package chromium.")
    with TemporaryDirectory() as runs, sync_playwright() as playwright:
        server = start_server(PROJECT / "app.py", {"GLIMPSE_RUNS": runs})
        browser = launch_chromium(playwright, executable)
        try:
            yield server, browser
        finally:
            browser.close()
            server.stop()
