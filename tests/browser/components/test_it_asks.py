"""Questions of a learner are answered by clicks, and what it knows moves with them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from core.methods.lifelong.asking import NEW, THRESHOLD, Asker, Drawings, above, arriving, run_on
from core.methods.lifelong.features import load_features
from core.methods.lifelong.stream import stream_pictures
from tests.helpers.browser import PHONE, Visitor, overflow, read_until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def drawings() -> Drawings:
    """Those of the page."""
    return arriving(stream_pictures("omniglot", 100, 0), load_features("alphabet"), 0)


def question(page: Page) -> Locator:
    return page.locator(".ask-class")


def wait_for(page: Page, asker: Asker) -> None:
    """Until the page shows the drawing that this learner has come to."""
    expect(question(page)).to_have_attribute("data-place", str(asker.place))
    asks = asker.nearest().distance > THRESHOLD
    expect(question(page)).to_have_attribute("data-asking", str(asks).lower())


def click(page: Page, asker: Asker, option: int, class_: int) -> None:
    """Gives the same answer on the page and to the learner."""
    page.locator(f".ask-class button[data-option='{option}']").click()
    asker.answer(class_, asker.nearest())
    wait_for(page, asker)


def go_on(page: Page, asker: Asker) -> None:
    """To the next question, by the button where there is none yet."""
    if asker.nearest().distance > THRESHOLD:
        return
    page.get_by_role("button", name="Next question").click()
    while asker.nearest().distance <= THRESHOLD:
        asker.pass_by(asker.nearest())
    wait_for(page, asker)


def test_clicks_name_what_fits_no_class(
    visitor: Visitor, it_asks_url: str, drawings: Drawings
) -> None:
    page, asker = visitor.open(it_asks_url), Asker(drawings)
    wait_for(page, asker)
    expect(page.get_by_text("There is no class yet.")).to_be_visible()
    assert page.locator(".ask-class button").count() == 1
    click(page, asker, NEW, NEW)
    for _ in range(4):
        go_on(page, asker)
        click(page, asker, NEW, NEW)
    go_on(page, asker)
    page.get_by_text(
        f"{asker.place} of 1,500 drawings: {asker.labels} questions, "
        f"{asker.place - asker.labels} taken without a label"
    ).wait_for()
    distance = f"distance {asker.nearest().distance:.2f}, threshold {THRESHOLD}"
    expect(page.locator(".ask-class .numbers")).to_have_text(distance)
    expect(page.get_by_role("button", name="Next drawing")).to_be_disabled()
    visitor.photograph(page)

    assert asker.true_answer() == NEW
    options = page.locator(".ask-class .answers img")
    nearest = page.locator(".ask-class .nearest img").get_attribute("src")
    assert options.first.get_attribute("src") == nearest
    click(page, asker, 0, asker.nearest().class_)  # wrongly
    page.get_by_text("1 answer is not what Omniglot says; they stay as given.").wait_for()
    share = f"{100 * asker.right():.1f} % of all held-out drawings are named rightly."
    page.get_by_text(share).wait_for()
    page.get_by_role("button", name="Start again").click()
    wait_for(page, Asker(drawings))


def test_the_true_labels_answer_on_a_phone(
    visitor: Visitor, it_asks_url: str, drawings: Drawings
) -> None:
    ended = Asker(drawings)
    run_on(ended, above(0.8), 1500)
    page = visitor.open(f"{it_asks_url}/?asks_above=0.8", size=PHONE, touch=True, dark=True)
    expect(page.locator(".ask-class .numbers")).to_have_text("no class yet, threshold 0.80")
    page.get_by_text("Let the true labels answer").tap()
    page.get_by_text(f"1,500 of 1,500 drawings: {ended.labels} questions").wait_for()
    expect(page.locator(".thumbnails li")).to_have_count(len(ended.opened))
    assert "asks_truth=true" in page.url
    assert overflow(page) == 0
    visitor.photograph(page)
    page.get_by_text("Let the true labels answer").tap()
    expect(question(page)).to_have_attribute("data-place", "0")


def test_the_threshold_moves_and_stays_in_the_address(visitor: Visitor, it_asks_url: str) -> None:
    page = visitor.open(f"{it_asks_url}/?asks_above=0.63&asks_truth=nonsense")
    page.get_by_text("Let the true labels answer 'nonsense' in the address became").wait_for()
    numbers = page.locator(".ask-class .numbers")
    expect(numbers).to_have_text("no class yet, threshold 0.63")
    page.get_by_role("slider", name="Threshold").press("ArrowRight")
    expect(numbers).to_have_text("no class yet, threshold 0.64")
    page.get_by_role("slider", name="Threshold").press("ArrowRight")
    expect(numbers).to_have_text("no class yet, threshold 0.65")
    read_until(page, lambda: page.url, lambda url: "asks_above=0.65" in url)
    page.reload()
    expect(numbers).to_have_text("no class yet, threshold 0.65")
