"""Teaching a symbol in a browser: a hand draws it, characters pass, and it is drawn again."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core.methods.lifelong.own_symbols import read_alphabet
from tests.helpers.browser import PHONE, Visitor, overflow, settle
from tests.helpers.hand import Stroke, by_hand, canvas, draw
from tests.helpers.server import start_server

pytestmark = pytest.mark.browser

DEMO = Path(__file__).parent / "components" / "teach_demo.py"
KNOWING = ("Class means", "Streaming LDA", "Random features + ridge")


@pytest.fixture(scope="module")
def teach_url() -> Iterator[str]:
    server = start_server(DEMO)
    yield server.url
    server.stop()


def star() -> list[Stroke]:
    """In one stroke, from point to point."""
    angles = 0.8 * np.pi * np.arange(6)
    points = 0.5 + 0.38 * np.stack([np.sin(angles), -np.cos(angles)], 1)
    sides = [np.linspace(points[i], points[i + 1], 6) for i in range(5)]
    return [np.concatenate(sides)]


def bolt() -> list[Stroke]:
    corners = np.array([[0.6, 0.1], [0.25, 0.55], [0.7, 0.5], [0.35, 0.9]])
    return [np.concatenate([np.linspace(corners[i], corners[i + 1], 6) for i in range(3)])]


def paper(page: Page) -> Locator:
    return canvas(page, "Draw a symbol")


def card(page: Page, learner: str) -> Locator:
    return page.locator(".answer").filter(has=page.get_by_text(learner, exact=True))


def says(page: Page, learner: str, answer: str) -> None:
    expect(card(page, learner).locator("[data-part=answer]")).to_have_text(answer)


def sentence(page: Page) -> Locator:
    return page.locator(".sentence")


def teach(page: Page, strokes: list[Stroke], name: str) -> None:
    draw(page, paper(page), strokes)
    page.get_by_label("Its name").fill(name)
    page.get_by_role("button", name="Teach it").click()
    expect(sentence(page)).to_contain_text(f"All learners have met your {name}")
    expect(paper(page)).to_have_attribute("data-painted", "0")


def let_pass(page: Page, met: int) -> None:
    page.get_by_role("button", name="Let 100 characters pass").click()
    page.get_by_text(f"{met} characters met").wait_for()


def test_means_still_know_a_star_after_a_hundred_characters_and_fine_tuning_does_not(
    visitor: Visitor, teach_url: str
) -> None:
    page = visitor.open(teach_url)
    expect(sentence(page)).to_have_text("Draw a symbol and teach it: one example is enough.")
    expect(page.locator(".answer[data-state=none]")).to_have_count(7)
    teach(page, by_hand(star(), 0), "star")
    let_pass(page, 120)
    draw(page, paper(page), by_hand(star(), 1))
    for learner in KNOWING:
        says(page, learner, "star")
    says(page, "Fine-tuning", "character 120")
    page.get_by_text("star", exact=True).first.click()
    for learner in KNOWING:
        expect(card(page, learner)).to_have_attribute("data-state", "right")
    expect(card(page, "Fine-tuning")).to_have_attribute("data-state", "wrong")
    expect(sentence(page)).to_have_text(after_a_hundred())
    visitor.photograph(page)
    page.get_by_role("link", name="elsewhere").click()
    page.get_by_role("heading", name="Elsewhere").wait_for()
    page.get_by_role("link", name="teach").click()
    for learner in KNOWING:  # what is drawn and taught is still there
        says(page, learner, "star")
    page.get_by_text("120 characters met").wait_for()


def after_a_hundred() -> re.Pattern[str]:
    return re.compile(
        r"^After 100 more characters, .*class means, streaming LDA and ridge still know your star; "
        r".*fine-tuning says character 120, the last that it met[.;]"
    )


def test_an_alphabet_is_downloaded_deleted_and_loaded(
    visitor: Visitor, teach_url: str, tmp_path: Path
) -> None:
    page = visitor.open(teach_url)
    teach(page, by_hand(star(), 0), "star")
    teach(page, by_hand(bolt(), 0), "bolt")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the alphabet").click()
    file = tmp_path / "alphabet.json"
    download.value.save_as(file)
    assert [symbol.name for symbol in read_alphabet(file.read_bytes())] == ["star", "bolt"]
    settle(page)
    page.locator(".st-key-teach-symbol-0-delete").get_by_role("button").click()
    expect(page.get_by_text("1 example")).to_have_count(1)
    page.get_by_role("button", name="Load an alphabet").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("1 symbol joined all learners").wait_for()
    expect(page.get_by_text("1 example")).to_have_count(2)
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes(file.read_bytes()[:-30])
    page.locator("input[type=file]").set_input_files(damaged)
    page.get_by_text("damaged.json is no alphabet of Glimpse").wait_for()
    expect(page.get_by_text("1 example")).to_have_count(2)


def test_it_fits_a_phone_in_the_dark(visitor: Visitor, teach_url: str) -> None:
    page = visitor.open(teach_url, PHONE, dark=True)
    teach(page, by_hand(star(), 0), "star")
    draw(page, paper(page), by_hand(star(), 1))
    says(page, "Class means", "star")
    page.get_by_role("button", name="Teach it").click()
    page.get_by_text("This is nearly the drawing of your star").wait_for()
    settle(page)
    assert overflow(page) == 0
    visitor.photograph(page)
    page.get_by_role("button", name="Add to star").click()
    page.get_by_text("2 examples").wait_for()
