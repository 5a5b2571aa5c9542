"""Back leads to the page before, whatever a page has written into its address meanwhile."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.helpers.browser import Visitor, read_until, settle
from tests.helpers.late_messages import LateMessages
from tests.helpers.server import Server

pytestmark = pytest.mark.browser

# Streamlit draws, and changes the path, when it gets a message that it has sent to itself.
HOLDS_DRAWING = """
const { postMessage } = MessagePort.prototype;
MessagePort.prototype.postMessage = function (...message) {
  if (window.held) held.push(() => postMessage.apply(this, message));
  else postMessage.apply(this, message);
};
"""
HOLD = """() => {
  [window.held, window.titles] = [[], []];
  const note = () => titles.push(document.title);
  new MutationObserver(note).observe(document.querySelector("title"), { childList: true });
}"""
RELEASE = "() => { const all = held; held = null; all.forEach((post) => post()); }"


def writes_mask(message: ForwardMsg) -> bool:
    return "mask=" in message.page_info_changed.query_string


def gives_title_of_start(message: ForwardMsg) -> bool:
    return bool(message.page_config_changed.title == "Glimpse")


def test_back_leads_to_the_page_before(server: Server, visitor: Visitor) -> None:
    page = visitor.open(f"{server.url}/runs")
    page.get_by_role("link", name="Inpainting", exact=True).click()
    page.wait_for_url(re.compile("mask=bottom"))
    settle(page)
    page.get_by_role("button", name="Left", exact=True).click()
    page.wait_for_url(re.compile("mask=left"))
    page.go_back()
    expect(page.locator("h1")).to_have_text("Runs")
    assert "?" not in page.url
    page.go_forward()
    page.wait_for_url(re.compile("inpainting.*mask=left"))


def test_back_leads_to_the_address_that_was_left(server: Server, visitor: Visitor) -> None:
    page = visitor.open(f"{server.url}/inpainting?mask=top&inpainting_steps=777")
    settle(page)
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.locator("h1")).to_have_text("Runs")
    assert "?" not in page.url
    page.go_back()
    page.wait_for_url(re.compile("mask=top.*inpainting_steps=777|inpainting_steps=777.*mask=top"))
    expect(page.get_by_label("Steps", exact=True).first).to_have_value("777")


def leaving_for_inpainting(visitor: Visitor, server: Server) -> tuple[Page, LateMessages]:
    """Runs, just after a click on Inpainting, with all that the server answers held back."""
    page = visitor.open(f"{server.url}/runs")
    late = LateMessages(page.context)
    page.reload()
    settle(page)
    late.hold(page)
    page.get_by_role("link", name="Inpainting", exact=True).click()
    return page, late


def test_a_page_that_is_left_writes_into_no_other_address(server: Server, visitor: Visitor) -> None:
    page, late = leaving_for_inpainting(visitor, server)
    page.get_by_role("link", name="Start", exact=True).click()
    late.release()
    expect(page.locator("h1")).to_contain_text("Watch a network learn")
    settle(page)
    assert "?" not in page.url, "what Inpainting writes is of Inpainting"


def test_a_path_that_changes_before_its_title_takes_no_parameters_along(
    server: Server, visitor: Visitor
) -> None:
    page, late = leaving_for_inpainting(visitor, server)
    read_until(page, lambda: late.is_held(writes_mask), bool)
    page.get_by_role("link", name="Start", exact=True).click()
    read_until(page, lambda: late.is_held(gives_title_of_start), bool)
    late.release(until=gives_title_of_start)
    read_until(page, lambda: urlsplit(page.url).path, lambda path: path == "/")
    assert page.title() == "Inpainting · Glimpse"
    late.release()
    expect(page.locator("h1")).to_contain_text("Watch a network learn")
    settle(page)
    assert "?" not in page.url, "what Inpainting wrote is of Inpainting"


@pytest.mark.parametrize("passed", [[], ["Start"]])
def test_what_a_page_writes_before_it_is_drawn_is_in_its_address(
    server: Server, visitor: Visitor, passed: list[str]
) -> None:
    page = visitor.open(f"{server.url}/runs")
    page.context.add_init_script(HOLDS_DRAWING)
    page.reload()
    settle(page)
    page.evaluate(HOLD)
    for name in passed:
        page.get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_title("Glimpse")
    page.get_by_role("link", name="Inpainting", exact=True).click()
    page.wait_for_url(re.compile("mask=bottom"))
    assert "/inpainting" not in page.url, "the page was drawn before it had written"
    page.evaluate(RELEASE)
    page.wait_for_url(re.compile("/inpainting.*mask=bottom"))
    titles = [*("Glimpse" for _ in passed), "Inpainting · Glimpse"]
    assert page.evaluate("titles") == titles, "the title says which page writes"
    for heading in [*("Watch a network learn" for _ in passed), "Runs"]:
        page.go_back()
        expect(page.locator("h1")).to_contain_text(heading)
        assert "?" not in page.url, "what Inpainting writes is of Inpainting"
