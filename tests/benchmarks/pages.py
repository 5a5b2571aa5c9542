"""How fast the pages answer on this machine: `python -m tests.benchmarks.pages`.

Prints, for a warmed server: the first paint of Start; what a click on each page waits for its
answer, while nothing trains and while a run trains; and the time from pressing Train to the first
moving frame. Milliseconds: median and worst.
"""

import time
from collections.abc import Callable
from statistics import median

from playwright.sync_api import Browser, Page, expect

from tests.benchmarks.app import opened_app
from tests.browser.harness import Visitor, settle

VISITS = 5
CLICKS = 10
PATIENCE_S = 10  # for an answer; a wait of this length is none
WARM_UP_S = 15  # torch in the server and in the waiting worker
LONG_RUN = "maml_steps=100000&maml_snapshot_every=10&maml_eval_every=1000&maml_eval_tasks=20"


def main() -> None:
    with opened_app() as (server, browser):
        _measure(server.url, browser)


def _measure(url: str, browser: Browser) -> None:
    visitor = Visitor(browser, "benchmark")
    for path in ("", "few_shot", "embeddings", "inpainting"):
        visitor.open(f"{url}/{path}").context.close()
    time.sleep(WARM_UP_S)
    _print("first paint of Start", [_first_paint(visitor, url) for _ in range(VISITS)])
    _clicks(visitor, url, "nothing trains")
    page = visitor.open(f"{url}/few_shot?{LONG_RUN}")
    _print("Train to the first moving frame", [_train(page)])
    _clicks(visitor, url, "a run trains")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".stMarkdownBadge").filter(has_text="stopped")).to_be_visible()
    visitor.leave(failed=False)


def _first_paint(visitor: Visitor, url: str) -> float:
    """From asking for Start to its title on screen, in a browser profile without a cache."""
    context = visitor.pages[0].context.browser
    assert context is not None
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    expect(page.get_by_text("Watch a network learn")).to_be_visible()
    took = time.perf_counter() - start
    page.close()
    return took


def _clicks(visitor: Visitor, url: str, meanwhile: str) -> None:
    few_shot = visitor.open(f"{url}/few_shot")
    task = few_shot.get_by_label("Task", exact=True)
    _print(f"another few-shot task, {meanwhile}", _repeat(
        few_shot, lambda: few_shot.get_by_role("button", name="Another task").click(),
        lambda: task.input_value(),
    ))  # fmt: skip
    few_shot.context.close()
    inpainting = visitor.open(f"{url}/inpainting")
    completed = inpainting.get_by_alt_text("completed by the U-Net")
    digits = inpainting.get_by_role("button", name="Next", exact=True)
    _print(f"next digit completed, {meanwhile}", _repeat(
        inpainting, digits.click, lambda: completed.get_attribute("src")
    ))  # fmt: skip
    _print(f"pen-up to completion, {meanwhile}", _strokes(inpainting))
    inpainting.context.close()


def _repeat(page: Page, act: Callable[[], None], seen: Callable[[], str | None]) -> list[float]:
    settle(page)
    waits = []
    for _ in range(CLICKS):
        before, start = seen(), time.perf_counter()
        act()
        while seen() == before and time.perf_counter() - start < PATIENCE_S:
            page.wait_for_timeout(5)
        waits.append(time.perf_counter() - start)
        page.wait_for_timeout(300)
    return waits


def _strokes(page: Page) -> list[float]:
    page.get_by_role("button", name="Nothing", exact=True).click()
    expect(page.get_by_text("Nothing is hidden")).to_be_visible()
    surface = page.locator(".surface")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    completed = page.get_by_alt_text("completed by the U-Net")
    rows = iter(range(CLICKS))

    def paint() -> None:
        y = box["y"] + box["height"] * (0.25 + 0.05 * next(rows))  # where there is ink
        page.mouse.move(box["x"] + 0.2 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.8 * box["width"], y)
        page.mouse.up()

    return _repeat(page, paint, lambda: completed.get_attribute("src"))


def _train(page: Page) -> float:
    """From the click to the second picture of the run: something has moved."""
    start = time.perf_counter()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("Moment (step)")).to_be_visible()
    return time.perf_counter() - start


def _print(what: str, seconds: list[float]) -> None:
    worst, middle = 1000 * max(seconds), 1000 * median(seconds)
    print(f"{what:45} {middle:7.0f} {worst:7.0f}", flush=True)


if __name__ == "__main__":
    main()
