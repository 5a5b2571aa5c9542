"""The address of the Inpainting page follows what is on screen, and a link shows it again."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages.parts.inpainting.masks import SHAPE, preset_visible_mask
from tests.helpers.browser import Visitor, read_until, settle
from tests.helpers.server import Server

pytestmark = pytest.mark.browser


def expect_parameter(page: Page, name: str, value: str) -> None:
    expect(page).to_have_url(re.compile(rf"[?&]{name}={re.escape(value)}(&|$)"))


def hidden_on_screen(page: Page) -> np.ndarray:
    """Whether each pixel (28, 28) is covered: those are cut out of the picture."""
    return opacity_on_screen(page) < 255


def wait_for_hidden(page: Page, expected: np.ndarray) -> None:
    read_until(page, lambda: hidden_on_screen(page), lambda shown: bool((shown == expected).all()))


def opacity_on_screen(page: Page) -> np.ndarray:
    """How much is seen of each pixel (28, 28) of the picture, of 255."""
    rgba = page.locator("canvas.picture").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
    )
    return np.asarray(np.array(rgba, np.uint8).reshape(*SHAPE, 4)[..., 3])


def test_every_widget_changes_the_address_at_once(visitor: Visitor, server: Server) -> None:
    page = visitor.open(f"{server.url}/inpainting")
    expect_parameter(page, "mask", "bottom")
    expect_parameter(page, "digit", "28")
    page.get_by_role("button", name="Box", exact=True).click()
    expect_parameter(page, "mask", "box")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Number")).not_to_have_value("28")
    number = page.get_by_role("spinbutton", name="Number").input_value()
    expect_parameter(page, "digit", number)
    page.get_by_text("Raw output").click()
    expect_parameter(page, "raw", "true")
    opacities = set(np.unique(opacity_on_screen(page)))
    assert opacities == {0, 255}, "what is hidden shines through"
    page.get_by_text("Show what is hidden").click()
    expect_parameter(page, "see_hidden", "true")
    page.get_by_role("button", name="Six others").click()
    expect_parameter(page, "fill_seed", "1")
    page.get_by_role("button", name="Sampler").click()
    page.get_by_role("slider", name="Steps").press("ArrowLeft")
    expect_parameter(page, "fill_steps", "7")
    page.get_by_role("slider", name="Temperature").press("ArrowRight")
    expect_parameter(page, "fill_temperature", "0.9")
    page.keyboard.press("Escape")
    page.get_by_role("slider", name="Share of the pixels that Random hides").press("ArrowLeft")
    expect_parameter(page, "hidden", "70")
    n_hidden = round(0.7 * 784)
    shown = read_until(page, lambda: hidden_on_screen(page), lambda it: it.sum() == n_hidden)
    settle(page)
    address = page.url
    assert "mask=random" not in address, "the second random mask is not the first"

    again = visitor.open(address)
    wait_for_hidden(again, shown)
    assert (opacity_on_screen(again) > 0).all()
    assert again.url == address
    expect(again.get_by_role("spinbutton", name="Number")).to_have_value(number)
    expect(again.get_by_role("button", name="Six others")).to_be_enabled()
    again.get_by_role("button", name="Six others").click()
    expect_parameter(again, "fill_seed", "2")


def test_broken_parameters_are_corrected_at_once_and_widgets_stay_bound(
    visitor: Visitor, server: Server
) -> None:
    page = visitor.open(
        f"{server.url}/inpainting?hidden=&fill_steps=inf&fill_seed=-5&raw=maybe&mask=../etc&digit=x"
    )
    expect(page.get_by_role("alert").filter(has_text="Digit 'x'")).to_be_visible()
    expect_parameter(page, "mask", "bottom")
    expect_parameter(page, "digit", "28")
    for name in ("hidden", "fill_steps", "fill_seed", "raw"):
        expect(page).not_to_have_url(re.compile(name))
    page.get_by_role("button", name="Sampler").click()
    page.get_by_role("slider", name="Steps").press("ArrowRight")
    expect_parameter(page, "fill_steps", "9")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_count(0)
    raw_output = page.get_by_text("Raw output", exact=True)
    raw_output.click()
    expect_parameter(page, "raw", "true")
    raw_output.click()
    expect(page).not_to_have_url(re.compile("raw"))
    wait_for_hidden(page, preset_visible_mask("bottom", 0, 75) == 0)
