"""Ten digits are named by key, and their colours spread over the map."""

from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core.data.digits import load_digits
from core.figures.embeddings import DIGIT_COLOURS
from core.methods.lifelong.digit_map import load_digit_map
from tests.helpers.browser import PHONE, Visitor, overflow, read_until

pytestmark = pytest.mark.browser

TRUTH = load_digits("sample", "train").labels.numpy()
MARGIN = 16  # CSS pixels that the points leave free at the nearest edge
PALETTE = np.array([tuple(bytes.fromhex(colour[1:])) for colour in DIGIT_COLOURS])
VIVID = 40  # between the strongest and the weakest of red, green and blue


def map_of(page: Page) -> Locator:
    return page.locator(".label-map")


def asked(page: Page) -> int:
    """The picture on screen, once there is one."""
    expect(page.locator(".ask")).not_to_have_attribute("data-point", "")
    return int(page.locator(".ask").get_attribute("data-point") or "")


def wait_for_map(page: Page, given: int) -> None:
    """Until so many labels are on the map and no colour moves."""
    expect(map_of(page)).to_have_attribute("data-given", str(given))
    expect(map_of(page)).to_have_attribute("data-moving", "false")


def name_by_key(page: Page, given: int) -> None:
    page.keyboard.press(str(TRUTH[asked(page)]))
    expect(map_of(page)).to_have_attribute("data-given", str(given))


def places(page: Page) -> np.ndarray:
    """Where on the canvas the points are (N, 2), in CSS pixels."""
    layout = load_digit_map().layout
    low, high = layout.min(axis=0), layout.max(axis=0)
    size = np.array(
        page.locator(".label-map .points").evaluate("c => [c.clientWidth, c.clientHeight]")
    )
    scale = ((size - 2 * MARGIN) / (high - low)).min()
    return np.asarray(size / 2 + (layout - (low + high) / 2) * scale * [1, -1])


def colours(page: Page) -> np.ndarray:
    """Red, green, blue and opacity (N, 4) on the canvas, where the points are."""
    pixels = page.locator(".label-map .points").evaluate(
        """(c, places) => {
        const density = c.width / c.clientWidth;
        const all = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        return places.map(([x, y]) => {
            const at = 4 * (Math.floor(y * density) * c.width + Math.floor(x * density));
            return [...all.subarray(at, at + 4)];
        });
    }""",
        places(page).tolist(),
    )
    return np.array(pixels)


def share_vivid(page: Page) -> float:
    rgb, opacity = colours(page)[:, :3], colours(page)[:, 3]
    return float((np.ptp(rgb, axis=1) * opacity / 255 > VIVID).mean())


def share_right(page: Page) -> float:
    """Of the digits but nines, whose colour is grey: those that lie in their class's colour.

    It is less than the names that are right, as dots overlap and uncertain ones are pale.
    """
    shown, others = colours(page)[:, :3], TRUTH != 9
    unlike = np.abs(shown[:, None] - PALETTE[None]).sum(axis=2)
    return float((unlike.argmin(axis=1) == TRUTH)[others].mean())


def stated(page: Page) -> float:
    """The share that the line says is right."""
    words = page.get_by_text("are named rightly").inner_text().split()
    return float(words[words.index("given:") + 1])


def test_ten_keys_colour_the_map(visitor: Visitor, name_ten_url: str) -> None:
    page = visitor.open(name_ten_url)
    wait_for_map(page, 0)
    page.get_by_text("0 labels given: none of the 4,000 digits has a name.").wait_for()
    assert share_vivid(page) == 0
    first = asked(page)
    name_by_key(page, 1)
    page.get_by_text("1 label given:").wait_for()
    assert stated(page) == 10.0
    assert asked(page) != first
    for given in range(2, 11):
        name_by_key(page, given)
    page.get_by_text("10 labels given:").wait_for()
    assert stated(page) > 80
    wait_for_map(page, 10)
    assert share_vivid(page) > 0.6
    assert share_right(page) > 0.5
    expect(page.locator(".live-figure")).to_be_visible()
    visitor.photograph(page)
    page.keyboard.press("Backspace")
    page.get_by_text("9 labels given:").wait_for()
    page.get_by_role("button", name="Start again").click()
    page.get_by_text("0 labels given").wait_for()
    wait_for_map(page, 0)
    assert share_vivid(page) == 0
    assert "labels=" not in page.url


def test_a_reload_shows_the_same_labels_and_nonsense_says_so(
    visitor: Visitor, name_ten_url: str
) -> None:
    page = visitor.open(f"{name_ten_url}/?labels=12:3,nonsense,877:0,4000:1")
    wait_for_map(page, 2)
    page.get_by_text("Left out of the labels in the address: 'nonsense', '4000:1'.").wait_for()
    page.get_by_text("2 of your answers are not what MNIST says").wait_for()
    read_until(page, lambda: page.url, lambda url: url.endswith(quote("12:3,877:0")))
    name_by_key(page, 3)
    page.reload()
    wait_for_map(page, 3)
    expect(page.get_by_text("Left out of the labels")).to_have_count(0)
    page.get_by_role("link", name="elsewhere").click()
    page.get_by_text("Nothing here.").wait_for()
    page.get_by_role("link", name="name").click()
    wait_for_map(page, 3)
    read_until(page, lambda: page.url, lambda url: quote("12:3,877:0") in url)


def test_a_click_on_the_map_chooses_and_a_button_names_even_wrongly(
    visitor: Visitor, name_ten_url: str
) -> None:
    page = visitor.open(f"{name_ten_url}/?name_ten_by=You+click", size=PHONE, touch=True, dark=True)
    wait_for_map(page, 0)
    expect(page.locator(".question")).to_have_text("Click a point on the map to see its digit.")
    expect(page.get_by_role("button", name="3", exact=True)).to_be_disabled()
    where = places(page)
    lone = int(np.argmax([np.sort(np.hypot(*(where - each).T))[1] for each in where]))
    x, y = where[lone]
    page.locator(".label-map .points").click(position={"x": x, "y": y})
    assert asked(page) == lone
    wrong = (TRUTH[lone] + 1) % 10
    page.get_by_role("button", name=str(wrong), exact=True).tap()
    wait_for_map(page, 1)
    page.get_by_text("1 of your answers is not what MNIST says").wait_for()
    page.locator(".label-map .points").click(position={"x": x, "y": y})
    assert asked(page) == lone  # to say it again
    page.get_by_role("button", name=str(TRUTH[lone]), exact=True).tap()
    expect(page.get_by_text("of your answers")).to_have_count(0)
    assert overflow(page) == 0
    visitor.photograph(page)


def test_digits_typed_into_a_field_are_no_answers(visitor: Visitor, name_ten_url: str) -> None:
    page = visitor.open(f"{name_ten_url}/?name_ten_by=At+random")
    point = asked(page)
    page.evaluate("document.body.append(document.createElement('input'))")
    page.locator("body > input").focus()
    page.keyboard.type("57")
    page.evaluate("document.querySelector('body > input').remove()")
    assert asked(page) == point
    page.keyboard.press(str(TRUTH[point]))
    wait_for_map(page, 1)
    assert asked(page) != point


def test_the_pointer_shows_a_digit_and_its_name(visitor: Visitor, name_ten_url: str) -> None:
    page = visitor.open(name_ten_url)
    wait_for_map(page, 0)
    where, point = places(page), asked(page)
    alone = np.sort(np.hypot(*(where - where[point]).T))[1]
    assert alone > 0.5  # CSS pixels, of the point that is asked about to the next
    name = page.locator(".label-map .tooltip .name")
    x, y = where[point]
    page.locator(".label-map .points").hover(position={"x": x, "y": y})
    expect(name).to_have_text("no name yet")
    name_by_key(page, 1)
    wait_for_map(page, 1)
    expect(name).to_be_hidden()
    page.locator(".label-map .points").hover(position={"x": x + 1, "y": y})
    expect(name).to_have_text(f"label {TRUTH[point]}")
    shown = page.locator(".label-map .portrait").evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    )
    np.testing.assert_array_equal(shown, load_digits("sample", "train").images[point].flatten())
    visitor.photograph(page)
