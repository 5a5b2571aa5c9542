"""The live figure in a real browser: a new figure changes the chart, and nothing the user did."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.helpers.browser import PHONE, Visitor, overflow
from tests.helpers.server import OUTPUT

pytestmark = pytest.mark.browser

DRAWN = re.compile(r"[1-9]\d*")
SVG = "{http://www.w3.org/2000/svg}"


def open_chart(visitor: Visitor, url: str, **how: Any) -> Page:
    page = visitor.open(url, **how)
    expect(page.locator(".live-figure")).to_have_attribute("data-drawn", DRAWN)
    return page


def plotly(page: Page, expression: str, chart: int = 0) -> Any:
    """A value of the chart on screen, `plot` being Plotly's own element."""
    return page.locator(".live-figure-plot").nth(chart).evaluate(f"plot => {expression}")


def grow(page: Page, steps: int, chart: int = 0) -> None:
    """Lets Python hand over a longer figure, and waits until it is drawn."""
    root = page.locator(".live-figure").nth(chart)
    before = int(root.get_attribute("data-drawn") or 0)
    page.get_by_role("button", name="Grow").click()
    expect(root).to_have_attribute("data-drawn", str(before + 1))
    page.get_by_text(f"{steps} steps").wait_for()


def test_zoom_and_legend_survive_an_update_in_place(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url)
    plot = page.locator(".live-figure-plot")
    plot.evaluate("node => { window.before = [node, node.querySelector('svg')] }")
    box = page.locator(".live-figure .nsewdrag").bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] / 4, box["y"] + box["height"] / 4
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + box["width"] / 3, top + box["height"] / 2, steps=6)
    page.mouse.up()
    page.locator(".live-figure .legendtoggle").nth(1).click()
    page.wait_for_timeout(600)  # Plotly waits for a double click
    zoomed = plotly(page, "plot._fullLayout.xaxis.range")
    assert zoomed[1] - zoomed[0] < 25
    assert plotly(page, "plot._fullData[1].visible") == "legendonly"

    grow(page, steps=100)
    assert plotly(page, "plot._fullData[0]._length") == 100
    assert plotly(page, "plot._fullLayout.xaxis.range") == zoomed
    assert plotly(page, "plot._fullData[1].visible") == "legendonly"
    assert plot.evaluate(
        "node => node === window.before[0] && node.querySelector('svg') === window.before[1]"
    )


def test_chart_that_is_dragged_waits_with_the_new_figure(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url)
    root = page.locator(".live-figure")
    before = root.get_attribute("data-drawn")
    box = page.locator(".live-figure .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 120, steps=4)
    page.get_by_role("button", name="Grow").evaluate("button => button.click()")
    page.get_by_text("100 steps").wait_for()
    page.wait_for_timeout(300)
    assert root.get_attribute("data-drawn") == before
    page.mouse.up()
    expect(root).not_to_have_attribute("data-drawn", before or "")
    assert plotly(page, "plot._fullData[0]._length") == 100


def test_camera_survives_an_update(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url)
    page.get_by_text("Surface").click()
    expect(page.locator(".live-figure").nth(1)).to_have_attribute("data-drawn", DRAWN)
    eye = "plot._fullLayout.scene._scene.getCamera().eye"
    untouched = plotly(page, eye, chart=1)
    page.set_viewport_size({"width": 1100, "height": 800})  # Plotly has lost a camera over this
    page.wait_for_function(
        "plot => plot._fullLayout.width === plot.clientWidth",
        arg=page.locator(".live-figure-plot").nth(1).element_handle(),
    )
    box = page.locator(".live-figure canvas").last.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 40, steps=8)
    page.mouse.up()
    page.wait_for_function(
        "plot => plot.layout.scene?.camera",
        arg=page.locator(".live-figure-plot").nth(1).element_handle(),
    )
    turned = plotly(page, eye, chart=1)
    assert turned != untouched
    grow(page, steps=100, chart=1)
    assert plotly(page, eye, chart=1) == pytest.approx(turned)


def test_chart_has_the_colours_of_the_theme_and_a_name(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url, dark=True)
    page.get_by_role("figure", name="Loss and accuracy over the steps").wait_for()
    assert plotly(page, "plot._fullLayout.paper_bgcolor") == "rgba(0,0,0,0)"
    text = plotly(page, "getComputedStyle(plot).getPropertyValue('--st-text-color').trim()")
    assert plotly(page, "plot._fullLayout.font.color") == text
    page.get_by_text("Surface").click()
    expect(page.locator(".live-figure").nth(1)).to_have_attribute("data-drawn", DRAWN)
    page.wait_for_timeout(300)
    visitor.photograph(page)


def test_chart_offers_nothing_that_leaves_the_machine(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url)
    titles = page.locator(".modebar-btn").evaluate_all("all => all.map(b => b.dataset.title)")
    assert "Pan" in titles
    assert not [title for title in titles if re.search("share|cloud|edit", title, re.IGNORECASE)]


def save_chart(page: Page, kind: str, chart: int = 0) -> Path:
    """The file that the toolbar's button makes; its name is checked."""
    root = page.locator(".live-figure").nth(chart)
    root.hover()
    with page.expect_download() as download:
        root.locator(f".modebar-btn[data-title='Download as {kind}']").click()
    name = ("glimpse-curve", "glimpse-surface")[chart]
    assert download.value.suggested_filename == f"{name}.{kind.lower()}"
    return Path(download.value.path())


def near(pixels: np.ndarray, colour: str) -> np.ndarray:
    """Which of the pixels (..., 3) have a colour like #4269d0, or nearly."""
    wanted = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8).astype(int)
    close: np.ndarray = np.abs(pixels.astype(int) - wanted).max(-1) < 12
    return close


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_chart_is_saved_as_a_picture_as_it_is_on_screen(
    visitor: Visitor, figure_url: str, dark: bool
) -> None:
    page = open_chart(visitor, figure_url, dark=dark)
    page.locator(".live-figure .legendtoggle").nth(1).click()
    page.wait_for_timeout(600)  # Plotly waits for a double click
    state = "[plot._fullLayout.xaxis.range, plot._fullLayout.paper_bgcolor, plot.layout.width]"
    before = plotly(page, state)
    picture = Image.open(save_chart(page, "PNG"), formats=["PNG"])
    pixels = np.asarray(picture.convert("RGB"))
    shown = plotly(page, "[plot._fullLayout.height, plot._fullLayout.width]")
    assert pixels.shape[:2] == tuple(2 * side for side in shown)
    paper, ink, line, hidden = plotly(
        page,
        "['background-color', 'text-color', 'chart-categorical-colors'].flatMap(name =>"
        " getComputedStyle(plot).getPropertyValue(`--st-${name}`).trim().split(',')).slice(0, 4)",
    )
    assert near(pixels[[0, 0, -1, -1], [0, -1, 0, -1]], paper).all()  # opaque to its corners
    assert near(pixels, ink).sum() > 200  # the words
    assert near(pixels, line).sum() > 500  # the curve
    assert near(pixels, hidden).sum() < 50  # the curve that the legend hides
    assert plotly(page, state) == before
    picture.save(OUTPUT / f"saved-chart-{'dark' if dark else 'light'}.png")


def test_chart_is_saved_as_lines(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url)
    root = ElementTree.parse(save_chart(page, "SVG")).getroot()
    assert root.tag == f"{SVG}svg"
    shown = plotly(page, "[plot._fullLayout.width, plot._fullLayout.height]")
    assert [float(root.attrib[side]) for side in ("width", "height")] == shown
    words = {text.text for text in root.iter(f"{SVG}text")}
    assert {"loss", "accuracy", "step", "A run"} <= words
    assert len(root.findall(f".//{SVG}g[@class='lines']/{SVG}path")) == 2
    links = [link for tag in root.iter() for name, link in tag.attrib.items() if "href" in name]
    assert all(link.startswith(("#", "data:")) for link in links)


def test_surface_is_saved_as_it_was_turned(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url)
    page.get_by_text("Surface").click()
    expect(page.locator(".live-figure").nth(1)).to_have_attribute("data-drawn", DRAWN)
    page.wait_for_timeout(500)
    straight = np.asarray(Image.open(save_chart(page, "PNG", chart=1)).convert("RGB"))
    assert len(np.unique(straight.reshape(-1, 3), axis=0)) > 100
    box = page.locator(".live-figure canvas").last.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 40, steps=8)
    page.mouse.up()
    turned = np.asarray(Image.open(save_chart(page, "PNG", chart=1)).convert("RGB"))
    assert turned.shape == straight.shape
    assert (np.abs(turned.astype(int) - straight).max(-1) > 30).mean() > 0.02


def test_chart_fits_a_phone_and_leaves_with_its_page(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url, size=PHONE, touch=True)
    assert plotly(page, "plot._fullLayout.width") <= PHONE["width"]
    assert overflow(page) == 0
    visitor.photograph(page)
    page.set_viewport_size({"width": 844, "height": 390})
    expect(page.locator(".live-figure .main-svg").first).to_have_attribute(
        "width", re.compile("[67]")
    )
    page.get_by_role("link", name="other").click()
    page.get_by_text("Nothing").wait_for()


def test_missing_library_is_one_sentence_and_another_try_helps(
    visitor: Visitor, figure_url: str
) -> None:
    page = visitor.open(f"{figure_url}/other")
    page.route("**/plotly-*.js", lambda route: route.abort())
    page.get_by_role("link", name="show").click()
    expect(page.get_by_role("alert")).to_contain_text("plotly.js did not arrive")
    page.unroute("**/plotly-*.js")
    page.get_by_role("button", name="Grow").click()
    expect(page.locator(".live-figure")).to_have_attribute("data-drawn", DRAWN)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_line_marks_the_step_that_a_film_shows(visitor: Visitor, figure_url: str) -> None:
    """Where it has to stand follows from the axis's range and the box of the plot."""
    page = visitor.open(f"{figure_url}/beside")
    marker = page.locator(".live-figure-marker")
    marker.wait_for()
    for key, step in (("End", 40), ("ArrowLeft", 20), ("Home", 0), ("ArrowRight", 20)):
        page.locator("canvas.points").press(key)
        expect(page.locator(".scatter-film")).to_have_attribute("data-step", str(step))
        low, high = page.locator(".live-figure-plot").evaluate("p => p.layout.xaxis.range")
        plot = page.locator(".live-figure-plot .nsewdrag").bounding_box()
        line = marker.bounding_box()
        assert plot is not None and line is not None
        expected = plot["x"] + plot["width"] * (step - low) / (high - low)
        assert abs(line["x"] + 1 - expected) < 1.5
        assert abs(line["height"] - plot["height"]) < 2
    visitor.photograph(page)
