"""Fixtures of the browser tests: one Chromium for all of them, a `visitor` for each."""

import os
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.harness import Visitor, find_chromium, launch_chromium

FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        reason = "No Chromium on this machine: install the package chromium."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = launch_chromium(playwright, executable)
        yield launched
        launched.close()


@pytest.fixture
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Opens pages; the test fails where one of them had an error that nobody expected."""
    guest = Visitor(browser, request.node.name)
    yield guest
    errors = guest.leave(failed=request.node.stash.get(FAILED, False))
    if errors:
        pytest.fail("\n".join(errors))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leaves on the test whether it failed, for `visitor` to photograph what was on screen."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
