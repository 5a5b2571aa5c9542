"""The bench of the two views, in a browser: sliders move pixels, a click chooses a row."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from core.figures.pictures import rgb
from core.figures.views import POSITIVE
from tests.helpers.browser import PHONE, Visitor, overflow, read_until, settle
from tests.helpers.server import Server

MATRIX = '.live-figure[data-drawn][aria-label^="How alike 16 views are. The {}"]'


def pixels(locator: Locator) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(locator.screenshot())).convert("RGB")).astype(int)


def wait_for_picture(picture: Locator) -> None:
    """A new picture replaces the old one on screen once it is decoded."""
    picture.evaluate("picture => picture.decode()")


def orange_bar(chart: Locator) -> int:
    """Height in pixels of the positive's bar, whose colour fills no other part of the chart's top
    quarter.
    """
    picture = pixels(chart)
    top = picture[: picture.shape[0] // 4]
    is_orange = (np.abs(top - np.array(rgb(POSITIVE))) < 12).all(axis=2)
    return int((is_orange.sum(axis=1) > 10).sum())


@pytest.mark.browser
def test_a_slider_moves_the_views_and_the_temperature_the_bars(
    visitor: Visitor, server: Server
) -> None:
    page = visitor.open(f"{server.url}/embeddings?view_row=2")
    chart = page.locator(MATRIX.format("first view of the 2"))
    expect(chart).to_have_attribute("aria-label", re.compile("at temperature 0.2"))
    pairs = page.get_by_alt_text("12 positive pairs")
    source = pairs.get_attribute("src")
    wait_for_picture(pairs)
    before = pixels(pairs)

    page.get_by_role("slider", name="Rotation").press("End")
    expect(pairs).not_to_have_attribute("src", source or "")
    expect(page).to_have_url(re.compile("view_rotation=180"))
    settle(page)
    wait_for_picture(pairs)
    moved = (np.abs(pixels(pairs) - before).max(axis=2) > 40).mean()
    assert 0.05 < moved < 0.6

    warm = read_until(page, lambda: orange_bar(chart), bool)
    page.get_by_role("slider", name="Temperature").press("End")
    expect(chart).to_have_attribute("aria-label", re.compile("at temperature 10"))
    read_until(page, lambda: orange_bar(chart), lambda cold: cold < warm / 2)
    visitor.photograph(page)


@pytest.mark.browser
def test_a_click_chooses_a_row_on_a_phone_too(visitor: Visitor, server: Server) -> None:
    page = visitor.open(f"{server.url}/embeddings", PHONE, dark=True, touch=True)
    first = page.locator(MATRIX.format("first view of the 8"))
    first.scroll_into_view_if_needed()
    cell = first.locator(".heatmaplayer image").bounding_box()
    assert cell is not None
    page.touchscreen.tap(cell["x"] + cell["width"] / 2, cell["y"] + cell["height"] * 4.5 / 16)
    page.locator(MATRIX.format("first view of the 5")).wait_for()
    expect(page).to_have_url(re.compile("view_row=5"))
    assert overflow(page) == 0
    visitor.photograph(page)
