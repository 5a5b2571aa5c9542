"""The HTML film, opened as a file in a real browser: it plays and steps, and asks for nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from core.export.film_html import film_html
from core.figures.few_shot import TaskFrames
from core.figures.pictures import CLASS_COLOURS
from tests.helpers.browser import DESKTOP, PATIENCE_MS, PHONE, after_frames
from tests.helpers.server import OUTPUT
from tests.helpers.task_films import ASKED, CAPTION, STEPS, film, undecided_at_first

pytestmark = pytest.mark.browser

SHAPES = [(5, 1, 5), (2, 10, 10), (20, 1, 5)]


class Cinema:
    """Opens films from a folder, and notes whatever they complain of or ask for."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._file = folder / "film.html"
        self.complaints: list[str] = []

    def open(self, task: TaskFrames, **how: Any) -> Page:
        self._file.write_bytes(film_html(task, CAPTION))
        context = self._browser.new_context(**{"viewport": DESKTOP, **how})
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", self._hear)
        page.on("request", self._see)
        page.goto(self._file.as_uri())
        expect(page.locator(".film")).to_have_attribute("data-step", "0")
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        self.complaints.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if request.url != self._file.as_uri() and not request.url.startswith("data:image/png"):
            self.complaints.append(f"request: {request.url}")


@pytest.fixture
def cinema(browser: Browser, tmp_path: Path) -> Iterator[Cinema]:
    opened = Cinema(browser, tmp_path)
    yield opened
    assert opened.complaints == []


def expect_step(page: Page, step: int) -> None:
    """After step s the first s of the queries are right, 60 + 5 s % sure."""
    share = f"{100 * step / ASKED:.0f}%"
    expect(page.locator(".film")).to_have_attribute("data-step", str(step))
    expect(page.locator(".now")).to_have_text(f"Step {step} of {STEPS} · {share} right")
    expect(page.locator(".accuracy")).to_have_text(share)
    expect(page.locator(".tally")).to_have_text(f"{step} of {ASKED} right")
    expect(page.locator(".loss")).to_have_text(f"{2.0**-step:.3f}")
    expect(page.locator(".scrubber")).to_have_value(str(step))
    truth, taken_for = "AABBCC", "BBCCAA"
    answers = truth[:step] + taken_for[step:]
    expect(page.locator(".answer")).to_have_text([f"{a} {60 + 5 * step}%" for a in answers])
    expect(page.locator(".query.wrong")).to_have_count(ASKED - step)


def test_keys_step_through_the_film(cinema: Cinema) -> None:
    page = cinema.open(film())
    expect_step(page, 0)
    for step in (1, 2):
        page.keyboard.press("ArrowRight")
        expect_step(page, step)
    page.keyboard.press("ArrowLeft")
    expect_step(page, 1)
    page.keyboard.press("End")
    expect_step(page, STEPS)
    page.keyboard.press("ArrowRight")  # there is no further
    expect_step(page, STEPS)
    page.keyboard.press("Home")
    expect_step(page, 0)


def test_the_slider_scrubs_by_mouse_and_by_key(cinema: Cinema) -> None:
    page = cinema.open(film())
    slider = page.get_by_role("slider", name="Inner step")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_step(page, STEPS // 2)
    slider.press("ArrowRight")
    expect_step(page, STEPS // 2 + 1)


def test_the_film_plays_to_its_end_and_pauses_on_the_way(cinema: Cinema) -> None:
    page = cinema.open(film())
    page.keyboard.press(" ")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for()
    reached = int(page.locator(".film").get_attribute("data-step") or "")
    page.wait_for_timeout(1500)
    expect_step(page, reached)
    page.get_by_role("button", name="Play").click()
    expect_step(page, STEPS)
    page.get_by_role("button", name="Play").wait_for()
    page.get_by_role("button", name="Play").click()  # from the start again
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("End")  # a step takes over
    page.get_by_role("button", name="Play").wait_for()


def test_a_wrong_answer_is_marked_by_more_than_colour(cinema: Cinema) -> None:
    page = cinema.open(film())
    page.keyboard.press("ArrowRight")
    expect_step(page, 1)
    right, wrong = page.locator(".query .picture").nth(0), page.locator(".query .picture").nth(1)
    border = "box => getComputedStyle(box).borderTopColor"
    cross = "box => getComputedStyle(box, '::after').content"
    assert right.evaluate(border) == "rgba(0, 0, 0, 0)" and right.evaluate(cross) == "none"
    assert wrong.evaluate(border) != "rgba(0, 0, 0, 0)" and wrong.evaluate(cross) == '"×"'
    assert wrong.evaluate("box => getComputedStyle(box).borderTopStyle") == "dashed"
    page.get_by_role("img", name="Class A, taken for B 65%, wrong").wait_for()
    page.get_by_role("img", name="Class A, taken for A 65%", exact=True).wait_for()


def test_who_is_undecided_is_grey_and_not_wrong(cinema: Cinema) -> None:
    page = cinema.open(undecided_at_first())
    expect(page.locator(".answer")).to_have_text(["? 33%"] * ASKED)
    expect(page.locator(".query.wrong")).to_have_count(0)
    expect(page.locator(".tally")).to_have_text("by guessing")
    expect(page.get_by_role("img", name="Class A, undecided")).to_have_count(2)
    page.keyboard.press("ArrowRight")
    expect_step(page, 1)


def test_the_pictures_are_drawn_in_the_colour_of_their_answer(cinema: Cinema) -> None:
    page = cinema.open(film())
    page.keyboard.press("ArrowRight")
    expect_step(page, 1)
    after_frames(page)
    pixels: list[int] = (
        page.locator(".query canvas")
        .nth(1)
        .evaluate("canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]")
    )
    ink = film().query[1].flatten().tolist()
    assert pixels[3::4] == ink
    solid = ink.index(255)
    assert bytes(pixels[4 * solid : 4 * solid + 3]).hex() == CLASS_COLOURS[1][1:]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape_fits_a_desktop_and_a_phone(
    cinema: Cinema, shape: tuple[int, int, int], dark: bool
) -> None:
    OUTPUT.mkdir(exist_ok=True)
    for size, name in ((DESKTOP, "desktop"), (PHONE, "phone")):
        theme = "dark" if dark else "light"
        page = cinema.open(film(*shape), viewport=size, color_scheme=theme)
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(int(part) for part in re.findall(r"\d+", paper)[:3]) / 3
        assert brightness < 60 if dark else brightness > 200
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        # The controls are in sight from the first.
        expect(page.get_by_role("button", name="Play")).to_be_in_viewport()
        page.screenshot(path=OUTPUT / f"film-{shape[0]}-ways-{name}-{theme}.png")
