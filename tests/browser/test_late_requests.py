"""What a browser asks before it has heard the server's last word changes nothing back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.training.run_folder import list_runs
from tests.helpers.browser import Visitor, read_until, settle
from tests.helpers.late_messages import LateMessages
from tests.helpers.page_of_a_run import TINY, state
from tests.helpers.run_folders import run_of
from tests.helpers.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("runs")]
LATE = 2  # requests of the timer that the server gets before the browser hears of the new run


def in_address(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[-1]


def wait_for_requests(page: Page, late: LateMessages, count: int, about: bytes = b"") -> None:
    """Waits until the page has sent so many more requests whose address contains `about`."""
    since = len(late.sent)
    read_until(
        page,
        lambda: sum(about in message for message in late.sent[since:]),
        lambda asked: asked >= count,
    )


@pytest.mark.parametrize("button", ["Train", "Train both"])
def test_a_new_run_stays_in_the_address(server: Server, visitor: Visitor, button: str) -> None:
    run_of("inpainting", "stopped", key_figure="ssim")
    url = f"{server.url}/inpainting?inpainting-preset=Loss+on+all+pixels&{TINY['inpainting']}"
    page = visitor.open(url)
    page.get_by_role("button", name="Train", exact=True).click()
    state(page, "running").wait_for()
    before = {run.id for run in list_runs()}
    late = LateMessages(page.context)
    page.goto(url)
    settle(page)
    wait_for_requests(page, late, LATE)  # the timer of the run that is shown

    late.hold(page)
    page.get_by_role("button", name=button, exact=True).click()
    wait_for_requests(page, late, 1 + LATE)
    read_until(page, lambda: len(list_runs()), lambda count: count > len(before))
    wait_for_requests(page, late, LATE)
    late.release()
    newest = read_until(page, lambda: in_address(page, "run"), bool)
    wait_for_requests(page, late, LATE, about=newest.encode())
    shown = {in_address(page, "run"), in_address(page, "against")} - {""}
    assert shown == {run.id for run in list_runs()} - before
    menu = page.get_by_role("combobox", name="Run", exact=True)
    expect(menu).to_have_value(re.compile(f" · {in_address(page, 'run')[-4:]}( · .*)?$"))
