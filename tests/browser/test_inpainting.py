"""The Inpainting page in a real browser: a hand paints, and the completions follow."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from pages.parts.inpainting.masks import preset_visible_mask
from tests.helpers.browser import (
    DESKTOP,
    PHONE,
    Visitor,
    after_frames,
    overflow,
    read_until,
    settle,
)
from tests.helpers.server import Server

pytestmark = pytest.mark.browser
BRUSH = 4  # pixels of the digit
READ_PIXELS = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
SMALLEST_TEXT = """part => Math.min(...[...part.querySelectorAll("*")].map(
  (each) => parseFloat(getComputedStyle(each).fontSize)))"""
Point = tuple[float, float]


def open_unmasked(visitor: Visitor, server: Server, touch: bool = False) -> Page:
    address = f"{server.url}/inpainting?mask=nothing"
    page = visitor.open(address, PHONE, touch=True) if touch else visitor.open(address)
    page.get_by_text("Nothing is hidden").wait_for()
    return page


def pixels(canvas: Locator) -> np.ndarray:
    """(28, 28, 4) as they are on screen."""
    return np.array(canvas.evaluate(READ_PIXELS), np.uint8).reshape(28, 28, 4)


def picture(page: Page, name: str) -> np.ndarray:
    """The grey levels (28, 28) of a completion."""
    return pixels(page.locator(f"figure[data-name='{name}'] canvas"))[..., 0]


def hidden(page: Page) -> np.ndarray:
    """What is painted, read from the canvas: covered pixels are nearly clear."""
    return np.asarray(pixels(page.locator("canvas.picture"))[..., 3] < 255)


def stroke(page: Page) -> tuple[list[Point], np.ndarray]:
    """Whole points on screen, down the middle, and the pixels that a brush along them covers."""
    surface = page.locator(".surface")
    surface.scroll_into_view_if_needed()
    box = page.locator("canvas.picture").bounding_box()
    assert box is not None
    x = round(box["x"] + 0.51 * box["width"])
    ys = [round(box["y"] + share * box["height"]) for share in (0.2, 0.35, 0.5, 0.65, 0.8)]
    rows, columns = np.indices((28, 28)) + 0.5
    place = (x - box["x"]) / box["width"] * 28
    top, bottom = ((y - box["y"]) / box["height"] * 28 for y in (ys[0], ys[-1]))
    away = np.hypot(columns - place, rows - rows.clip(top, bottom))
    return [(x, y) for y in ys], away <= BRUSH / 2


def expect_completed(page: Page, painted: np.ndarray) -> None:
    """The mask is what was painted, pixel by pixel, and completions differ there and nowhere."""
    page.get_by_text("pixels are hidden").wait_for()
    wait_for_same(page, lambda: hidden(page), painted)
    wait_for_same(page, lambda: mask_in_address(page), np.where(painted, 0, 1))
    truth = picture(page, "Truth")
    for name in ("U-Net", "Autoencoder", "Telea", "Sample 1"):
        read_until(
            page,
            lambda name=name: picture(page, name) != truth,  # type: ignore[misc]
            lambda changed: bool(changed[painted].any() and not changed[~painted].any()),
        )


def mask_in_address(page: Page) -> np.ndarray:
    (address,) = parse_qs(urlsplit(page.url).query).get("mask", ["nothing"])
    return preset_visible_mask(address, 0, 75)


def wait_for_same(page: Page, read: Callable[[], np.ndarray], expected: np.ndarray) -> None:
    read_until(page, read, lambda found: np.array_equal(found, expected))


def expect_on_first_screen(page: Page, part: str) -> None:
    """The part comes to lie within the window's height."""
    read_until(
        page,
        lambda: page.locator(part).bounding_box(),
        lambda box: box is not None and box["y"] + box["height"] <= DESKTOP["height"],
    )


def test_the_completions_follow_the_mouse(visitor: Visitor, server: Server) -> None:
    page = open_unmasked(visitor, server)
    wait_for_same(page, lambda: picture(page, "U-Net"), picture(page, "Truth"))
    controls = page.locator(".film").locator("button, input")
    for control in controls.all():
        expect(control).to_be_disabled()
    (first, *others), painted = stroke(page)
    page.mouse.move(*first)
    page.mouse.down()
    for point in others:
        page.mouse.move(*point, steps=5)
    page.mouse.up()
    expect_completed(page, painted)
    for control in controls.all():
        expect(control).to_be_enabled()
    visitor.photograph(page, "painted")


def test_the_completions_follow_a_finger(visitor: Visitor, server: Server) -> None:
    page = open_unmasked(visitor, server, touch=True)
    points, painted = stroke(page)
    finger = page.context.new_cdp_session(page)
    path = [{"x": x, "y": y} for x, y in points]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": path[:1]})
    for point in path[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_completed(page, painted)
    assert overflow(page) == 0
    visitor.photograph(page, "painted")


def test_the_film_plays_scrubs_and_fits_the_first_screen(visitor: Visitor, server: Server) -> None:
    page = visitor.open(f"{server.url}/inpainting?mask=box")
    step = page.locator(".film output")
    expect(step).to_have_text("step 8 of 8")
    for part in ("canvas.picture", ".completions"):
        expect_on_first_screen(page, part)
    assert page.locator(".completions").evaluate(SMALLEST_TEXT) >= 13, "a projector shows it"
    after_frames(page)
    last = picture(page, "Sample 1")
    page.get_by_label("Sampler's step").press("Home")
    expect(step).to_have_text("before the first step")
    mean = picture(page, "U-Net")
    wait_for_same(page, lambda: picture(page, "Sample 1"), mean)  # with which it begins
    page.get_by_role("button", name="Play the film").click()
    expect(step).to_have_text("step 8 of 8")
    wait_for_same(page, lambda: picture(page, "Sample 1"), last)
    page.get_by_role("button", name="Sampler").click()
    steps = page.get_by_role("slider", name="Steps")
    expect(steps).to_have_value("8")
    steps.press("ArrowLeft")
    expect(step).to_have_text("step 7 of 7")
    expect(page).to_have_url(re.compile("fill_steps=7"))


def test_another_digit_keeps_the_mask_and_so_does_another_page(
    visitor: Visitor, server: Server
) -> None:
    page = visitor.open(f"{server.url}/inpainting?mask=box&digit=12")
    page.get_by_text("196 of 784 pixels").wait_for()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Number")).to_have_value("22")
    page.get_by_text("196 of 784 pixels").wait_for()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.locator("h1")).to_have_text("Runs")
    settle(page)
    page.get_by_role("link", name="Inpainting", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Number")).to_have_value("22")
    page.get_by_text("196 of 784 pixels").wait_for()


@pytest.mark.parametrize(
    ("way", "opened"),
    [("Draw one", ".pixel-canvas[data-mode=draw]"),
     ("Choose a picture", "[data-testid=stFileUploader]")],
)  # fmt: skip
def test_what_a_digit_of_one_s_own_is_made_with_opens_beside_the_answers(
    visitor: Visitor, server: Server, way: str, opened: str
) -> None:
    page = visitor.open(f"{server.url}/inpainting")
    page.get_by_role("radio", name=way).click()
    for part in (opened, ".completions"):
        expect(page.locator(part)).to_be_visible()
        expect_on_first_screen(page, part)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    visitor.photograph(page, way)


def test_a_file_that_is_too_large_is_refused_with_the_limit(
    visitor: Visitor, server: Server
) -> None:
    page = visitor.open(f"{server.url}/inpainting")
    page.get_by_role("radio", name="Choose a picture").click()
    large = {"name": "large.png", "mimeType": "image/png", "buffer": bytes(5 * 2**20 + 1)}
    page.locator("input[type=file]").set_input_files(large)  # type: ignore[arg-type]
    expect(page.get_by_role("alert")).to_contain_text("5.0MB or smaller")  # under a mouse
    expect(page.get_by_text("dark on light or light on dark, at most 5 MB").first).to_be_visible()
