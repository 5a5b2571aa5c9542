"""A digit drawn with the mouse, or chosen as a file, appears as a star in the film."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from pages.parts.embeddings.recording import recorded_run
from pages.parts.embeddings.tracked_digits import tracked_digits
from tests.helpers.browser import Visitor, read_until

pytestmark = pytest.mark.browser

MARGIN = 20  # CSS pixels that the points leave free at the nearest edge
NUMBER = (
    481  # which stays almost as it is when it is made like MNIST's: a file is not taken as it is
)


def place(page: Page, point: int) -> tuple[float, float]:
    """Where on the canvas a point of the last frame is, in CSS pixels."""
    width, height = page.locator("canvas.points").evaluate("c => [c.clientWidth, c.clientHeight]")
    frames = recorded_run().layouts["PCA"]
    low, high = frames.min((0, 1)), frames.max((0, 1))
    scale = ((np.array([width, height]) - 2 * MARGIN) / (high - low)).min()
    x, y = (frames[-1, point] - (low + high) / 2) * scale
    return width / 2 + x, height / 2 - y


def inked(page: Page, x: float, y: float) -> int:
    """How many pixels of the 9x9 around a place have the text's colour, that of the star."""
    count: int = page.locator("canvas.points").evaluate(
        """(canvas, [x, y]) => {
            const ink = getComputedStyle(canvas).color.match(/\\d+/g).slice(0, 3).map(Number);
            const at = [x - 4, y - 4].map(Math.round);
            const { data } = canvas.getContext("2d").getImageData(...at, 9, 9);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                const isInk = ink.every((level, c) => Math.abs(data[i + c] - level) < 4);
                count += isInk && data[i + 3] > 200;
            }
            return count;
        }""",
        [x, y],
    )
    return count


def expect_star(page: Page, is_there: bool) -> None:
    read_until(
        page,
        lambda: inked(page, *place(page, NUMBER)),
        lambda count: count > 40 if is_there else count == 0,
    )


def test_a_digit_lands_where_its_components_put_it(visitor: Visitor, own_digit_url: str) -> None:
    page = visitor.open(own_digit_url)
    film = page.locator(".scatter-film")
    expect(film).to_have_attribute("data-own-point", "false")
    expect_star(page, False)
    sheet = page.locator(".pixel-canvas .surface").bounding_box()
    assert sheet is not None
    middle = sheet["x"] + sheet["width"] / 2
    page.mouse.move(middle, sheet["y"] + 30)
    page.mouse.down()
    page.mouse.move(middle, sheet["y"] + sheet["height"] - 30, steps=10)
    page.mouse.up()
    expect(film).to_have_attribute("data-own-point", "true")
    expect(page.locator(".features .count")).to_have_text("8 of 8 are 1")

    page.get_by_text("Choose a picture").click()
    file = BytesIO()
    Image.fromarray(tracked_digits()[NUMBER]).save(file, "PNG")
    chosen = FilePayload(name="digit.png", mimeType="image/png", buffer=file.getvalue())
    page.locator("input[type=file]").set_input_files(chosen)
    page.locator(f".neighbours[data-nearest^='{NUMBER} ']").wait_for()
    expect(film).to_have_attribute("data-own-point", "true")
    expect_star(page, True)
    visitor.photograph(page)
    page.get_by_role("button", name="One frame back").click()
    expect(film).to_have_attribute("data-own-point", "false")
    expect_star(page, False)
