"""The Few-shot page in a browser: a task and its race, by keyboard and by link."""

import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

from core.zoo.initialisations import RACE
from tests.helpers.browser import DESKTOP, PHONE, Visitor, overflow, read_until, settle
from tests.helpers.few_shot_in_browser import cards, open_few_shot, panel
from tests.helpers.server import Server


def accuracies(page: Page) -> dict[str, str]:
    """What each card of the race says, read at one moment."""
    shown: list[tuple[str, str]] = cards(page).evaluate_all(
        "all => all.map(card => ['.title', '.number'].map(part => card.querySelector(part)"
        "?.innerText ?? ''))"
    )
    return dict(shown)


def wait_for_accuracies(page: Page, check: Callable[[dict[str, str]], bool]) -> dict[str, str]:
    return read_until(page, lambda: accuracies(page), check)


def wait_for_colour(page: Page, check: Callable[[float], bool]) -> None:
    """Waits for a share of coloured pixels in the first card."""
    read_until(page, lambda: coloured(cards(page).nth(0)), check)


def wait_below(page: Page, element: Locator, above: Locator) -> None:
    """Waits until an element lies below another one."""
    read_until(page, lambda: top(element) - bottom(above), lambda gap: gap >= 0)


def coloured(card: Locator) -> float:
    """The share of a card's strong pixels that have a colour and are not grey."""
    source = card.locator("img").get_attribute("src")
    assert source is not None
    with urlopen(source) as data:  # a data URL
        rgba = np.asarray(Image.open(BytesIO(data.read())).convert("RGBA")).astype(int)
    strong = rgba[rgba[..., 3] > 128][:, :3]
    return float((strong.max(1) - strong.min(1) > 30).mean())


def top(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def bottom(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.browser
def test_task_and_race_are_there_and_arrow_keys_move_both(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(visitor, server)
    panel(page, 1).first.wait_for()
    page.get_by_role("figure", name="Query accuracy against inner step").wait_for()
    visitor.photograph(page)
    after_a_step = wait_for_accuracies(
        page, lambda shown: list(shown) == [start.title for start in RACE]
    )
    slider = page.locator(".st-key-inner_step").get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    panel(page, 0).first.wait_for()
    steppers = [start.title for start in RACE if start.title != "ProtoNet"]
    wait_for_accuracies(page, lambda shown: {shown[title] for title in steppers} == {"5%"})
    assert all(after_a_step[title] != "5%" for title in steppers)
    wait_for_colour(page, lambda share: share == 0)  # nobody knows anything yet: all is grey
    expect(page).not_to_have_url(re.compile(r"inner_step\b"))  # where the film begins
    page.keyboard.press("ArrowRight")
    panel(page, 1).first.wait_for()
    wait_for_accuracies(page, lambda shown: shown == after_a_step)
    wait_for_colour(page, lambda share: share > 0.5)
    expect(page).to_have_url(re.compile(r"inner_step=1\b"))


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_comes_into_sight_lies_below_the_bar(
    visitor: Visitor, server: Server, size: ViewportSize
) -> None:
    page = open_few_shot(visitor, server, size=size)
    bar = page.locator(".st-key-few-shot-step")
    heading = page.get_by_role("heading", name="The race: ")
    heading.evaluate("e => e.scrollIntoView()")
    expect(heading).to_be_in_viewport(ratio=1)
    wait_below(page, heading, bar)
    page.locator("[data-testid=stMain]").evaluate("e => e.scrollBy(0, 300)")
    page.get_by_role("radio", name="This task").focus()  # as the tabulator does, back from below
    wait_below(page, page.get_by_role("radio", name="This task"), bar)
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = page.evaluate(scrolled)
    page.locator(".st-key-inner_step").get_by_role("slider").focus()
    assert page.evaluate(scrolled) == before  # the bar itself is in sight already


@pytest.mark.browser
def test_the_toolbar_of_the_race_lies_on_no_name(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(visitor, server)
    chart = page.get_by_role("figure", name="Query accuracy against inner step")
    chart.scroll_into_view_if_needed()
    chart.hover()
    toolbar = chart.locator(".modebar").first
    toolbar.wait_for()
    wait_below(page, chart.get_by_text("after 5 steps"), toolbar)


@pytest.mark.browser
def test_another_task_has_other_pictures(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(visitor, server)
    image = cards(page).nth(0).locator("img")
    before = image.get_attribute("src")
    assert before is not None
    page.get_by_role("button", name="Another task").click()
    expect(image).not_to_have_attribute("src", before)
    settle(page)
    page.get_by_role("button", name="20-way 1-shot").click()
    number = page.get_by_role("spinbutton", name="Task").input_value()
    expect(page).to_have_url(re.compile(rf"[?&]task={number}\b"))
    settle(page)
    numbers = accuracies(page)
    again = open_few_shot(visitor, server, page.url.partition("/few_shot")[2])
    wait_for_accuracies(again, lambda shown: shown == numbers)


@pytest.mark.browser
def test_settings_stay_open_while_they_are_changed(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(visitor, server, "?inner_steps=1")
    page.get_by_role("button", name="20-way 1-shot").click()
    ways = page.locator(".st-key-ways").get_by_role("slider")
    ways.focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("figure", name="19 classes, 95 queries").first.wait_for()
    page.get_by_role("button", name="19-way 1-shot").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("figure", name="18 classes, 90 queries").first.wait_for()
    expect(ways).to_be_visible()
    page.keyboard.press("Escape")
    expect(ways).to_be_hidden()
    page.get_by_role("figure", name="18 classes, 90 queries").first.wait_for()


@pytest.mark.browser
def test_a_link_with_nonsense_says_what_became_of_it(visitor: Visitor, server: Server) -> None:
    nonsense = "?ways=99&shots=nan&rate=%3Cb%3E&tasks_from=Digits&inner_step=-4&task=1e9"
    page = open_few_shot(visitor, server, nonsense)
    warnings = page.get_by_test_id("stAlert")
    expect(warnings.first).to_contain_text("Ways '99' in the address became 20.")
    expect(warnings.first).to_contain_text("Inner rate '<b>' in the address became 1.")
    page.get_by_role("figure", name="10 classes, 50 queries").first.wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "address", "sentence"),
    [
        ("ways=1", {"ways": "2"}, "Ways '1' in the address became 2."),
        ("ways=999", {}, "Ways '999' in the address became 20."),
        ("ways=inf", {}, "Ways 'inf' in the address became 20."),
        ("ways=", {}, "Ways '' in the address became 20."),
        ("rate=7", {}, "Inner rate '7' in the address became 1."),
        ("inner_step=9", {"inner_step": "5"}, "Inner step '9' in the address became 5."),
        ("inside_tab=The+path&inside_task=-1", {"inside_tab": "The path", "inside_task": "0"},
         "Task '-1' in the address became 0."),
        ("tasks_from=Sinusoids&sine_half=x", {"tasks_from": "Sinusoids"},
         "Points drawn on 'x' in the address became Right half."),
        ("tasks_from=Sinusoids&sine_half=left",
         {"tasks_from": "Sinusoids", "sine_half": "Left half"}, ""),
        ("tasks_from=Sinusoids&sine_half=Left+half",
         {"tasks_from": "Sinusoids", "sine_half": "Left half"}, ""),
        ("tasks_from=Sinusoids&ways=3&sine_points=99",
         {"tasks_from": "Sinusoids", "sine_points": "10"},
         "Settings that tasks of Sinusoids do not have were removed from the address: ways."),
    ],
)  # fmt: skip
def test_the_address_is_corrected_and_the_page_says_so(
    visitor: Visitor, server: Server, query: str, address: dict[str, str], sentence: str
) -> None:
    page = visitor.open(f"{server.url}/few_shot?{query}")
    page.get_by_role("heading", name="Look inside").wait_for()
    if sentence:
        expect(page.get_by_test_id("stAlert").filter(has_text=sentence)).to_be_visible()
    else:
        expect(page.get_by_text("in the address")).to_have_count(0)
    read_until(
        page, lambda: dict(parse_qsl(urlsplit(page.url).query)), lambda found: found == address
    )


@pytest.mark.browser
def test_a_large_task_fits_a_phone(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(
        visitor, server, "?ways=20&shots=2&tasks_from=Strokes", size=PHONE, touch=True
    )
    page.get_by_role("figure", name="20 classes, 100 queries").first.wait_for()
    assert overflow(page) == 0
    page.get_by_text("20 classes: swipe sideways to see them all.").wait_for()
    edge = page.locator(".st-key-few-shot-sideways [data-testid=stGrid]")
    fade = "e => getComputedStyle(e).maskSize"
    # Its right edge fades, since there is more.
    page.wait_for_function(f"e => ({fade})(e) === '100% 100%'", arg=edge.element_handle())
    edge.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    page.wait_for_function(f"e => ({fade})(e) !== '100% 100%'", arg=edge.element_handle())
    for source in page.get_by_role("radiogroup", name="Tasks of").get_by_role("radio").all():
        box = source.bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]  # none is cut off
    bar = page.locator(".st-key-few-shot-step")
    cards(page).nth(0).scroll_into_view_if_needed()
    expect(bar).to_be_in_viewport(ratio=1)
    # It leaves the screen to what it moves.
    read_until(page, lambda: bottom(bar) - top(bar), lambda height: height < PHONE["height"] / 7)
    visitor.photograph(page)


@pytest.mark.browser
def test_many_tasks_go_on_by_themselves_until_they_are_stopped(
    visitor: Visitor, server: Server
) -> None:
    page = open_few_shot(visitor, server, "?ways=20&inner_steps=10")  # a minute's work
    page.get_by_role("radio", name="100 such tasks").click()
    stop = page.locator(".st-key-race-stop button")
    page.get_by_text(re.compile(r"Over \d+ tasks")).first.wait_for()
    stop.click()
    page.get_by_text(re.compile(r"Stopped after \d+ of 100 tasks")).wait_for()
    page.get_by_text(re.compile(r"Over \d+ tasks")).first.wait_for()  # what is done stays
    settle(page)  # a click would be lost on a button that is being drawn anew
    page.get_by_role("button", name="Go on").click()
    at_its_end = page.get_by_text(re.compile("100 tasks of this kind, learnt in"))
    visible = stop.or_(at_its_end).filter(visible=True)  # the old stop button may be there, hidden
    visible.first.wait_for()  # a quick machine may be through with them at once


@pytest.mark.browser
def test_drawing_is_there_once_above_or_below(visitor: Visitor, server: Server) -> None:
    page = open_few_shot(visitor, server)
    sources = page.get_by_role("radiogroup", name="Tasks of")
    drawing = page.get_by_role("button", name="Clear all")
    heading = page.get_by_role("heading", name="Draw your own")
    heading.wait_for()
    expect(drawing).to_have_count(1)
    sources.get_by_text("Your drawings").click()
    expect(heading).to_have_count(0)
    expect(drawing).to_have_count(1)
    expect(cards(page)).to_have_count(0)
    sources.get_by_text("Strokes").click()
    heading.wait_for()
    expect(drawing).to_have_count(1)
    expect(cards(page)).to_have_count(len(RACE))
