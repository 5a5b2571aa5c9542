"""The cabinets in a real browser: what the cells say, and how both follow the film."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.browser import PHONE, Visitor, overflow, read_until

pytestmark = pytest.mark.browser

LARGEST_CELL = 64  # CSS pixels of a side, which the cells of small films nearly have
EDGE = 2  # CSS pixels around them all
FREE, INKED = (0.2, 0.2), (0.5, 0.5)  # places in a cell beside the cross and on it


def root(page: Page) -> Locator:
    return page.locator(".cabinet")


def open_cabinet(visitor: Visitor, url: str, name: str = "", **how: Any) -> Page:
    page = visitor.open(f"{url}/{name}", **how)
    expect(root(page)).to_have_attribute("data-frame", re.compile(r"\d+"))
    read_until(page, lambda: bool(page.evaluate("globalThis.glimpseFilmPictures?.size")), bool)
    return page


def side(page: Page, name: str) -> Locator:
    return page.locator(f".side[data-side={name}]")


def cells(page: Page, name: str) -> Locator:
    return side(page, name).locator("canvas.cells")


def accuracy(page: Page, name: str) -> Locator:
    return side(page, name).locator(".accuracy")


def seek(page: Page, position: float) -> None:
    page.get_by_role("slider").evaluate(
        "(node, to) => { node.value = to; node.dispatchEvent(new Event('input')) }", position
    )


def place_of(page: Page, name: str, index: int, within: tuple[float, float]) -> tuple[float, float]:
    """A place in a cell, in CSS pixels of its canvas."""
    width: float = cells(page, name).evaluate("canvas => canvas.clientWidth")
    columns = int(np.ceil(width / LARGEST_CELL))
    row, column = divmod(index, columns)
    cell = (width - 2 * EDGE) / columns
    return EDGE + (column + within[0]) * cell, EDGE + (row + within[1]) * cell


def colour(
    page: Page, name: str, index: int, within: tuple[float, float] = FREE
) -> tuple[int, ...]:
    """Red, green, blue and opacity at a place in a cell."""
    found: list[int] = cells(page, name).evaluate(
        """(canvas, place) => {
            const [x, y] = place.map((at) => Math.round(at * canvas.width / canvas.clientWidth));
            return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
        }""",
        list(place_of(page, name, index, within)),
    )
    return tuple(found)


def strength(page: Page, name: str, index: int) -> float:
    """How much darker the drawing of a cell is than what is beside it, on white paper."""

    def grey(within: tuple[float, float]) -> float:
        *levels, opacity = colour(page, name, index, within)
        return 255 + (sum(levels) / 3 - 255) * opacity / 255

    return grey(FREE) - grey(INKED)


def expect_known(page: Page, name: str, known: str) -> None:
    """What the cells show, a letter each: blue for right, red for wrong, and an empty one."""

    def shown() -> str:
        letters = ""
        for index in range(12):
            red, _, blue, opacity = colour(page, name, index)
            letters += "-" if opacity == 0 else "r" if blue > red else "w"
        return letters

    read_until(page, shown, lambda found: found == known)


def test_cells_are_right_wrong_or_not_met(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url)
    seek(page, 1)
    expect_known(page, "left", "wwwrrr------")
    expect_known(page, "right", "rrrrrr------")
    strengths = [strength(page, "left", index) for index in (0, 3, 6)]
    wrong, right, not_met = strengths
    assert right > 1.5 * wrong and wrong > 1.5 * not_met and 10 < not_met < 50
    visitor.photograph(page)


def test_the_more_are_right_the_bluer_is_a_cell(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url)
    page.get_by_label("Learner of the left cabinet").select_option("By turns")
    expect(accuracy(page, "left")).to_have_text("50.0 %")
    colours = [colour(page, "left", index) for index in range(6)]
    blueness = np.array([blue - red for red, _, blue, _ in colours])
    assert (np.diff(blueness) > 10).all()


def test_the_class_just_met_has_a_ring(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url)

    def rings() -> list[int]:
        """The cells with something dark on their lower edge."""
        edges = [colour(page, "right", index, (0.2, 1)) for index in range(12)]
        return [i for i, edge in enumerate(edges) if edge[3] == 255 and sum(edge[:3]) < 200]

    found: list[int] = []
    for frame in range(4):
        seek(page, frame)
        shown = read_until(page, rings, lambda rings: len(rings) == 1)
        found += shown
    assert found == [2, 5, 8, 11]


def test_slider_moves_both_cabinets_the_note_and_the_line_in_a_chart(
    visitor: Visitor, cabinet_url: str
) -> None:
    page = open_cabinet(visitor, cabinet_url)
    expect(page.locator(".note")).to_have_text("12 of 12 classes met")
    for frame, (left, known) in enumerate(
        [("100.0 %", "rrr---------"), ("50.0 %", "wwwrrr------"), ("33.3 %", "wwwwwwrrr---")]
    ):
        seek(page, frame)
        note = f"{3 * (frame + 1)} of 12 classes met"
        expect(page.locator(".note")).to_have_text(note)
        expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", note)
        expect(page.locator(".spoken")).to_have_text(
            f"{note}. Fine-tuning: {left} right. Class means: 100.0 % right"
        )
        expect(accuracy(page, "left")).to_have_text(left)
        expect(accuracy(page, "right")).to_have_text("100.0 %")
        expect_known(page, "left", known)
        expect_known(page, "right", known.replace("w", "r"))
        moment = page.evaluate("globalThis.glimpseFilmMoments.get('recorded')")
        assert moment == {"frame": frame, "step": 3 * (frame + 1), "learners": [0, 1]}
    page.locator(".live-figure-marker").wait_for()


def test_film_plays_to_its_end_and_keys_step(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url)
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    expect(root(page)).to_have_attribute("data-step", "12")
    page.get_by_role("slider").focus()
    for key, step in (("ArrowLeft", 9), ("Home", 3), ("ArrowRight", 6), ("End", 12)):
        page.keyboard.press(key)
        expect(root(page)).to_have_attribute("data-step", str(step))
    page.keyboard.press(" ")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for()


def test_a_choice_changes_its_cabinet_alone_and_all_is_kept(
    visitor: Visitor, cabinet_url: str
) -> None:
    page = open_cabinet(visitor, cabinet_url)
    choice = page.get_by_label("Learner of the left cabinet")
    choice.select_option("Class means")
    page.get_by_role("button", name="Speed").click()
    seek(page, 1)

    def expect_kept() -> None:
        expect(choice).to_have_value("Class means")
        expect(accuracy(page, "left")).to_have_text("100.0 %")
        expect(root(page)).to_have_attribute("data-step", "6")
        expect(page.get_by_role("button", name="Speed")).to_have_text("2×")
        expect_known(page, "left", "rrrrrr------")

    expect_kept()
    page.get_by_role("button", name="Again").click()
    page.get_by_text("Run 1 times").wait_for()
    expect_kept()
    page.get_by_role("link", name="sorting").click()
    expect(page.locator(".note")).to_have_text("0 % sorted")
    page.get_by_role("link", name="recorded").click()
    expect(page.get_by_role("button", name="Again")).to_be_visible()
    expect_kept()


def test_new_frames_are_followed_until_one_looks_back(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url, "running")
    train = page.get_by_role("button", name="Train on")
    expect(accuracy(page, "left")).to_have_text("50.0 %")
    train.click()
    expect(accuracy(page, "left")).to_have_text("33.3 %")
    read_until(page, lambda: colour(page, "right", 8)[3], lambda opacity: opacity == 255)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(root(page)).to_have_attribute("data-step", "6")
    train.click()
    expect(root(page)).to_have_attribute("data-frames", "4")
    live = page.get_by_role("button", name="Live", exact=True)
    expect(live).to_have_attribute("aria-pressed", "false")
    expect(root(page)).to_have_attribute("data-step", "6")
    live.click()
    expect(accuracy(page, "left")).to_have_text("25.0 %")


def test_pointer_and_keys_tell_of_a_cell(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url)
    seek(page, 1)
    tooltip = side(page, "left").locator(".tooltip")
    for index, text in ((0, "met as number 1: 0 of 5 right"), (6, "number 7: not met yet")):
        x, y = place_of(page, "left", index, INKED)
        cells(page, "left").hover(position={"x": x, "y": y})
        expect(tooltip).to_have_text(text)
    cells(page, "right").hover(position={"x": x, "y": y})
    expect(tooltip).to_be_hidden()
    page.get_by_label("Learner of the left cabinet").focus()
    page.keyboard.press("Tab")
    expect(cells(page, "left")).to_be_focused()
    for key, text in (("", "number 6: 5"), ("p", "number 5: 5"), ("n", "number 6: 5")):
        if key:
            page.keyboard.press(key)
        expect(tooltip).to_contain_text(text)
    visitor.photograph(page)
    page.keyboard.press("Escape")
    expect(tooltip).to_be_hidden()


def test_an_order_has_words_at_its_ends_and_need_not_play(
    visitor: Visitor, cabinet_url: str
) -> None:
    page = open_cabinet(visitor, cabinet_url, "sorting")
    expect(page.get_by_role("slider", name="Order")).to_have_attribute(
        "aria-valuetext", "0 % sorted"
    )
    expect(page.locator(".ends")).to_have_text(re.compile("shuffled.*class after class", re.S))
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(page.get_by_text("not met yet")).to_be_hidden()
    page.get_by_role("slider").focus()
    page.keyboard.press(" ")
    expect(root(page)).to_have_attribute("data-frame", "0")
    expect_known(page, "left", "r" * 12)
    page.keyboard.press("End")
    expect(accuracy(page, "left")).to_have_text("0.0 %")
    expect_known(page, "left", "w" * 12)
    expect_known(page, "right", "r" * 12)


def test_less_motion_shows_no_moment_in_between(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url, "sorting")
    seek(page, 0)
    first = colour(page, "left", 0)
    seek(page, 1)
    second = colour(page, "left", 0)
    seek(page, 0.4)
    between = colour(page, "left", 0)
    assert first[2] > between[2] > second[2]
    page.emulate_media(reduced_motion="reduce")
    seek(page, 0.4)
    assert colour(page, "left", 0) == first


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_600_classes_fit(visitor: Visitor, cabinet_url: str, dark: bool) -> None:
    page = open_cabinet(visitor, cabinet_url, "big", dark=dark)
    seek(page, 20)
    left, right = (cells(page, name).bounding_box() for name in ("left", "right"))
    assert left and right
    assert left["y"] == right["y"] and left["x"] + left["width"] < right["x"]
    assert left["height"] == pytest.approx(0.6 * left["width"], rel=0.1)
    visitor.photograph(page)


def test_cabinets_fit_a_phone(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url, "big", size=PHONE, touch=True)
    seek(page, 20)
    assert overflow(page) == 0
    upper, lower = (cells(page, name).bounding_box() for name in ("left", "right"))
    assert upper and lower
    assert upper["x"] == lower["x"] and upper["y"] + upper["height"] < lower["y"]
    assert upper["height"] < 300
    parts = page.locator(".cabinet button:visible, .cabinet select").all()
    boxes = [box for part in parts if (box := part.bounding_box())]
    assert min(box["height"] for box in boxes) >= 40
    visitor.photograph(page)


def test_a_film_at_rest_asks_for_no_frames(visitor: Visitor, cabinet_url: str) -> None:
    page = open_cabinet(visitor, cabinet_url)
    page.get_by_role("slider").press("End")
    asked: int = page.evaluate(
        """async () => {
            const own = window.requestAnimationFrame.bind(window);
            const frames = async (n) => { while (n--) await new Promise(own); };
            await frames(10);  // what the key set in motion
            let asked = 0;
            window.requestAnimationFrame = (paint) => (asked++, own(paint));
            await frames(30);
            window.requestAnimationFrame = own;
            return asked;
        }"""
    )
    assert asked == 0
