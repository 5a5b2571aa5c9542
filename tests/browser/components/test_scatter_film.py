"""The film of points in a real browser: what is drawn where, and what survives new frames."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browser import PHONE, Visitor, overflow, read_until, read_until_close, swipe
from tests.helpers.turned_corners import IN_SPACE, turned_corners

pytestmark = pytest.mark.browser

MARGIN = 20  # CSS pixels that the points leave free at the nearest edge


def film(page: Page) -> Locator:
    return page.locator(".scatter-film")


def open_film(visitor: Visitor, url: str, name: str = "", **how: Any) -> Page:
    page = visitor.open(f"{url}/{name}", **how)
    expect(film(page)).to_have_attribute("data-frame", re.compile(r"\d+"))
    return page


def points(page: Page) -> Locator:
    return page.locator("canvas.points")


def seen(page: Page, colour: tuple[int, int, int]) -> tuple[float, float] | None:
    """Where on the canvas, in CSS pixels, the dot of this colour is: the mean of its pixels."""
    found: list[float] | None = points(page).evaluate(
        """(canvas, colour) => {
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            let [x, y, count] = [0, 0, 0];
            for (let i = 0; i < data.length; i += 4) {
                const isColour = colour.every((level, c) => Math.abs(data[i + c] - level) < 3);
                if (!isColour || data[i + 3] < 150) continue;
                x += ((i / 4) % width) + 0.5;
                y += Math.floor(i / 4 / width) + 0.5;
                count += 1;
            }
            const density = width / canvas.clientWidth;
            return count ? [x / count / density, y / count / density] : null;
        }""",
        list(colour),
    )
    return (found[0], found[1]) if found else None


COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 0, 255)]


def places(page: Page) -> np.ndarray:
    """(4, 2) places of the demo's four points on the canvas; nan for one that is not drawn."""
    return np.array([seen(page, colour) or (np.nan, np.nan) for colour in COLOURS])


def expect_places(page: Page, expected: np.ndarray, atol: float = 0.7) -> np.ndarray:
    return read_until_close(page, lambda: places(page), expected, atol)


def expect_drawn(page: Page, drawn: list[bool]) -> None:
    """Which of the four points are."""
    read_until(
        page,
        lambda: [seen(page, colour) is not None for colour in COLOURS],
        lambda found: found == drawn,
    )


def expected_places(page: Page, frame: int) -> np.ndarray:
    """(4, 2) places: all frames fill the canvas but for the margin, in one scale, y upwards."""
    width, height = points(page).evaluate("c => [c.clientWidth, c.clientHeight]")
    frames = turned_corners(3)
    low, high = frames.min((0, 1)), frames.max((0, 1))
    scale = ((np.array([width, height]) - 2 * MARGIN) / (high - low)).min()
    from_centre = (frames[frame] - (low + high) / 2) * scale
    expected: np.ndarray = np.array([width, height]) / 2 + from_centre * [1, -1]
    return expected


def test_scrubbing_shows_the_points_of_that_frame(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url)
    expect(page.locator(".step")).to_have_text("step 200")
    scrubber = page.get_by_role("slider", name="Moment of the run")
    for frame in (0, 1, 2):
        scrubber.evaluate(
            "(node, to) => { node.value = to; node.dispatchEvent(new Event('input')) }", frame
        )
        expect(film(page)).to_have_attribute("data-step", str(100 * frame))
        expect_places(page, expected_places(page, frame))
    points(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".step")).to_have_text("step 100")
    page.keyboard.press("Home")
    expect(film(page)).to_have_attribute("data-frame", "0")


def test_film_plays_to_its_end(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url)
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    expect(film(page)).to_have_attribute("data-step", "200")


def test_legend_shows_one_class_alone(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url)
    entry = page.get_by_role("button", name="north east")
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "true")
    expect_drawn(page, [False, False, True, False])
    entry.click()
    expect_drawn(page, [True] * 4)


def test_pointer_on_a_point_shows_its_name_and_picture(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url)
    place = expect_places(page, expected_places(page, 2))[2]
    points(page).hover(position={"x": place[0], "y": place[1]})
    expect(page.locator(".tooltip")).to_contain_text("north east")
    levels = "c => [0, 252].map(at => c.getContext('2d').getImageData(0, 0, 8, 8).data[at])"
    portrait = page.locator("canvas.portrait")
    read_until(page, lambda: portrait.evaluate(levels), lambda found: found == [180, 0])
    visitor.photograph(page)
    points(page).hover(position={"x": 5, "y": 5})
    expect(page.locator(".tooltip")).to_be_hidden()


def test_drag_pans_wheel_zooms_and_double_click_shows_all(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url)
    before = expect_places(page, expected_places(page, 2))
    box = points(page).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y - 20, steps=4)
    page.mouse.up()
    panned = expect_places(page, before + np.array([30, -20]))
    page.mouse.wheel(0, -200)  # the click above gave the focus
    read_until(
        page,
        lambda: np.ptp(places(page), axis=0) / np.ptp(panned, axis=0),
        lambda growth: np.allclose(growth, np.exp(0.4), rtol=0.02),
    )
    page.mouse.dblclick(x, y)
    expect_places(page, before)


def test_another_layout_is_shown_whole_at_the_same_moment(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url)
    points(page).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("+")
    page.get_by_text("Mirrored").click()
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    width, height = points(page).evaluate("c => [c.clientWidth, c.clientHeight]")
    expect_places(page, np.array([width, height]) - expected_places(page, 1))
    expect(film(page)).to_have_attribute("data-step", "100")


def seen_from(page: Page, yaw: float, pitch: float) -> np.ndarray:
    """(4, 2) places of the demo's points in space, by rotation matrices: y up, z to the viewer."""
    (a, b), (c, d) = (np.cos(yaw), np.sin(yaw)), (np.cos(pitch), np.sin(pitch))
    upright = np.array([[a, 0, b], [0, 1, 0], [-b, 0, a]])
    level = np.array([[1, 0, 0], [0, c, -d], [0, d, c]])
    width, height = points(page).evaluate("c => [c.clientWidth, c.clientHeight]")
    radius = np.linalg.norm(IN_SPACE, axis=1).max()
    scale = (min(width, height) / 2 - MARGIN) / radius
    turned = IN_SPACE @ (level @ upright).T
    expected: np.ndarray = np.array([width, height]) / 2 + turned[:, :2] * scale * [1, -1]
    return expected


def test_points_in_space_are_turned_by_a_drag_and_by_keys(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url, "solid")
    points(page).focus()
    page.keyboard.press("Escape")  # nothing is picked: rings would hide the dots
    expect_places(page, seen_from(page, 0.35, 0.25), atol=0.8)
    box = points(page).bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=4)
    page.mouse.up()
    expect_places(page, seen_from(page, 0.65, 0.45), atol=0.8)
    page.keyboard.press("a")
    page.keyboard.press("s")
    expect_places(page, seen_from(page, 0.5, 0.6), atol=0.8)
    page.get_by_role("button", name="Again").click()
    page.get_by_text("Run again").wait_for()
    expect_places(page, seen_from(page, 0.5, 0.6), atol=0.8)


def test_points_in_space_are_turned_by_a_finger(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url, "solid", size=PHONE, touch=True)
    points(page).focus()
    page.keyboard.press("Escape")
    points(page).blur()
    box = points(page).bounding_box()
    assert box is not None
    x, y = box["x"] + 60, box["y"] + 60
    swipe(page, [(x, y), (x + 80, y)])  # at once, across
    expect_places(page, seen_from(page, 1.15, 0.25), atol=0.8)
    page.touchscreen.tap(x, y)
    expect(points(page)).to_be_focused()
    swipe(page, [(x, y), (x, y + 40)])  # once tapped, upwards too
    expect_places(page, seen_from(page, 1.15, 0.65), atol=0.8)
    visitor.photograph(page)


def test_new_frames_are_followed_and_change_nothing_else(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url, "running")
    points(page).evaluate("node => { window.before = node }")
    page.get_by_role("button", name="1", exact=True).click()
    points(page).focus()
    page.keyboard.press("+")
    reset = page.get_by_role("button", name="Show all")
    reset.wait_for()
    page.get_by_role("button", name="Train on").click()
    expect(film(page)).to_have_attribute("data-step", "20")
    assert points(page).evaluate("node => node === window.before")
    reset.wait_for()
    pressed = page.get_by_role("button", name="1", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_looking_back_stops_following_until_asked(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url, "running")
    points(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(film(page)).to_have_attribute("data-step", "0")
    page.get_by_role("button", name="Train on").click()
    expect(film(page)).to_have_attribute("data-frames", "3")
    page.wait_for_timeout(700)
    expect(film(page)).to_have_attribute("data-step", "0")
    page.get_by_role("button", name="Live", exact=True).click()
    expect(film(page)).to_have_attribute("data-step", "20")
    page.get_by_text("Finished").click()
    expect(page.get_by_role("button", name="Live", exact=True)).to_be_hidden()
    expect(film(page)).to_have_attribute("data-step", "20")


def test_film_fits_a_phone(visitor: Visitor, film_url: str) -> None:
    page = open_film(visitor, film_url, "big", size=PHONE, dark=True, touch=True)
    assert overflow(page) == 0
    boxes = [
        box for b in page.locator(".scatter-film button:visible").all() if (box := b.bounding_box())
    ]
    assert min(box["height"] for box in boxes) >= 40
    visitor.photograph(page)


def test_frames_keep_coming_with_many_points(visitor: Visitor, film_url: str) -> None:
    """No speed is asserted, since machines differ; see the benchmark for that."""
    page = open_film(visitor, film_url, "big")
    visitor.photograph(page)
    page.keyboard.press("Tab")
    points(page).focus()
    page.keyboard.press("Home")
    expect(film(page)).to_have_attribute("data-frame", "0")
    page.keyboard.press(" ")
    for frame in (2, 8, 20, 39):  # the last of them
        page.wait_for_function(
            "([film, frame]) => film.dataset.frame >= frame",
            arg=[film(page).element_handle(), frame],
        )
