"""The section of downloads in a real browser: files are made when asked for."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.browser import PHONE, Visitor, overflow, read_until, settle

pytestmark = pytest.mark.browser


def test_a_file_is_made_when_asked_for_as_often_as_asked(
    visitor: Visitor, downloads_url: str
) -> None:
    page = visitor.open(downloads_url)
    for number in (0, 0, 1):
        page.get_by_label("Number").fill(str(number))
        page.get_by_label("Number").press("Enter")
        page.get_by_text(f"fine-{number}.txt").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="Fine").click()
        assert download.value.suggested_filename == f"fine-{number}.txt"
        assert Path(download.value.path()).read_text() == f"Fine {number}"
    settle(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    visitor.photograph(page)


def alerts(page: Page, sentence: str) -> None:
    # The box begins with its icon, whose name is a text too.
    expect(page.get_by_test_id("stAlertContentError")).to_have_text(f"error{sentence}")


def test_a_file_that_cannot_be_made_is_one_sentence_at_its_place(
    visitor: Visitor, downloads_url: str
) -> None:
    page = visitor.open(downloads_url)
    page.get_by_role("button", name="Refused").click()
    alerts(page, "This film is too long: choose fewer steps.")
    visitor.photograph(page)
    places = (
        page.get_by_role("button", name="Refused"),
        page.get_by_test_id("stAlertContentError"),
        page.get_by_role("button", name="Broken"),
    )
    read_until(
        page,
        lambda: [box["y"] for place in places if (box := place.bounding_box())],
        lambda tops: len(tops) == len(places) and tops == sorted(tops),
    )
    page.get_by_role("button", name="Broken").click()
    alerts(
        page,
        "broken-0.txt could not be made because of a bug in Glimpse: the terminal that Glimpse "
        "runs in shows the error.",
    )
    with page.expect_download():
        page.get_by_role("button", name="Fine").click()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_command_link_and_files_follow_the_settings(visitor: Visitor, downloads_url: str) -> None:
    page = visitor.open(downloads_url)
    expect(page.get_by_role("button", name="Fine")).to_have_count(1)
    page.get_by_label("Number").fill("42")
    page.get_by_label("Number").press("Enter")
    page.get_by_text("fine-42.txt").wait_for()
    expect(page).to_have_url(re.compile(r"\?number=42$"))
    link = page.url.replace("/?", "?")
    expect(page.locator("code")).to_have_text(["python -m core train maml --seed 42", link])
    expect(page.get_by_role("button", name="Fine")).to_have_count(1)
    expect(page.get_by_role("heading")).to_have_count(1)
    again = visitor.open(link)
    expect(again.get_by_label("Number")).to_have_value("42")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_section_fits_a_phone(visitor: Visitor, downloads_url: str, dark: bool) -> None:
    page = visitor.open(downloads_url, PHONE, dark=dark, touch=True)
    page.get_by_role("button", name="Broken").wait_for()
    assert overflow(page) == 0
    visitor.photograph(page)
