"""Drawing an alphabet in a real browser: a hand draws symbols and a query; the right bar wins."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.helpers.browser import PHONE, Visitor, overflow, read_until, settle
from tests.helpers.hand import Stroke, by_hand, canvas, draw, on_screen

pytestmark = pytest.mark.browser

BARS = '.live-figure[aria-label^="After inner step"]'
NO_QUERY = "There is no query to answer"


# ---- a hand ------------------------------------------------------------------------------------


def circle() -> list[Stroke]:
    angles = np.linspace(0, 2 * np.pi, 25)
    return [0.5 + 0.35 * np.stack([np.sin(angles), -np.cos(angles)], 1)]


def cross() -> list[Stroke]:
    way = np.linspace(0.15, 0.85, 12)
    return [np.stack([way, way], 1), np.stack([way, 1 - way], 1)]


def zigzag() -> list[Stroke]:
    corners = np.array([[0.15, 0.2], [0.8, 0.25], [0.2, 0.55], [0.85, 0.6], [0.25, 0.9]])
    ends = np.arange(len(corners))
    along = np.linspace(0, ends[-1], 25)
    return [np.stack([np.interp(along, ends, corners[:, axis]) for axis in (0, 1)], 1)]


SYMBOLS: dict[str, Callable[[], list[Stroke]]] = {"A": circle, "B": cross, "C": zigzag}


def symbol(page: Page, letter: str) -> Locator:
    return canvas(page, f"Draw the symbol {letter}")


def query(page: Page) -> Locator:
    return canvas(page, "Draw the query")


# ---- what the page says ------------------------------------------------------------------------


def shares(page: Page) -> dict[str, int]:
    """Per cent by letter, as the bars tell a screen reader; empty where there are none."""
    bars = page.locator(BARS)
    spoken = bars.first.get_attribute("aria-label", timeout=2000) if bars.count() else None
    return {letter: int(share) for letter, share in re.findall(r"([A-E]) (\d+)%", spoken or "")}


def wait_for_shares(page: Page, check: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    return read_until(page, lambda: shares(page), check)


def wins(letter: str) -> Callable[[dict[str, int]], bool]:
    return lambda seen: bool(seen) and max(seen, key=seen.__getitem__) == letter


def brightest(paper: Locator) -> int:
    """The largest grey level on a canvas."""
    grey: int = paper.locator("canvas").evaluate(
        "c => Math.max(...c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
        ".filter((_, i) => i % 4 === 0))"
    )
    return grey


def expect_brightest(page: Page, paper: Locator, check: Callable[[int], bool]) -> None:
    read_until(page, lambda: brightest(paper), check)


def open_with_more(visitor: Visitor, url: str) -> Page:
    return visitor.open(f"{url}/?drawn_more=true")


def open_cleared(visitor: Visitor, url: str) -> Page:
    page = open_with_more(visitor, url)
    page.get_by_role("button", name="Clear all").click()
    page.get_by_text("draw at least two symbols").wait_for()
    return page


def clear(paper: Locator) -> None:
    paper.get_by_role("button", name="Clear", exact=True).click()


def test_three_symbols_are_learnt_from_one_drawing_each(
    visitor: Visitor, alphabet_url: str
) -> None:
    page = open_cleared(visitor, alphabet_url)
    expect(page.get_by_text("has no drawing yet")).to_have_count(3)
    for seed, (letter, shape) in enumerate(SYMBOLS.items()):
        draw(page, symbol(page, letter), by_hand(shape(), seed))
        expect(page.get_by_text(f"{letter} has no drawing yet")).to_have_count(0)
    page.get_by_text(NO_QUERY).wait_for()
    for seed, (letter, shape) in enumerate(SYMBOLS.items(), start=10):
        draw(page, query(page), by_hand(shape(), seed))
        seen = wait_for_shares(page, wins(letter))
        assert set(seen) == set(SYMBOLS)
        visitor.photograph(page, f"query-{letter}")
        clear(query(page))
        page.get_by_text(NO_QUERY).wait_for()


def test_a_sample_is_answered_at_once_and_gives_way_to_the_first_stroke(
    visitor: Visitor, alphabet_url: str
) -> None:
    page = open_with_more(visitor, alphabet_url)
    assert max(wait_for_shares(page, bool).values()) > 50
    paper = symbol(page, "B")
    expect_brightest(page, paper, lambda grey: 50 < grey < 200)  # dimmed, below the pen
    thumbnail = page.get_by_alt_text("example 1 of B")
    before = thumbnail.get_attribute("src")
    draw(page, paper, by_hand(circle(), 1))
    expect_brightest(page, paper, lambda grey: grey == 255)
    expect(thumbnail).not_to_have_attribute("src", before or "")
    wait_for_shares(page, lambda seen: set(seen) == {"A", "B", "C"})
    clear(paper)
    page.get_by_text("B has no drawing yet").wait_for()
    expect_brightest(page, paper, lambda grey: grey == 0)
    wait_for_shares(page, lambda seen: set(seen) == {"A", "C"})


def test_examples_are_added_and_removed_and_outlast_a_visit_elsewhere(
    visitor: Visitor, alphabet_url: str
) -> None:
    page = open_cleared(visitor, alphabet_url)
    draw(page, symbol(page, "A"), by_hand(circle(), 1))
    draw(page, symbol(page, "B"), by_hand(cross(), 2))
    draw(page, query(page), by_hand(circle(), 3))
    wait_for_shares(page, wins("A"))
    page.get_by_role("button", name="Add an example").nth(1).click()
    page.get_by_role("button", name="Remove: example 1 of B").wait_for()
    draw(page, symbol(page, "B"), by_hand(cross(), 4))
    page.get_by_alt_text("example 2 of B").wait_for()
    settle(page)  # the bars are of both examples
    two = wait_for_shares(page, wins("A"))
    page.get_by_role("link", name="elsewhere").click()
    page.get_by_role("heading", name="Elsewhere").wait_for()
    page.get_by_role("link", name="draw").click()
    wait_for_shares(page, lambda seen: seen == two)
    page.get_by_alt_text("example 2 of B").wait_for()
    visitor.photograph(page)
    page.get_by_role("button", name="Remove: example 1 of B").click()
    expect(page.get_by_alt_text("example 2 of B")).to_have_count(0)
    page.get_by_alt_text("example 1 of B").wait_for()


def test_five_ways_of_which_three_are_drawn(visitor: Visitor, alphabet_url: str) -> None:
    page = open_with_more(visitor, alphabet_url)
    wait_for_shares(page, bool)
    for letter in "DE":
        page.get_by_role("button", name="Add a symbol").click()
        page.get_by_text(f"{letter} has no drawing yet").wait_for()
    wait_for_shares(page, lambda seen: set(seen) == {"A", "B", "C"})
    draw(page, symbol(page, "E"), by_hand(zigzag(), 1))
    wait_for_shares(page, lambda seen: set(seen) == {"A", "B", "C", "E"})
    page.get_by_text("D has no drawing yet").wait_for()
    visitor.photograph(page)


def test_nothing_moves_from_the_sample_to_the_answer(visitor: Visitor, alphabet_url: str) -> None:
    page = visitor.open(alphabet_url)
    wait_for_shares(page, bool)
    before = places(page)
    hints = page.locator(".hint:visible")
    expect(hints).to_have_text(["Example: your drawing replaces it"] * 4)
    draw(page, symbol(page, "A"), by_hand(circle(), 1))
    page.get_by_text(NO_QUERY).wait_for()  # that of the sample is gone with it
    expect(hints).to_have_text(
        ["Example: your drawing replaces it"] * 2 + ["Draw one of them again"]
    )
    assert places(page) == before
    for paper, shape in ((symbol(page, "B"), cross), (symbol(page, "C"), zigzag)):
        draw(page, paper, by_hand(shape(), 2))
    expect(hints).to_have_text(["Draw one of them again"])
    draw(page, query(page), by_hand(zigzag(), 3))
    page.get_by_text(re.compile(r"^(It|Perhaps it) is C: \d+")).wait_for()
    wait_for_shares(page, wins("C"))
    assert places(page) == before
    visitor.photograph(page)


def places(page: Page) -> list[tuple[float, float, float, float]]:
    """Of the boxes and the bars: left, top, width and height in pixels."""
    shown = page.locator(".pixel-canvas, .live-figure")
    expect(shown).to_have_count(5)
    boxes = [box for each in shown.all() if (box := each.bounding_box())]
    return [(box["x"], box["y"], box["width"], box["height"]) for box in boxes]


def test_a_finger_draws_on_a_phone(visitor: Visitor, alphabet_url: str) -> None:
    page = visitor.open(alphabet_url, PHONE, touch=True)
    wait_for_shares(page, bool)
    assert overflow(page) == 0
    finger = page.context.new_cdp_session(page)
    for letter, shape in {"A": circle, "B": zigzag, "C": cross}.items():
        touch(finger, symbol(page, letter), by_hand(shape(), 5))
    page.get_by_text(NO_QUERY).wait_for()
    touch(finger, query(page), by_hand(zigzag(), 6))
    wait_for_shares(page, wins("B"))
    read_until(page, lambda: room(page), lambda height: height < PHONE["height"])
    page.locator(BARS).scroll_into_view_if_needed()
    visitor.photograph(page)
    tools = query(page).locator(".toolbar button:visible")
    boxes = [box for tool in tools.all() if (box := tool.bounding_box())]
    assert len(boxes) == 2
    assert min(min(box["width"], box["height"]) for box in boxes) >= 40
    assert len({box["y"] for box in boxes}) == 1  # in one row
    assert overflow(page) == 0
    settle(page)


def room(page: Page) -> float:
    """Pixels from the top of the first symbol's box to the bottom of the bars."""
    bars, paper = page.locator(BARS).bounding_box(), symbol(page, "A").bounding_box()
    assert bars is not None
    assert paper is not None
    return bars["y"] + bars["height"] - paper["y"]


def touch(finger: CDPSession, paper: Locator, strokes: list[Stroke]) -> None:
    for stroke in strokes:
        points = [{"x": x, "y": y} for x, y in on_screen(paper, stroke)]
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for point in points[1:]:
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
