"""Fixtures of the browser tests: one Chromium, one app and one server a demo for all of them."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from core.paths import PROJECT
from core.training.run_folder import RunFolder, list_runs
from core.training.status import ACTIVE
from tests.helpers.browser import Visitor, find_chromium, launch_chromium
from tests.helpers.server import Server, start_server
from tests.helpers.training import state, wait_until

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


@pytest.fixture(scope="session")
def server_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs folder of `server`: empty, unless a test asks for `runs`."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def server(server_runs: Path) -> Iterator[Server]:
    """The app, really served once for all tests."""
    started = start_server(PROJECT / "app.py", env={"GLIMPSE_RUNS": str(server_runs)})
    yield started
    started.stop()


@pytest.fixture
def runs(server_runs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The runs folder of `server`, for this process too; what the test leaves in it goes."""
    monkeypatch.setenv("GLIMPSE_RUNS", str(server_runs))
    yield server_runs
    left = list_runs()
    for run in left:
        if state(run) in ACTIVE:
            run.request("stop")
    wait_until(lambda: all(map(rests, left)), "the end of all workers")
    for run in left:
        shutil.rmtree(run.path)


def rests(run: RunFolder) -> bool:
    return state(run) not in ACTIVE and not run.is_held()


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
