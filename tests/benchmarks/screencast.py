"""Takes the animated picture of the README: `python -m tests.benchmarks.screencast [FILE]`.

Opens the app in Chromium and photographs what moves on three pages: a few-shot task that is adapted
step by step, an embedding that forms clusters, a digit that is painted over and completed. Writes
`assets/glimpse.gif`, or the file that is named.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from core.paths import ASSETS
from tests.benchmarks.app import opened_app
from tests.helpers.browser import ALL_DRAWN, PATIENCE_MS, after_frames, settle
from tests.helpers.server import Server

WINDOW: ViewportSize = {"width": 1280, "height": 896}
SIZE = (800, 560)  # pixels of the picture
TOP = 50  # pixels above the title that are scrolled away
COLOURS = 256
LARGEST = 3_000_000  # bytes
QUICK_MS, SLOW_MS, REST_MS = 120, 600, 1800  # that a frame is shown
INNER_STEPS = 5
FILM_FRAMES = 24  # of the recorded embedding, evenly spread


class Frame(NamedTuple):
    picture: Image.Image
    shown_ms: int


def main(file: Path) -> None:
    with opened_app() as (server, browser):
        frames = [
            frame
            for scene in (few_shot, embeddings, inpainting)
            for frame in scene(server, browser)
        ]
    write(file, frames)
    print(f"{file}: {len(frames)} frames, {file.stat().st_size / 1e6:.1f} MB")


def few_shot(server: Server, browser: Browser) -> Iterator[Frame]:
    """A task, adapted step by step."""
    page = opened(browser, f"{server.url}/few_shot?inner_steps={INNER_STEPS}&inner_step=0")
    page.locator(".cards .card").first.wait_for()
    slider = page.locator(".st-key-inner_step").get_by_role("slider")
    slider.focus()
    for step in range(INNER_STEPS + 1):
        page.get_by_role("figure", name=f"After {step} step").first.wait_for()
        yield photograph(page, SLOW_MS if step < INNER_STEPS else REST_MS)
        page.keyboard.press("ArrowRight")
    page.context.close()


def embeddings(server: Server, browser: Browser) -> Iterator[Frame]:
    """The recorded run, from noise to clusters."""
    page = opened(browser, f"{server.url}/embeddings?film=step_0")
    film = page.locator(".scatter-film").first
    expect(film).to_have_attribute("data-frame", "0", timeout=PATIENCE_MS)
    points = page.locator("canvas.points").first
    points.focus()
    last = int(film.get_attribute("data-frames") or 1) - 1
    for number in range(FILM_FRAMES + 1):
        frame = round(last * number / FILM_FRAMES)
        while int(film.get_attribute("data-frame") or 0) < frame:
            points.press("ArrowRight")
            after_frames(page)
        yield photograph(page, QUICK_MS if number < FILM_FRAMES else REST_MS)
    page.context.close()


def inpainting(server: Server, browser: Browser) -> Iterator[Frame]:
    """A digit, painted over from top to bottom; the completions follow each stroke."""
    page = opened(browser, f"{server.url}/inpainting?mask=nothing")
    surface = page.locator(".surface").first
    surface.wait_for()
    yield photograph(page, SLOW_MS)
    for height in (0.25, 0.35, 0.45, 0.55):
        box = surface.bounding_box()
        assert box is not None
        before = page.url
        page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + height * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + height * box["height"], steps=12)
        yield photograph(page, SLOW_MS // 2)
        page.mouse.up()
        page.wait_for_function("before => location.href !== before", arg=before)
        yield photograph(page, SLOW_MS)
    yield photograph(page, REST_MS)
    page.context.close()


def opened(browser: Browser, url: str) -> Page:
    """A page in a window of the picture's shape, without Streamlit's own controls."""
    context = browser.new_context(viewport=WINDOW, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(url, wait_until="domcontentloaded")
    settle(page)
    page.add_style_tag(content="[data-testid=stHeader] { visibility: hidden }")
    page.get_by_test_id("stMain").evaluate("(main, by) => main.scrollBy(0, by)", TOP)
    return page


def photograph(page: Page, shown_ms: int) -> Frame:
    """What the page shows, all drawn."""
    settle(page)
    page.wait_for_function(ALL_DRAWN)
    after_frames(page)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return Frame(picture.resize(SIZE, Image.Resampling.LANCZOS), shown_ms)


def quantised(picture: Image.Image) -> Image.Image:
    """The picture in few colours: the rare ones stay, which tell classes apart."""
    few = Image.Quantize.MAXCOVERAGE
    return picture.quantize(COLOURS, few, dither=Image.Dither.NONE)


def write(file: Path, frames: list[Frame]) -> None:
    """Writes an endless GIF. Exits where the file is larger than a README should load."""
    pictures = [quantised(frame.picture) for frame in frames]
    pictures[0].save(
        file,
        save_all=True,
        append_images=pictures[1:],
        duration=[frame.shown_ms for frame in frames],
        loop=0,
        optimize=True,
    )
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file} has {file.stat().st_size / 1e6:.1f} MB: take fewer frames.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ASSETS / "glimpse.gif")
