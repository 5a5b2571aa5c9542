"""The HTML film of a curve, opened as a file in a real browser: it steps, and asks for nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from core.export.curve_html import curve_html
from tests.helpers.browser import PATIENCE_MS, PHONE
from tests.helpers.sinusoid_fits import BAD, GOOD, MIDDLING, X, task
from tests.helpers.task_films import CAPTION

pytestmark = pytest.mark.browser


def drawn(step: int) -> str:
    """The first panel's bold line, whose vertical axis points down."""
    return "M" + "L".join(f"{x:g} {-y:g}" for x, y in zip(X, GOOD.prediction[step], strict=True))


def test_the_panels_show_the_step_and_fit_a_phone(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "curves.html"
    file.write_bytes(curve_html(task([1.0, 2.0]), [GOOD, MIDDLING, BAD], CAPTION))
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(PATIENCE_MS)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    expect(page.locator(".curves")).to_have_attribute("data-step", "0")
    line = page.locator(".now-line").first
    expect(line).to_have_attribute("d", drawn(0))
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".curves")).to_have_attribute("data-step", "1")
    expect(line).to_have_attribute("d", drawn(1))
    expect(page.locator(".error")).to_have_text(
        [f"error on the left half {error}" for error in ("0.25", "4.00", "16.00")]
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert complaints == []
