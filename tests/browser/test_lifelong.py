"""The Lifelong page in a browser: who forgets, and what the order has to do with it."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.methods.lifelong.snapshot import LEARNER_NAMES, NOT_MET
from pages.parts.lifelong.frames import LEARNERS, recorded_stream
from tests.helpers.browser import DESKTOP, PHONE, Visitor, overflow, settle
from tests.helpers.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("runs")]

TUNING, MEANS = (LEARNER_NAMES.index(name) for name in ("tuning", "means"))


def open_page(visitor: Visitor, server: Server, **how: object) -> Page:
    page = visitor.open(f"{server.url}/lifelong", **how)  # type: ignore[arg-type]
    film(page).wait_for()
    return page


def film(page: Page) -> Locator:
    """The cabinets of the recorded stream."""
    return page.locator(".cabinet").first


def orders(page: Page) -> Locator:
    """The cabinets of the order slider."""
    slider = page.get_by_role("slider", name="How sorted the examples are")
    return page.locator(".cabinet").filter(has=slider)


def accuracy(cabinet: Locator, side: str) -> Locator:
    return cabinet.locator(f".side[data-side={side}] .accuracy")


def move(cabinet: Locator, key: str) -> None:
    slider = cabinet.get_by_role("slider")
    slider.focus()
    slider.press(key)


def test_the_stream_plays_to_its_end_and_fine_tuning_has_forgotten(
    server: Server, visitor: Visitor
) -> None:
    page = open_page(visitor, server)
    note = film(page).locator(".note")
    note.filter(has_text="600 of 600 classes, 9,000 labels spent").wait_for()
    last = recorded_stream().accuracy[-1]
    expect(accuracy(film(page), "left")).to_have_text(f"{100 * last[TUNING]:.1f} %")
    expect(accuracy(film(page), "right")).to_have_text(f"{100 * last[MEANS]:.1f} %")
    assert last[TUNING] < 0.01 and last[MEANS] > 0.85

    film(page).get_by_role("combobox").first.select_option(label=LEARNERS[-1])
    expect(accuracy(film(page), "left")).to_have_text(f"{100 * last[-1]:.1f} %")
    move(film(page), "Home")
    note.filter(has_text="0 of 600 classes").wait_for()
    expect(accuracy(film(page), "right")).to_have_text("–")


def test_the_order_moves_fine_tuning_and_leaves_class_means_where_they_are(
    server: Server, visitor: Visitor
) -> None:
    page = open_page(visitor, server)
    left, right = (accuracy(orders(page), side) for side in ("left", "right"))
    orders(page).scroll_into_view_if_needed()
    expect(orders(page).locator(".note")).to_have_text("Examples come shuffled")
    shuffled, means = left.inner_text(), right.inner_text()
    move(orders(page), "End")
    expect(orders(page).locator(".note")).to_have_text("Examples come class after class")
    expect(left).not_to_have_text(shuffled)
    assert float(left.inner_text().split()[0]) < 2 < 25 < float(shuffled.split()[0])
    expect(right).to_have_text(means)
    visitor.photograph(page, "sorted")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_all_of_the_page_is_there_and_nothing_is_wider_than_the_screen(
    server: Server, visitor: Visitor, size: dict[str, int]
) -> None:
    page = open_page(visitor, server, size=size)
    page.get_by_text("What each does with an example").wait_for()
    settle(page)
    assert overflow(page) == 0
    assert page.get_by_test_id("stException").count() == 0
    visitor.photograph(page)


def test_a_link_to_a_section_shows_its_heading(server: Server, visitor: Visitor) -> None:
    page = visitor.open(f"{server.url}/lifelong#look-inside")
    page.get_by_text("What each does with an example").wait_for()
    page.wait_for_function("document.querySelectorAll('.live-figure[data-drawn]').length > 4")
    page.wait_for_function(
        """() => {
          const { top } = document.getElementById("look-inside").getBoundingClientRect();
          return top > 0 && top < 160;
        }"""
    )


def test_the_table_is_saved_as_a_file(server: Server, visitor: Visitor, tmp_path: Path) -> None:
    page = open_page(visitor, server)
    page.get_by_test_id("stExpander").locator("summary").filter(has_text="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as CSV").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    lines = path.read_text().splitlines()
    assert path.name == "lifelong.csv" and lines[0] == "classes_met,learner,label,class,right,asked"
    assert len(lines) == 1 + int((recorded_stream().right != NOT_MET).sum())
