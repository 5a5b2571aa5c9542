"""The section on sinusoids in a real browser: points are placed by hand, predictions follow."""

import re
import time
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browser import DESKTOP, PHONE, Visitor, overflow, read_until

pytestmark = pytest.mark.browser

Point = tuple[float, float]
MARGIN = 0.3  # of the x axis either side of -5 to 5


def panel(page: Page, index: int) -> Locator:
    return page.locator(".curve-pad .panel").nth(index)


def on_screen(page: Page, index: int, point: Point) -> Point:
    """Where a panel shows a place of the curve's plane, by the axes that the section states."""
    box = panel(page, index).locator(".paper").bounding_box()
    assert box is not None
    across = (point[0] + 5 + MARGIN) / (10 + 2 * MARGIN)
    return box["x"] + across * box["width"], box["y"] + (6 - point[1]) / 12 * box["height"]


def centre(point: Locator) -> Point:
    box = point.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def prediction(page: Page, index: int) -> str:
    """The bold line of a panel, as it is drawn."""
    path = panel(page, index).locator("path.now").get_attribute("d")
    assert path is not None
    return path


def truth(page: Page) -> np.ndarray:
    """Places and heights (P, 2) of the dashed line."""
    path = panel(page, 0).locator("path.truth").get_attribute("d")
    assert path is not None
    pairs = np.array([pair.split() for pair in path[1:].split("L")], np.float64)
    return pairs * [1, -1]


def points(page: Page, index: int = 0) -> Locator:
    return panel(page, index).locator(".point")


def spoken_place(page: Page, index: int) -> Point:
    """Where a point is, as a screen reader hears it."""
    label = points(page).nth(index).get_attribute("aria-label")
    assert label is not None
    place = re.search(r"x ([\d.-]+), y (-?\d+\.\d)", label.replace("−", "-"))
    assert place is not None
    return float(place[1]), float(place[2])


def wait_until(page: Page, check: Callable[[], bool]) -> None:
    read_until(page, check, bool)


def expect_centre(page: Page, index: int, place: Point, within: float = 2) -> None:
    """The first point of a panel comes to lie at a place of the curve's plane."""
    point = points(page, index).nth(0)
    wait_until(
        page,
        lambda: (
            float(np.hypot(*np.subtract(centre(point), on_screen(page, index, place)))) < within
        ),
    )


def expect_place(page: Page, index: int, place: Point, within: float = 0.06) -> None:
    """A screen reader comes to hear that a point is there."""
    wait_until(page, lambda: spoken_place(page, index) == pytest.approx(place, abs=within))


def open_section(
    visitor: Visitor, url: str, query: str = "", phone: bool = False, dark: bool = False
) -> Page:
    """The section after ten steps, or those that the query asks for."""
    query = query if "sine_step" in query else f"sine_step=10&{query}"
    page = visitor.open(f"{url}/?{query}", PHONE if phone else DESKTOP, dark=dark, touch=phone)
    points(page).first.wait_for()
    return page


def drag(page: Page, start: Point, end: Point) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def test_a_dragged_point_moves_in_all_panels_and_changes_all_predictions(
    visitor: Visitor, sinusoid_url: str
) -> None:
    page = open_section(visitor, sinusoid_url, "sine_snap=false")
    before = [prediction(page, index) for index in range(3)]
    page.locator(".curve-pad").evaluate("node => { window.before = node }")
    drag(page, centre(points(page, 1).nth(0)), on_screen(page, 1, (-3.0, 4.0)))
    for index in range(3):
        expect_centre(page, index, (-3.0, 4.0))
    wait_until(page, lambda: all(prediction(page, i) != before[i] for i in range(3)))
    expect_place(page, 0, (-3.0, 4.0))
    page.get_by_text("One point lies off the curve").wait_for()
    assert page.locator(".curve-pad").evaluate("node => node === window.before")
    visitor.photograph(page)


def test_nothing_is_learnt_while_a_point_is_held(visitor: Visitor, sinusoid_url: str) -> None:
    page = open_section(visitor, sinusoid_url)
    before = prediction(page, 0)
    page.mouse.move(*centre(points(page).nth(0)))
    page.mouse.down()
    page.mouse.move(*on_screen(page, 0, (-2.0, 0.0)), steps=6)
    page.wait_for_timeout(700)
    assert prediction(page, 0) == before
    page.mouse.up()
    wait_until(page, lambda: prediction(page, 0) != before)


def test_a_point_that_snaps_stays_on_the_curve(visitor: Visitor, sinusoid_url: str) -> None:
    page = open_section(visitor, sinusoid_url)
    drag(page, centre(points(page).nth(0)), on_screen(page, 0, (-2.5, 5.5)))
    xs, ys = truth(page).T
    expect_centre(page, 0, (-2.5, float(np.interp(-2.5, xs, ys))), within=3)


def test_click_adds_double_click_and_delete_remove(visitor: Visitor, sinusoid_url: str) -> None:
    page = open_section(visitor, sinusoid_url)
    expect(points(page)).to_have_count(5)
    before = prediction(page, 0)
    page.mouse.click(*on_screen(page, 2, (-4.2, 5.0)))
    expect(points(page)).to_have_count(6)
    wait_until(page, lambda: prediction(page, 0) != before)
    wait_until(page, lambda: spoken_place(page, 5)[0] == pytest.approx(-4.2, abs=0.06))
    page.keyboard.press("Delete")
    expect(points(page)).to_have_count(5)
    wait_until(page, lambda: prediction(page, 0) == before)
    points(page, 1).nth(4).dblclick()
    expect(points(page, 2)).to_have_count(4)


def test_no_more_than_ten_points_and_none_at_all(visitor: Visitor, sinusoid_url: str) -> None:
    page = open_section(visitor, sinusoid_url, "sine_points=10")
    expect(points(page)).to_have_count(10)
    expect(page.get_by_role("button", name="Add a point")).to_be_disabled()
    page.mouse.click(*on_screen(page, 0, (-4.2, 5.0)))
    expect(page.locator(".curve-pad .status")).to_contain_text("No more than 10 points")
    expect(points(page)).to_have_count(10)
    points(page).first.focus()
    for _ in range(10):
        page.keyboard.press("Delete")
    expect(points(page)).to_have_count(0)
    page.get_by_text("Without a support point there is nothing to learn").wait_for()
    page.get_by_role("button", name="Add a point").click()
    expect(points(page)).to_have_count(1)
    page.get_by_text("After 10 steps, on").wait_for()


def test_keyboard_moves_a_point(visitor: Visitor, sinusoid_url: str) -> None:
    page = open_section(visitor, sinusoid_url, "sine_snap=false")
    before = prediction(page, 0)
    x, y = spoken_place(page, 1)
    points(page).nth(1).focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".curve-pad .status")).to_contain_text("Point 2 of 5")
    expect_place(page, 1, (x - 0.5, y + 0.1), within=0.11)
    wait_until(page, lambda: prediction(page, 0) != before)


def test_finger_moves_a_point_without_scrolling_and_taps_one(
    visitor: Visitor, sinusoid_url: str
) -> None:
    page = open_section(visitor, sinusoid_url, "sine_snap=false", phone=True, dark=True)
    panel(page, 0).scroll_into_view_if_needed()
    before = prediction(page, 0)
    scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    cdp = page.context.new_cdp_session(page)

    def touch(kind: str, *fingers: Point) -> None:
        places = [dict(zip("xy", finger, strict=True)) for finger in fingers]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    start, end = centre(points(page).nth(0)), on_screen(page, 0, (-3.0, -4.0))
    touch("touchStart", start)
    for share in np.linspace(0, 1, 9)[1:]:
        touch("touchMove", (start[0] + share * (end[0] - start[0]),
                            start[1] + share * (end[1] - start[1])))  # fmt: skip
    page.wait_for_timeout(200)  # it rests: a flick's momentum would swallow the tap that comes next
    touch("touchEnd")
    wait_until(page, lambda: prediction(page, 0) != before)
    expect_place(page, 0, (-3.0, -4.0))
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled
    page.get_by_text("One point lies off the curve").wait_for()
    page.touchscreen.tap(*on_screen(page, 0, (-4.5, 4.5)))
    expect(points(page)).to_have_count(6)
    assert overflow(page) == 0
    visitor.photograph(page)


def test_points_are_kept_in_the_address_and_over_a_page_switch(
    visitor: Visitor, sinusoid_url: str
) -> None:
    page = open_section(visitor, sinusoid_url)
    page.mouse.click(*on_screen(page, 0, (-4.0, 0.0)))
    expect(points(page)).to_have_count(6)
    page.get_by_text("over the whole range is").wait_for()
    wait_until(page, lambda: "sine_at" in page.url)
    again = open_section(visitor, sinusoid_url, page.url.partition("?")[2])
    expect(points(again)).to_have_count(6)
    wait_until(again, lambda: prediction(again, 0) == prediction(page, 0))
    page.get_by_role("link", name="elsewhere").click()
    page.get_by_text("Nothing here.").wait_for()
    page.get_by_role("link", name="curves").click()
    expect(points(page)).to_have_count(6)
    page.get_by_role("button", name="Another curve").click()
    expect(points(page)).to_have_count(5)
    wait_until(page, lambda: "sine_at" not in page.url)


def test_predictions_follow_a_released_point_quickly(visitor: Visitor, sinusoid_url: str) -> None:
    """Within 300 ms on a quiet machine; ten times that on one that does other work as well."""
    page = open_section(visitor, sinusoid_url)
    page.evaluate(
        """() => {
          window.waits = [];
          const root = [...document.querySelectorAll("*")].map((e) => e.shadowRoot)
            .find((shadow) => shadow?.querySelector(".curve-pad"));
          root.addEventListener("pointerup", () => (window.up = performance.now()), true);
          new MutationObserver(() => {
            if (window.up) window.waits.push(performance.now() - window.up);
            window.up = null;
          }).observe(root.querySelector("svg"), { childList: true });
        }"""
    )
    for x in np.linspace(-4, 4, 7):
        drag(page, centre(points(page).nth(0)), on_screen(page, 0, (float(x), 0.0)))
        count = len(page.evaluate("window.waits"))
        deadline = time.monotonic() + 30
        while len(page.evaluate("window.waits")) == count and time.monotonic() < deadline:
            page.wait_for_timeout(20)
            if page.evaluate("window.up") is None:
                break
    waits = page.evaluate("window.waits")
    print(f"released to redrawn, ms: {[round(wait) for wait in sorted(waits)]}")
    assert len(waits) == 7
    assert np.median(waits) < 3000


def test_a_click_where_a_point_lies_stacks_none_on_it(visitor: Visitor, sinusoid_url: str) -> None:
    page = open_section(visitor, sinusoid_url)
    pad = page.locator(".curve-pad")
    count = int(pad.get_attribute("data-points") or 0)
    for height in (5.0, 4.0, -5.0):  # all snap to the same place of the curve
        page.mouse.click(*on_screen(page, 1, (-3.0, height)))
        expect(pad).to_have_attribute("data-points", str(count + 1))
    page.mouse.click(*on_screen(page, 1, (-1.0, 5.0)))
    expect(pad).to_have_attribute("data-points", str(count + 2))


def test_play_moves_the_panels_and_hold_stops_them(visitor: Visitor, sinusoid_url: str) -> None:
    page = open_section(visitor, sinusoid_url, "sine_step=0")
    place = page.locator(".curve-pad").bounding_box()
    before = [prediction(page, index) for index in range(3)]
    expect(page.locator(".curve-pad .key .now")).to_have_text("after 0 steps")
    page.get_by_role("button", name="Play").click()
    wait_until(page, lambda: all(prediction(page, i) != before[i] for i in range(3)))
    assert page.locator(".curve-pad").bounding_box() == place, "nothing jumps"
    page.get_by_role("button", name="Hold").click()
    page.get_by_role("button", name="Play").wait_for()
    shown = page.locator(".curve-pad .key .now")
    wait_until(page, lambda: shown.inner_text().split()[1] == page.url.partition("sine_step=")[2])
