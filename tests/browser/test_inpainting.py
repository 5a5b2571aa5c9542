"""The Inpainting page in a real browser: a hand paints, and the completion follows."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.harness import PHONE, PROJECT, Server, Visitor, settle, start_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    runs = tmp_path_factory.mktemp("runs")
    started = start_server(PROJECT / "app.py", env={"GLIMPSE_RUNS": str(runs)})
    yield started
    started.stop()


def open_unmasked(visitor: Visitor, server: Server, touch: bool = False) -> Page:
    address = f"{server.url}/inpainting?mask=nothing"
    page = visitor.open(address, PHONE, touch=True) if touch else visitor.open(address)
    expect(page.get_by_text("Nothing is hidden")).to_be_visible()
    return page


def completion(page: Page) -> Locator:
    return page.get_by_alt_text("completed by the U-Net")


def stroke(page: Page) -> list[tuple[float, float]]:
    """Points on screen, down the middle of the canvas."""
    surface = page.locator(".surface")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2
    return [(x, box["y"] + share * box["height"]) for share in (0.2, 0.35, 0.5, 0.65, 0.8)]


def expect_completed(page: Page, before: str | None) -> None:
    """Only hidden pixels are completed, so that the picture changes where paint is."""
    expect(page.get_by_text("pixels are hidden")).to_be_visible()
    expect(page.get_by_text("SSIM 0.")).to_have_count(2)
    expect(completion(page)).not_to_have_attribute("src", before or "")


def test_the_completion_follows_the_mouse(visitor: Visitor, server: Server) -> None:
    page = open_unmasked(visitor, server)
    before = completion(page).get_attribute("src")
    first, *others = stroke(page)
    page.mouse.move(*first)
    page.mouse.down()
    for point in others:
        page.mouse.move(*point, steps=5)
    page.mouse.up()
    expect_completed(page, before)
    visitor.photograph(page, "painted")


def test_the_completion_follows_a_finger(visitor: Visitor, server: Server) -> None:
    page = open_unmasked(visitor, server, touch=True)
    before = completion(page).get_attribute("src")
    finger = page.context.new_cdp_session(page)
    path = [{"x": x, "y": y} for x, y in stroke(page)]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": path[:1]})
    for point in path[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_completed(page, before)
    visitor.photograph(page, "painted")


def test_another_digit_keeps_the_mask_and_so_does_another_page(
    visitor: Visitor, server: Server
) -> None:
    page = visitor.open(f"{server.url}/inpainting?mask=box&digit=12")
    expect(page.get_by_text("196 of 784 pixels")).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Number")).to_have_value("22")
    expect(page.get_by_text("196 of 784 pixels")).to_be_visible()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.locator("h1")).to_have_text("Runs")
    settle(page)
    page.get_by_role("link", name="Inpainting", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Number")).to_have_value("22")
    expect(page.get_by_text("196 of 784 pixels")).to_be_visible()
