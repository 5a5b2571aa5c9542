"""The live figure in a real browser: a new figure changes the chart, and nothing the user did."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Page, expect

from tests.helpers.browser import PHONE, Visitor, after_frames, overflow, read_until
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


def hide_second(page: Page) -> None:
    """Clicks the second curve away in the legend; Plotly first waits for a double click."""
    page.locator(".live-figure .legendtoggle").nth(1).click()
    read_until(
        page,
        lambda: plotly(page, "plot._fullData[1].visible"),
        lambda visible: visible == "legendonly",
    )


def turn_surface(page: Page) -> None:
    """Drags until the camera has moved: a picture that is painted slowly misses a quick drag."""
    eye = "plot._fullLayout.scene._scene.getCamera().eye"
    before = plotly(page, eye, chart=1)

    def drag() -> Any:
        box = page.locator(".live-figure canvas").last.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for share in (0.25, 0.5, 0.75, 1):
            page.mouse.move(x + 90 * share, y + 40 * share)
            after_frames(page)
        page.mouse.up()
        after_frames(page)
        return plotly(page, eye, chart=1)

    read_until(page, drag, lambda after: after != pytest.approx(before, abs=0.05))
    page.wait_for_function(
        "plot => plot.layout.scene?.camera",
        arg=page.locator(".live-figure-plot").nth(1).element_handle(),
    )


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
    hide_second(page)
    zoomed = read_until(
        page,
        lambda: plotly(page, "plot._fullLayout.xaxis.range"),
        lambda axis: axis[1] - axis[0] < 25,
    )

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
    page.set_viewport_size({"width": 1100, "height": 800})  # Plotly has lost a camera over this
    page.wait_for_function(
        "plot => plot._fullLayout.width === plot.clientWidth",
        arg=page.locator(".live-figure-plot").nth(1).element_handle(),
    )
    turn_surface(page)
    turned = plotly(page, eye, chart=1)
    grow(page, steps=100, chart=1)
    assert plotly(page, eye, chart=1) == pytest.approx(turned)


def test_chart_has_the_colours_of_the_theme_and_a_name(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url, dark=True)
    page.get_by_role("figure", name="Loss and accuracy over the steps").wait_for()
    paper = plotly(page, "plot._fullLayout.paper_bgcolor")
    assert ImageColor.getrgb(paper) == (0, 0, 0, 0)  # versions of Plotly differ in the spaces
    text = plotly(page, "getComputedStyle(plot).getPropertyValue('--st-text-color').trim()")
    ink = plotly(page, "plot._fullLayout.font.color")
    assert ImageColor.getrgb(ink) == ImageColor.getrgb(text)
    page.get_by_text("Surface").click()
    expect(page.locator(".live-figure").nth(1)).to_have_attribute("data-drawn", DRAWN)
    visitor.photograph(page)


@pytest.mark.parametrize(("width", "side"), [(400, "h"), (180, "v")])
def test_the_toolbar_lies_on_no_title(
    visitor: Visitor, figure_url: str, width: int, side: str
) -> None:
    page = open_chart(visitor, figure_url)
    root = page.locator(".live-figure").first
    root.evaluate("(root, width) => (root.style.maxWidth = `${width}px`)", width)
    expect(root).to_have_attribute("data-toolbar", side)
    root.hover()
    button = root.locator(".modebar-btn").first
    expect(button).to_be_visible()
    title, first = (part.bounding_box() for part in (root.locator(".gtitle"), button))
    assert title and first
    is_beside = title["x"] + title["width"] <= first["x"]
    assert is_beside or title["y"] + title["height"] <= first["y"]


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
    hide_second(page)
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

    def saved() -> np.ndarray:
        return np.asarray(Image.open(save_chart(page, "PNG", chart=1)).convert("RGB")).astype(int)

    straight = read_until(  # empty until the surface has been painted
        page, saved, lambda pixels: len(np.unique(pixels.reshape(-1, 3), axis=0)) > 100
    )
    turn_surface(page)
    turned = saved()
    assert turned.shape == straight.shape
    assert (np.abs(turned - straight).max(-1) > 30).mean() > 0.02


def test_chart_fits_a_phone_and_leaves_with_its_page(visitor: Visitor, figure_url: str) -> None:
    page = open_chart(visitor, figure_url, size=PHONE, touch=True)
    read_until(
        page,
        lambda: plotly(page, "plot._fullLayout.width"),
        lambda width: width <= PHONE["width"],
    )
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


def expect_marker(page: Page, step: int) -> None:
    """The marker stands at this step, and is as long as the plot."""
    read_until(page, lambda: marker_errors(page, step), lambda off: off[0] < 1.5 and off[1] < 2)


def marker_errors(page: Page, step: int) -> tuple[float, float]:
    """Pixels by which the marker is beside the step, and longer or shorter than the plot."""
    low, high = page.locator(".live-figure-plot").evaluate("p => p.layout.xaxis.range")
    plot = page.locator(".live-figure-plot .nsewdrag").bounding_box()
    line = page.locator(".live-figure-marker").bounding_box()
    assert plot is not None and line is not None
    expected = plot["x"] + plot["width"] * (step - low) / (high - low)
    return abs(line["x"] + 1 - expected), abs(line["height"] - plot["height"])


def test_a_line_marks_the_step_that_a_film_shows(visitor: Visitor, figure_url: str) -> None:
    """Where it has to stand follows from the axis's range and the box of the plot."""
    page = visitor.open(f"{figure_url}/beside")
    marker = page.locator(".live-figure-marker")
    marker.wait_for()
    for key, step in (("End", 40), ("ArrowLeft", 20), ("Home", 0), ("ArrowRight", 20)):
        page.locator("canvas.points").press(key)
        expect(page.locator(".scatter-film")).to_have_attribute("data-step", str(step))
        expect_marker(page, step)
    visitor.photograph(page)


def test_a_run_without_values_yet_leaves_the_axes_free_for_its_values(
    visitor: Visitor, figure_url: str
) -> None:
    page = open_chart(visitor, f"{figure_url}/runs")

    def ends() -> tuple[float, float]:
        """The upper ends of both axes."""
        x, y = plotly(page, "[plot._fullLayout.xaxis.range[1], plot._fullLayout.yaxis.range[1]]")
        return float(x), float(y)

    assert ends()[0] >= 49 and ends()[1] >= 52
    page.get_by_role("button", name="New run").click()
    page.get_by_role("figure", name="0 values").wait_for()
    read_until(page, ends, lambda at: at == (1, 1))
    for count in (1, 2, 3):
        page.get_by_role("button", name="Value").click()
        page.get_by_role("figure", name=f"{count} values").wait_for()
    read_until(page, ends, lambda at: 2 < at[0] < 4 and 5 < at[1] < 7)
