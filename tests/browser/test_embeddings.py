"""What the Embeddings page has below its film, in a browser: files, and what labels are worth."""

import csv
import re
from base64 import b64decode
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from core.training.recording import open_recording
from tests.helpers.browser import (
    DESKTOP,
    PHONE,
    Visitor,
    after_frames,
    overflow,
    read_until,
    settle,
    swipe,
)
from tests.helpers.server import Server

COMPILING_MS = 240_000  # UMAP compiles itself before its first layout


def open_section(visitor: Visitor, server: Server, **how: object) -> Page:
    page = visitor.open(f"{server.url}/embeddings", **how)  # type: ignore[arg-type]
    page.get_by_test_id("stExpander").locator("summary").filter(has_text="Download").click()
    page.get_by_role("button", name="Encoder as PT2").wait_for()
    settle(page)
    return page


def take(page: Page, label: str, folder: Path) -> Path:
    """The file behind a button, under its own name."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def place_on_screen(layouts: np.ndarray, point: int, box: FloatRect) -> tuple[float, float]:
    """Where a point of the last of (F, N, 2) frames has to be: all frames fill the box, less 16."""
    low, high = layouts.min((0, 1)), layouts.max((0, 1))
    scale = min((box["width"] - 32) / (high - low)[0], (box["height"] - 32) / (high - low)[1])
    across, up = (layouts[-1, point] - (low + high) / 2) * scale
    return box["x"] + box["width"] / 2 + across, box["y"] + box["height"] / 2 - up


def drawn(points: Locator) -> np.ndarray:
    """What a canvas shows once all that was asked of it is painted, (H, W, 4)."""
    after_frames(points.page)
    url: str = points.evaluate("canvas => canvas.toDataURL()")
    return np.asarray(Image.open(BytesIO(b64decode(url.partition(",")[2])))).astype(float)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean of the levels by which two pictures differ; infinite where they differ in size."""
    return float(np.abs(one - other).mean()) if one.shape == other.shape else float("inf")


@pytest.mark.browser
def test_the_film_plays_without_a_server_and_table_and_figure_are_its_last_frame(
    visitor: Visitor, server: Server, tmp_path: Path
) -> None:
    page = open_section(visitor, server)
    run = open_recording("simclr")
    steps = run.snapshot_steps()
    last = run.snapshot(steps[-1])
    layouts = np.stack([run.snapshot(step)["layout"] for step in steps]).astype(float)

    table = take(page, "Points as CSV", tmp_path)
    rows = list(csv.DictReader(StringIO(table.read_text(), newline="")))
    assert [int(row["label"]) for row in rows] == last["labels"].tolist()
    found = np.array([[float(row["x"]), float(row["y"])] for row in rows])
    np.testing.assert_allclose(found, last["layout"].astype(float), rtol=1e-6)

    film = page.context.new_page()
    complaints: list[str] = []
    film.on("pageerror", lambda error: complaints.append(str(error)))
    film.goto(take(page, "Film as HTML", tmp_path).as_uri())
    root = film.locator(".embedding")
    expect(root).to_have_attribute("data-step", str(steps[-1]))  # it has played to its end
    expect(root).not_to_have_class("embedding playing")
    film.keyboard.press("Home")
    expect(root).to_have_attribute("data-step", "0")
    expect(film.locator(".accuracy")).to_have_text("87.2%")
    film.keyboard.press("ArrowRight")
    expect(root).to_have_attribute("data-step", str(steps[1]))
    film.keyboard.press("End")
    film.get_by_role("button", name="3", exact=True).click()
    point = int(np.flatnonzero(last["labels"] == 3)[0])
    box = film.locator(".points").bounding_box()
    assert box
    film.mouse.move(*place_on_screen(layouts, point, box))
    read_until(
        film,
        lambda: int(root.get_attribute("data-hovered") or -1),
        lambda hovered: hovered >= 0 and last["labels"][hovered] == 3,
    )
    expect(film.locator(".tooltip span")).to_have_text("3")
    visitor.photograph(film)

    film.goto(take(page, "Figure as SVG", tmp_path).as_uri())
    expect(film.locator(".points circle")).to_have_count(len(last["labels"]))
    expect(film.get_by_text(f"{steps[-1]:,}", exact=True)).to_be_visible()
    assert Image.open(take(page, "Figure as PNG", tmp_path)).format == "PNG"
    visitor.photograph(film, "figure")
    assert not complaints


@pytest.mark.browser
def test_a_film_in_space_is_turned_by_finger_and_key(
    visitor: Visitor, server: Server, tmp_path: Path
) -> None:
    page = open_section(visitor, server, size=PHONE, touch=True)
    page.get_by_role("radiogroup", name="Projection").get_by_text("PCA in 3-D").last.tap()
    settle(page)
    film = page.context.new_page()
    film.goto(take(page, "Film as HTML", tmp_path).as_uri())
    root, points = film.locator(".embedding"), film.locator(".points")
    film.keyboard.press("Home")
    expect(root).to_have_attribute("data-frame", "0")
    first = drawn(points)
    film.keyboard.press("d")
    by_key = read_until(film, lambda: drawn(points), lambda shown: difference(shown, first) > 1)
    film.keyboard.press("a")
    read_until(film, lambda: drawn(points), lambda shown: np.array_equal(shown, first))
    box = points.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    swipe(film, [middle, (middle[0] + 15, middle[1])])  # by 0.01 a pixel, as much as the key
    read_until(film, lambda: drawn(points), lambda shown: difference(shown, by_key) < 0.5)
    visitor.photograph(film)


@pytest.mark.browser
def test_the_section_fits_a_phone(visitor: Visitor, server: Server) -> None:
    page = open_section(visitor, server, size=PHONE, dark=True, touch=True)
    assert overflow(page) == 0
    page.get_by_role("button", name="Film as HTML").scroll_into_view_if_needed()
    visitor.photograph(page)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_label_efficiency_is_drawn(visitor: Visitor, server: Server, dark: bool) -> None:
    size = PHONE if dark else DESKTOP
    page = visitor.open(f"{server.url}/embeddings", size, dark=dark, touch=dark)
    for words in ("Accuracy over labels per class", "Confusion matrix of k-NN"):
        figure = page.locator(f'.live-figure[data-drawn][aria-label^="{words}"]')
        figure.scroll_into_view_if_needed()
        figure.wait_for()
        visitor.photograph(page, words.split()[0])
    assert overflow(page) == 0


@pytest.mark.browser
def test_a_link_opens_the_film_as_it_was_left(visitor: Visitor, server: Server) -> None:
    """Its canvas shows what it did before, but for what rounding the turn does to edges."""
    steps = open_recording("simclr").snapshot_steps()
    asked = f"film=digit_18+step_{steps[20]}+yaw_500&projection=PCA+in+3-D"
    page = visitor.open(f"{server.url}/embeddings?{asked}")
    film = page.locator(".scatter-film").first
    expect(film).to_have_attribute("data-frame", "20")
    page.get_by_text("Turn '500' in the address became 180.").wait_for()
    expect(page.locator(".neighbours").first).to_have_attribute("data-chosen", "17")
    points = film.locator("canvas.points")
    points.focus()
    before = drawn(points)
    for key in ("ArrowRight", "a", "s", "+", "n"):
        page.keyboard.press(key)
    expect(page).to_have_url(
        re.compile(f"digit_19\\+step_{steps[21]}\\+zoom_1.3\\+.*yaw_171.*pitch_")
    )
    # The lines to the neighbours are drawn once the server has found them.
    expect(page.locator(".neighbours").first).to_have_attribute("data-chosen", "18")
    shown = read_until(page, lambda: drawn(points), lambda now: difference(now, before) > 5)
    again = visitor.open(page.url)
    expect(again.locator(".scatter-film").first).to_have_attribute("data-frame", "21")
    expect(again.locator(".neighbours").first).to_have_attribute("data-chosen", "18")
    reopened = again.locator("canvas.points").first
    read_until(again, lambda: drawn(reopened), lambda now: difference(now, shown) < 0.5)
    history: int = page.evaluate("window.history.length")
    assert history <= 2  # Back leaves the page, however much was turned


@pytest.mark.browser
def test_a_link_opens_what_a_lasso_has_caught(visitor: Visitor, server: Server) -> None:
    page = visitor.open(f"{server.url}/embeddings?film=step_0")
    expect(page.locator(".scatter-film").first).to_have_attribute("data-frame", "0")
    three = page.locator(".scatter-film .legend").first.get_by_role("button", name="3")
    three.click()
    expect(three).to_have_attribute("aria-pressed", "true")
    box = page.locator("canvas.points").first.bounding_box()
    assert box
    corners = [(0.1, 0.1), (0.9, 0.1), (0.9, 0.6), (0.1, 0.6), (0.1, 0.1)]
    page.keyboard.down("Shift")
    for place, (across, down) in enumerate(corners):
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=4)
        if place == 0:
            page.mouse.down()
    page.mouse.up()
    page.keyboard.up("Shift")
    caught = page.locator(".neighbours .hint").first
    expect(caught).to_have_text(re.compile(r"^\d\d picked: \d\d × 3\.$"))
    neighbours = page.locator(".neighbours").first
    before = neighbours.get_attribute("data-chosen") or ""
    neighbours.locator(".next").click()
    expect(neighbours).not_to_have_attribute("data-chosen", before)
    digit = int(neighbours.get_attribute("data-chosen") or "") + 1  # they count from 1
    expect(page).to_have_url(re.compile(rf"digit_{digit}\b.*group_.*class_3"))
    chosen = page.locator(".neighbours .which").first.text_content()
    again = visitor.open(page.url)
    expect(again.locator(".neighbours .hint").first).to_have_text(caught.text_content() or "")
    expect(again.locator(".neighbours .which").first).to_have_text(chosen or "")
    three = again.locator(".scatter-film .legend").first.get_by_role("button", name="3")
    expect(three).to_have_attribute("aria-pressed", "true")


@pytest.mark.browser
def test_umap_takes_the_place_of_the_film_that_rests(visitor: Visitor, server: Server) -> None:
    steps = open_recording("simclr").snapshot_steps()
    page = visitor.open(f"{server.url}/embeddings?film=step_{steps[30]}")
    film, points = page.locator(".scatter-film").first, page.locator("canvas.points").first
    expect(film).to_have_attribute("data-step", str(steps[30]))
    before = drawn(points)
    page.get_by_role("radiogroup", name="Projection").get_by_text("UMAP").click()
    expect(film).to_have_attribute("data-frames", "1")
    expect(page.get_by_text("UMAP is laying out")).to_have_count(0, timeout=COMPILING_MS)
    settle(page)
    expect(film).to_have_attribute("data-step", str(steps[30]))
    read_until(page, lambda: drawn(points), lambda shown: difference(shown, before) > 5)
    expect(page).to_have_url(re.compile(f"projection=UMAP.*umap_step={steps[30]}"))
    visitor.photograph(page)
    page.get_by_role("slider", name="UMAP of step").press("ArrowLeft")
    expect(film).to_have_attribute("data-step", str(steps[29]))
    page.get_by_role("radiogroup", name="Projection").get_by_text("t-SNE").click()
    expect(film).to_have_attribute("data-frames", str(len(steps)))
    expect(film).to_have_attribute("data-step", str(steps[29]))
    expect(page).not_to_have_url(re.compile("UMAP|umap"))
