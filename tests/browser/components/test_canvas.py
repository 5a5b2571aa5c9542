"""The pixel canvas in a real browser: what a hand paints is what Python gets, pixel by pixel."""

import json
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browser import PHONE, Visitor, overflow, read_until, settle

pytestmark = pytest.mark.browser

Point = tuple[float, float]  # (x, y) in pixels of the picture
ROWS, COLUMNS = np.mgrid[:28, :28]


def surface(page: Page) -> Locator:
    return page.locator(".surface")


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def on_screen(page: Page, point: Point) -> Point:
    box = surface(page).bounding_box()
    assert box is not None
    return box["x"] + point[0] * box["width"] / 28, box["y"] + point[1] * box["height"] / 28


def drag(page: Page, *path: Point) -> None:
    settle(page)  # a canvas that still moves would be painted at another place
    page.mouse.move(*on_screen(page, path[0]))
    page.mouse.down()
    for point in path[1:]:
        page.mouse.move(*on_screen(page, point), steps=8)
    page.mouse.up()


def near_path(path: Sequence[Point], brush: int) -> set[int]:
    """Pixels with their centre within half a brush of the path, by a dense walk along it."""
    near = np.zeros((28, 28), bool)
    for (x0, y0), (x1, y1) in pairwise(path):
        for t in np.linspace(0, 1, 2001):
            x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
            near |= np.hypot(COLUMNS + 0.5 - x, ROWS + 0.5 - y) <= brush / 2
    return set(np.flatnonzero(near).tolist())


def pixels_in_python(page: Page) -> set[int]:
    ((pixels,),) = [json.loads(page.locator("code").inner_text()).values()]
    return set(pixels)


def wait_for_python(page: Page, check: Callable[[set[int]], bool]) -> set[int]:
    """What Python holds, once `check` is true of it."""
    return read_until(page, lambda: pixels_in_python(page), check)


def picture(page: Page) -> list[list[int]]:
    """Grey level and opacity of each pixel on screen."""
    flat = page.locator("canvas.picture").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )
    return [[flat[i], flat[i + 3]] for i in range(0, len(flat), 4)]


def wait_for_covered(page: Page, pixels: set[int]) -> None:
    """Waits until exactly these pixels are painted over on screen."""
    read_until(
        page,
        lambda: {i for i, (_, opacity) in enumerate(picture(page)) if opacity < 255},
        lambda covered: covered == pixels,
    )


def test_python_gets_the_painted_path_pixel_by_pixel(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url)
    path = [(4.3, 5.2), (20.1, 9.7), (7.6, 22.4)]
    drag(page, *path)
    expected = near_path(path, brush=2)
    assert wait_for_python(page, lambda pixels: len(pixels) >= len(expected)) == expected
    wait_for_covered(page, expected)
    visitor.photograph(page)


def test_brush_size_and_eraser(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url)
    surface(page).focus()
    for _ in range(4):
        page.keyboard.press("]")
    broad, narrow = [(6.2, 10.4), (22.3, 10.4)], [(3.4, 10.6), (25.8, 10.6)]
    drag(page, *broad)
    tool(page, "Eraser").click()
    for _ in range(3):
        page.keyboard.press("[")
    drag(page, *narrow)
    expected = near_path(broad, 6) - near_path(narrow, 3)
    wait_for_python(page, lambda pixels: pixels == expected)


def test_undo_redo_clear_invert(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url)
    first, second = [(5.0, 4.6), (20.0, 4.6)], [(5.0, 20.6), (20.0, 20.6)]
    one, both = near_path(first, 2), near_path(first, 2) | near_path(second, 2)
    drag(page, *first)
    drag(page, *second)
    wait_for_python(page, lambda pixels: pixels == both)
    tool(page, "Undo").click()
    wait_for_python(page, lambda pixels: pixels == one)
    expect(tool(page, "Undo")).to_be_enabled()
    tool(page, "Redo").click()
    wait_for_python(page, lambda pixels: pixels == both)
    expect(tool(page, "Redo")).to_be_disabled()
    tool(page, "Invert").click()
    wait_for_python(page, lambda pixels: pixels == set(range(784)) - both)
    tool(page, "Clear").click()
    wait_for_python(page, lambda pixels: not pixels)
    surface(page).focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    wait_for_python(page, lambda pixels: pixels == both)
    page.keyboard.press("Control+Shift+Z")
    wait_for_python(page, lambda pixels: pixels == set(range(784)) - both)


def test_keyboard_paints(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url)
    surface(page).focus()
    page.keyboard.press("[")
    page.keyboard.press("ArrowUp")
    page.keyboard.down(" ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.up(" ")
    wait_for_python(page, lambda pixels: pixels == {13 * 28 + 14, 13 * 28 + 15, 13 * 28 + 16})


def test_finger_paints_without_scrolling(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url, PHONE, touch=True)
    surface(page).scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    path = [(8.3, 6.3), (8.3, 21.6)]
    cdp = page.context.new_cdp_session(page)

    def touch(kind: str, *points: Point) -> None:
        fingers = [dict(zip("xy", on_screen(page, point), strict=True)) for point in points]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", path[0])
    for t in np.linspace(0, 1, 9)[1:]:
        touch("touchMove", (8.3, 6.3 + t * 15.3))
    touch("touchEnd")
    expected = near_path(path, brush=2)
    wait_for_python(page, lambda pixels: pixels == expected)
    assert page.evaluate("window.scrollY") == before
    assert overflow(page) == 0


def test_controls_are_large_enough_for_a_finger(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url, PHONE, dark=True, touch=True)
    controls = page.locator(".toolbar button, .toolbar input")
    expect(controls).to_have_count(7)
    boxes = [box for control in controls.all() if (box := control.bounding_box())]
    assert len(boxes) == 7
    assert min(box["height"] for box in boxes) >= 40
    assert min(box["width"] for box in boxes) >= 40
    assert max(box["x"] + box["width"] for box in boxes) <= PHONE["width"]
    drag(page, (5.0, 5.0), (20.0, 20.0))
    visitor.photograph(page)


def test_another_picture_keeps_the_mask_and_the_node(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url)
    path = [(5.2, 5.2), (20.2, 5.2)]
    drag(page, *path)
    wait_for_python(page, bool)
    page.locator("canvas.picture").evaluate("node => { window.before = node }")
    shown = picture(page)
    page.get_by_text("Ramp").click()
    read_until(page, lambda: picture(page), lambda other: other != shown)
    settle(page)
    assert page.locator("canvas.picture").evaluate("node => node === window.before")
    assert pixels_in_python(page) == near_path(path, 2)


def test_preset_of_the_server_and_painting_on_from_it(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url)
    drag(page, (5.2, 20.2), (20.2, 20.2))
    top = set(range(14 * 28))
    page.get_by_role("button", name="Hide the top").click()
    wait_for_python(page, lambda pixels: pixels == top)
    path = [(5.2, 24.2), (20.2, 24.2)]
    drag(page, *path)
    wait_for_python(page, lambda pixels: pixels == top | near_path(path, 2))
    page.get_by_role("button", name="Hide the top").click()
    wait_for_python(page, lambda pixels: pixels == top)


def test_page_switch_keeps_each_canvas(visitor: Visitor, canvas_url: str) -> None:
    page = visitor.open(canvas_url)
    path = [(5.2, 5.2), (20.2, 5.2)]
    drag(page, *path)
    wait_for_python(page, bool)
    page.get_by_role("link", name="draw").click()
    expect(page.locator("code")).to_contain_text("draw")
    drag(page, (14.4, 4.4), (14.4, 24.4))
    drawn = wait_for_python(page, bool)
    read_until(
        page,
        lambda: {i for i, (grey, _) in enumerate(picture(page)) if grey == 255},
        lambda white: white == drawn,
    )
    visitor.photograph(page)
    page.get_by_role("link", name="hide").click()
    expect(page.locator("code")).to_contain_text("hide")
    wait_for_python(page, lambda pixels: pixels == near_path(path, 2))
    wait_for_covered(page, near_path(path, 2))
