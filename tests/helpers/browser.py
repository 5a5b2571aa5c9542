"""Chromium, and a visitor who opens pages in it."""

import re
import shutil
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, expect

from tests.helpers.server import OUTPUT

T = TypeVar("T")

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

# The shell comes first: without windows a page costs half the processor time.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 180_000  # a busy machine can be slow; a test that passes never waits for this
expect.set_options(timeout=PATIENCE_MS)
ERROR_BOXES = "[data-testid=stException]"
# A chart is drawn once its script is there; the pictures in it are decoded later still.
ALL_DRAWN = """async () => {
  const charts = [...document.querySelectorAll(".live-figure")].filter((it) => it.offsetParent);
  if (!charts.every((it) => it.dataset.drawn)) return false;
  const pictures = charts.flatMap((it) => [...it.querySelectorAll("image")]);
  const decoded = await Promise.allSettled(pictures.map((it) => it.decode()));
  return decoded.every((it) => it.status === "fulfilled");
}"""


def find_chromium() -> str | None:
    """Path of the system's Chromium, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def launch_chromium(playwright: Playwright, executable: str) -> Browser:
    return playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))


class Visitor:
    """Opens pages in one browser, watches them for errors and photographs them.

    Errors are what a person would call broken: an uncaught exception in the browser, or an error
    box of Streamlit. A refused request alone is not one (deep links log a harmless 404).
    """

    def __init__(self, browser: Browser, name: str) -> None:
        self._browser = browser
        self._name = re.sub(r"[^\w-]+", "-", name).strip("-")
        self.pages: list[Page] = []
        self.errors: list[str] = []

    def open(
        self, url: str, size: ViewportSize = DESKTOP, dark: bool = False, touch: bool = False
    ) -> Page:
        """A page on `url` in a browser profile of its own, settled."""
        context = self._browser.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            device_scale_factor=2 if touch else 1,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.pages.append(page)
        page.goto(url, wait_until="domcontentloaded")
        settle(page)
        return page

    def photograph(self, page: Page, name: str = "") -> Path:
        """Saves what the page shows, all drawn, as test-output/<test>[-name].png."""
        if not page.url.startswith("file:"):  # a downloaded film has no script to wait for
            settle(page)
            page.wait_for_function(ALL_DRAWN)
        return self._save(page, name)

    def _save(self, page: Page, name: str) -> Path:
        OUTPUT.mkdir(exist_ok=True)
        picture = OUTPUT / f"{'-'.join(filter(None, (self._name, name)))}.png"
        page.screenshot(path=picture)
        return picture

    def leave(self, failed: bool) -> list[str]:
        """Closes every page, photographed first where the test failed; returns what went wrong."""
        for number, page in enumerate(self.pages):
            if page.is_closed():
                continue
            boxes = [box.inner_text() for box in page.locator(ERROR_BOXES).all()]
            self.errors += [f"error box: {text}" for text in boxes]
            if failed or self.errors:
                self._save(page, f"failed-{number}")
            page.context.close()
        return self.errors


def swipe(page: Page, path: Sequence[tuple[float, float]], moves: int = 8) -> None:
    """One finger from corner to corner of a path, through the browser's own touch events."""
    cdp = page.context.new_cdp_session(page)

    def touch(kind: str, *fingers: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in fingers]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", path[0])
    for (x, y), (u, v) in pairwise(path):
        for move in range(1, moves + 1):
            touch("touchMove", (x + (u - x) * move / moves, y + (v - y) * move / moves))
    touch("touchEnd")


def settle(page: Page) -> None:
    """Waits until the page's script has run to its end."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def read_until(
    page: Page, read: Callable[[], T], check: Callable[[T], bool], patience_ms: int = PATIENCE_MS
) -> T:
    """What `read` gives as soon as `check` holds for it.

    Whatever follows an action in the browser is read so: a busy machine shows it later. Raises
    AssertionError with what was read last.
    """
    deadline = time.monotonic() + patience_ms / 1000
    while not check(found := read()):
        assert time.monotonic() < deadline, f"it stayed {found!r}"
        page.wait_for_timeout(50)
    return found


def read_until_close(
    page: Page, read: Callable[[], np.ndarray], expected: np.ndarray, atol: float
) -> np.ndarray:
    """The numbers that `read` gives as soon as all are within `atol` of those expected."""
    return read_until(page, read, lambda found: np.allclose(found, expected, rtol=0, atol=atol))


def after_frames(page: Page) -> None:
    """Waits until the browser has painted all that was asked of it before this call."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window; 0 on a page that fits a phone.

    A page that is being laid out may be wider for a moment, so that this waits for 0 a while.
    """
    try:
        read_until(page, lambda: _overflow(page), lambda wider: wider == 0, patience_ms=5000)
    except AssertionError:
        return _overflow(page)
    return 0


def _overflow(page: Page) -> int:
    wider: int = page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(box => box.scrollWidth - box.clientWidth))"
    )
    return wider
