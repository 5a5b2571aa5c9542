"""Class means move on the page with the steps, and distractors come and go."""

import pytest
from playwright.sync_api import Page

from tests.helpers.browser import PHONE, Visitor, overflow, read_until

pytestmark = pytest.mark.browser

# Where the crosses, the last trace, are drawn; and how many unlabelled drawings there are.
CROSSES = """() => {
  const last = ".live-figure .scatterlayer .trace:last-child path";
  return [...document.querySelectorAll(last)].map((it) => it.getAttribute("transform")).join();
}"""
POINTS = "() => document.querySelectorAll('.live-figure .trace path.point').length"


def crosses(page: Page) -> str:
    return str(page.evaluate(CROSSES))


def test_a_step_moves_the_means(visitor: Visitor, unlabelled_url: str) -> None:
    page = visitor.open(f"{unlabelled_url}/?soft_step=0")
    page.locator(".live-figure[data-drawn]").wait_for()
    page.get_by_text("The means have not moved yet.").wait_for()
    before = crosses(page)
    assert before.count("translate") == 5
    page.get_by_role("slider", name="Steps").press("ArrowRight")
    page.get_by_text("After one step with 25 unlabelled drawings").wait_for()
    read_until(page, lambda: crosses(page), lambda places: places != before)
    assert "soft_step=1" in page.url
    visitor.photograph(page)


def test_distractors_and_a_cluster_for_them_on_a_phone(
    visitor: Visitor, unlabelled_url: str
) -> None:
    page = visitor.open(unlabelled_url, size=PHONE, touch=True, dark=True)
    page.locator(".live-figure[data-drawn]").wait_for()
    points = page.evaluate(POINTS)
    page.get_by_text("Distractors", exact=True).last.tap()
    page.get_by_text("25 of them of other characters").wait_for()
    read_until(page, lambda: page.evaluate(POINTS), lambda now: now == points + 25)
    page.get_by_text("A cluster for them", exact=True).tap()
    read_until(page, lambda: crosses(page).count("translate"), lambda now: now == 6)
    page.locator("strong", has_text="the same, with a cluster for others").wait_for()
    assert "soft_cluster=true" in page.url
    assert overflow(page) == 0
    visitor.photograph(page)
