"""The HTML film of a stream, opened as a file without a network: it plays, and learners change."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.export.cabinet import NOT_MET
from core.export.stream_html import stream_html
from tests.helpers.browser import DESKTOP, PATIENCE_MS, PHONE, after_frames, read_until
from tests.helpers.cabinet_films import stream
from tests.helpers.server import OUTPUT
from tests.helpers.task_films import CAPTION

pytestmark = pytest.mark.browser

FILM = stream(4)
TUNING, MEANS, TURNS = range(3)
LARGEST_CELL, EDGE = 64, 2  # CSS pixels of a cell, and around them all


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    file = tmp_path / "lifelong.html"
    file.write_bytes(stream_html(FILM, (TUNING, MEANS), CAPTION))
    context = browser.new_context(viewport=DESKTOP, color_scheme=request.param, offline=True)
    context.set_default_timeout(PATIENCE_MS)
    opened, complaints = context.new_page(), []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert complaints == []


def root(page: Page) -> Locator:
    return page.locator(".stream")


def expect_cells(page: Page, side: str, frame: int, learner: int) -> None:
    """All cells are blue, red or empty as the film says, the more are right the bluer."""

    def known() -> str:
        canvas = page.locator(f".side[data-side={side}] canvas.cells")
        pixels: list[list[int]] = canvas.evaluate(
            """(canvas, [largest, edge, count]) => {
                const columns = Math.ceil(canvas.clientWidth / largest);
                const cell = (canvas.clientWidth - 2 * edge) / columns;
                const scale = canvas.width / canvas.clientWidth;
                const pen = canvas.getContext("2d");
                return Array.from({ length: count }, (_, i) => {
                    const place = [i % columns, Math.floor(i / columns)];
                    const [x, y] = place.map((at) => (edge + (at + 0.2) * cell) * scale);
                    return [...pen.getImageData(Math.round(x), Math.round(y), 1, 1).data];
                });
            }""",
            [LARGEST_CELL, EDGE, FILM.right.shape[2]],
        )
        return "".join(
            "-" if opacity == 0 else "r" if blue > red else "w" for red, _, blue, opacity in pixels
        )

    expected = "".join(
        "-" if right == NOT_MET else "r" if right > FILM.asked / 2 else "w"
        for right in FILM.right[frame, learner].tolist()
    )
    read_until(page, known, lambda found: found == expected)


def expect_accuracy(page: Page, side: str, frame: int, learner: int) -> None:
    share = FILM.accuracy[frame, learner]
    expect(page.locator(f".side[data-side={side}] .accuracy")).to_have_text(f"{100 * share:.1f} %")


def test_it_plays_to_the_end_and_learners_change(page: Page) -> None:
    page.get_by_role("button", name="Play").wait_for()  # it began by itself, and has come to rest
    expect(root(page)).to_have_attribute("data-step", "12")
    expect(page.locator(".now")).to_have_text("12 of 12 classes met")
    expect_accuracy(page, "left", 3, TUNING)
    expect_cells(page, "left", 3, TUNING)
    page.get_by_label("Learner of the left cabinet").select_option("By turns")
    expect_accuracy(page, "left", 3, TURNS)
    expect_cells(page, "left", 3, TURNS)
    expect_accuracy(page, "right", 3, MEANS)
    expect_cells(page, "right", 3, MEANS)


def test_keys_buttons_and_the_slider_step_through_it(page: Page) -> None:
    for key, frame in (("Home", 0), ("ArrowRight", 1), ("on", 2), ("ArrowLeft", 1), ("End", 3)):
        if key == "on":
            page.get_by_role("button", name="One step on").click()
        else:
            page.keyboard.press(key)
        expect(root(page)).to_have_attribute("data-frame", str(frame))
        expect(page.get_by_role("slider")).to_have_value(str(frame))
        expect_cells(page, "left", frame, TUNING)
        expect_cells(page, "right", frame, MEANS)
    page.get_by_role("button", name="Speed").click()
    expect(page.get_by_role("button", name="Speed")).to_have_text("2×")
    page.keyboard.press("Home")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()


def test_a_cell_says_what_is_known_of_it(page: Page) -> None:
    page.keyboard.press("Home")
    canvas = page.locator(".side[data-side=right] canvas.cells")
    tooltip = page.locator(".side[data-side=right] .tooltip")
    for column, words in ((0, "met as number 1: 5 of 5 right"), (4, "number 5: not met yet")):
        canvas.hover(position={"x": EDGE + (column + 0.5) * 58, "y": 20})
        expect(tooltip).to_be_visible()
        expect(tooltip).to_have_text(words)
    expect(page.locator(".side[data-side=left] .tooltip")).to_be_hidden()


def test_it_fits_a_phone(page: Page) -> None:
    page.keyboard.press("Home")
    page.set_viewport_size(PHONE)
    after_frames(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("button", name="Play")).to_be_in_viewport()
    expect_cells(page, "left", 0, TUNING)
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / "stream-html-phone.png")
