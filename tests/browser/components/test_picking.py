"""Points are picked by mouse, finger and keyboard; their neighbours follow the film."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browser import PHONE, Visitor, overflow, read_until, swipe
from tests.helpers.point_grid import (
    FIRST,
    LABELS,
    SIDE,
    features,
    grid,
    pixels,
)

pytestmark = pytest.mark.browser

MARGIN = 20  # CSS pixels that the points leave free at the nearest edge
NEAR = 8


@pytest.fixture
def page(visitor: Visitor, picking_url: str) -> Page:
    return open_film(visitor, picking_url)


def open_film(visitor: Visitor, url: str, **how: Any) -> Page:
    page = visitor.open(url, **how)
    expect(panel(page)).to_have_attribute("data-chosen", str(FIRST))
    return page


def panel(page: Page) -> Locator:
    return page.locator(".neighbours")


def canvas(page: Page) -> Locator:
    return page.locator("canvas.points")


def place(page: Page, point: int) -> tuple[float, float]:
    """Where on the canvas a point of the grid is, in CSS pixels."""
    width, height = canvas(page).first.evaluate("c => [c.clientWidth, c.clientHeight]")
    scale = (min(width, height) - 2 * MARGIN) / (SIDE - 1)
    x, y = grid()[point] * scale
    return width / 2 + x, height / 2 - y


def click(page: Page, point: int, **how: Any) -> None:
    x, y = place(page, point)
    canvas(page).click(position={"x": x, "y": y}, **how)


def on_page(page: Page, x: float, y: float) -> tuple[float, float]:
    box = canvas(page).bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def nearest(points: np.ndarray, chosen: int) -> list[int]:
    """By a plain loop over the distances of each pair, nearest first."""
    distances = [(sum((a - b) ** 2 for a, b in zip(points[chosen], other, strict=True)), i)
                 for i, other in enumerate(points.tolist()) if i != chosen]  # fmt: skip
    return [i for _, i in sorted(distances)[:NEAR]]


def shown(page: Page, row: int) -> list[int]:
    """The points whose pictures a row shows, by the grey of their pixels."""
    greys: list[int] = (
        page.locator(".neighbours .row")
        .nth(row)
        .locator("canvas")
        .evaluate_all("all => all.map(c => c.getContext('2d').getImageData(1, 1, 1, 1).data[0])")
    )
    return [(grey - 50) // 2 for grey in greys]


def expect_neighbours(page: Page, chosen: int, frame: int) -> None:
    expect(panel(page)).to_have_attribute("data-chosen", str(chosen))
    expect(panel(page)).to_have_attribute("data-frame", str(frame))
    expected = [
        nearest(features()[frame], chosen),
        nearest(features()[0], chosen),
        nearest(pixels(), chosen),
    ]
    read_until(
        page,
        lambda: [shown(page, row) for row in range(3)],
        lambda found: found == expected,
    )
    for row, points in zip(page.locator(".neighbours .row").all(), expected, strict=True):
        labels = [str(LABELS[point]) for point in points]
        marks = ["" if LABELS[point] == LABELS[chosen] else "✗ " for point in points]
        captions = [mark + label for mark, label in zip(marks, labels, strict=True)]
        expect(row.locator(".picture .label")).to_have_text(captions)
        dashed = row.locator("button").evaluate_all(
            "all => all.map(b => getComputedStyle(b).borderStyle === 'dashed')"
        )
        assert dashed == [mark != "" for mark in marks]
        right = marks.count("")
        verb = "is" if right == 1 else "are"
        expect(row.locator(".count")).to_have_text(f"{right} of {NEAR} {verb} {LABELS[chosen]}")


def ring(page: Page, point: int, radius: float, film: int = 0) -> int:
    """At how many of 16 places on a circle around a point something is drawn."""
    x, y = place(page, point)
    drawn: int = (
        canvas(page)
        .nth(film)
        .evaluate(
            """(c, [x, y, radius]) => {
            const pen = c.getContext("2d");
            const density = c.width / c.clientWidth;
            let drawn = 0;
            for (let i = 0; i < 16; i++) {
                const [dx, dy] = [Math.cos(i * 0.393), Math.sin(i * 0.393)];
                const at = [x + radius * dx, y + radius * dy].map((v) => Math.floor(v * density));
                drawn += pen.getImageData(...at, 1, 1).data[3] > 60;
            }
            return drawn;
        }""",
            [x, y, radius],
        )
    )
    return drawn


def expect_ring(page: Page, point: int, radius: float = 9, film: int = 0) -> None:
    read_until(page, lambda: ring(page, point, radius, film), lambda drawn: drawn > 12)


def test_a_click_shows_neighbours_now_and_at_first_in_features_and_pixels(page: Page) -> None:
    expect_neighbours(page, FIRST, 1)
    expect_ring(page, FIRST)
    click(page, 17)
    expect_neighbours(page, 17, 1)
    expect_ring(page, 17)
    read_until(page, lambda: ring(page, FIRST, 9), lambda drawn: drawn < 8)
    page.get_by_role("button", name="One frame back").click()
    expect_neighbours(page, 17, 0)
    page.get_by_text("The server knows of 1, chosen 17").wait_for()


def test_picks_survive_new_frames_another_layout_and_another_page(
    visitor: Visitor, page: Page
) -> None:
    click(page, 17)
    click(page, 62, modifiers=["Shift"])
    expect_neighbours(page, 62, 1)
    page.get_by_role("button", name="Train on").click()
    expect(page.locator(".scatter-film")).to_have_attribute("data-frames", "3")
    page.get_by_role("button", name="One frame on").click()
    expect_neighbours(page, 62, 2)
    page.get_by_text("Mirrored").click()
    expect_ring(page, SIDE**2 - 1 - 62)  # where the mirror put it
    expect_neighbours(page, 62, 2)
    visitor.photograph(page)
    page.get_by_role("link", name="elsewhere").click()
    page.get_by_text("Another page").wait_for()
    page.get_by_role("link", name="pickable").click()
    expect_neighbours(page, 62, 2)
    page.get_by_text("The server knows of 2, chosen 62").wait_for()
    expect(page.locator(".group button")).to_have_count(2)


@pytest.mark.parametrize("how", ["button", "shift"])
def test_a_lasso_picks_what_lies_in_it(page: Page, how: str) -> None:
    inside = [i for i in range(SIDE**2) if sum(divmod(i, SIDE)) < 4]  # a corner of the grid
    quarter = (place(page, 1)[0] - place(page, 0)[0]) / 4
    around = [(0, -quarter, quarter), (4, 0, quarter), (40, -quarter, 0)]
    corners = [(place(page, i)[0] + dx, place(page, i)[1] + dy) for i, dx, dy in around]
    before = canvas(page).evaluate("c => c.toDataURL()")
    if how == "button":
        page.get_by_role("button", name="Lasso").click()
    else:
        page.keyboard.down("Shift")
    page.mouse.move(*on_page(page, *corners[0]))
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*on_page(page, *corner), steps=8)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.locator(".group button")).to_have_count(len(inside))
    expect_ring(page, 12, 6)
    assert canvas(page).evaluate("c => c.toDataURL()") != before
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()  # nothing was panned
    counts = [f"{n} × {label}" for label in range(4)
              if (n := sum(LABELS[i] == label for i in inside))]  # fmt: skip
    for count in counts:
        expect(page.locator(".hint")).to_contain_text(count)
    page.locator(".group button").nth(3).click()
    expect_neighbours(page, inside[3], 1)
    page.get_by_text(f"The server knows of {len(inside)}").wait_for()


def test_what_is_picked_in_a_film_is_picked_in_its_twin(visitor: Visitor, picking_url: str) -> None:
    page = visitor.open(f"{picking_url}/twins")
    page.get_by_text(f"{FIRST}, {FIRST}").wait_for()
    x, y = place(page, 17)
    canvas(page).nth(0).click(position={"x": x, "y": y})
    page.get_by_text("17, 17").wait_for()
    expect_ring(page, 17)
    expect_ring(page, SIDE**2 - 1 - 17, film=1)  # the twin's points are mirrored
    canvas(page).nth(1).click(position={"x": x, "y": y})
    page.get_by_text("82, 82").wait_for()


def test_the_keyboard_picks_too(page: Page) -> None:
    canvas(page).focus()
    page.keyboard.press("n")
    expect_neighbours(page, FIRST + 1, 1)
    page.keyboard.press("p")
    page.keyboard.press("p")
    expect_neighbours(page, FIRST - 1, 1)
    page.get_by_role("button", name="Next digit").focus()
    page.keyboard.press("Enter")
    expect_neighbours(page, FIRST, 1)
    picture = page.locator(".neighbours .row").first.locator("button").first
    picture.focus()
    page.keyboard.press("Enter")
    expect_neighbours(page, nearest(features()[1], FIRST)[0], 1)
    canvas(page).focus()
    page.keyboard.press("Escape")
    page.get_by_text("The server knows of 0, chosen None").wait_for()
    expect(page.locator(".rows")).to_be_hidden()
    page.keyboard.press("n")
    expect_neighbours(page, 0, 1)


def test_the_pointer_shows_the_nearest_class_of_the_frame(page: Page) -> None:
    x, y = place(page, 17)
    canvas(page).hover(position={"x": x, "y": y})
    expect(page.locator(".tooltip .name")).to_have_text("1")
    expect(page.locator(".tooltip .nearest")).to_have_text("nearest: 2 ✗")
    canvas(page).focus()
    page.keyboard.press("Home")
    expect(page.locator(".tooltip .nearest")).to_have_text("nearest: 1")


def test_a_finger_picks_and_draws_a_lasso(visitor: Visitor, picking_url: str) -> None:
    page = open_film(visitor, picking_url, size=PHONE, dark=True, touch=True)
    assert overflow(page) == 0
    page.touchscreen.tap(*on_page(page, *place(page, 71)))
    expect_neighbours(page, 71, 1)
    expect_ring(page, 71)
    visitor.photograph(page)
    lasso = page.get_by_role("button", name="Lasso")
    lasso.tap()
    expect(lasso).to_have_attribute("aria-pressed", "true")
    inside = [i for i in range(SIDE**2) if i // SIDE < 3 and i % SIDE < 4]
    quarter = (place(page, 1)[0] - place(page, 0)[0]) / 4
    (left, low), (right, high) = place(page, 0), place(page, 23)
    around = [(left - quarter, low + quarter), (right + quarter, low + quarter),
              (right + quarter, high - quarter), (left - quarter, high - quarter)]  # fmt: skip
    scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    swipe(page, [on_page(page, *corner) for corner in around])
    expect(page.locator(".group button")).to_have_count(len(inside))
    page.get_by_text(f"The server knows of {len(inside)}, chosen 0").wait_for()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled
    visible = page.locator(".scatter-film button:visible, .neighbours .steps button").all()
    boxes = [box for button in visible if (box := button.bounding_box())]
    assert min(box["height"] for box in boxes) >= 40
