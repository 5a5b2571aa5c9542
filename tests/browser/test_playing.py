"""The inner steps of Few-shot played one after the other, on a quick machine and on a busy one."""

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import Visitor, read_until, settle
from tests.helpers.few_shot_in_browser import open_few_shot, panel
from tests.helpers.late_messages import LateMessages
from tests.helpers.server import Server

FIRST, LAST = 8, 20  # inner steps: a busy machine may be a few further before messages are held


@pytest.mark.browser
def test_play_goes_to_the_last_step_and_stops(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(visitor, server, "?inner_steps=3&inner_step=0")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Hold").wait_for()
    panel(page, 3).first.wait_for()
    page.get_by_role("button", name="Play").wait_for()


@pytest.mark.browser
def test_playing_ends_at_the_last_step_however_late_the_browser_hears(
    visitor: Visitor, server: Server
) -> None:
    page = open_few_shot(visitor, server, f"?inner_steps={LAST}&inner_step={FIRST}")
    late = LateMessages(page.context)
    page.reload()
    panel(page, FIRST).first.wait_for()
    settle(page)
    page.get_by_role("button", name="Play").click()
    panel(page, FIRST + 1).first.wait_for()
    late.hold(page)
    sent, left = len(late.sent), LAST - FIRST
    read_until(page, lambda: len(late.sent) - sent, lambda requests: requests > left)
    late.release()
    page.get_by_role("button", name="Play").wait_for()
    settle(page)
    panel(page, LAST).first.wait_for()
    slider = page.locator(".st-key-inner_step").get_by_role("slider")
    expect(slider).to_have_value(str(LAST))
    page.get_by_role("button", name="Play").click()  # so that it begins again
    read_until(page, lambda: int(slider.input_value()), lambda step: step < LAST)


@pytest.mark.browser
def test_another_task_ends_the_playing(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(visitor, server, "?inner_steps=20&inner_step=0")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Hold").wait_for()
    page.get_by_role("button", name="Another task").click()
    page.get_by_role("button", name="Play").wait_for()
