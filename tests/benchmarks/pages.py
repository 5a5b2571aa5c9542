"""How fast the pages answer on this machine: `python -m tests.benchmarks.pages`.

Prints, for a warmed server: the first paint of Start; what a click on each page waits for its
answer, while nothing trains and while a run trains; and the time from pressing Train to the first
moving frame. Milliseconds: median, 95th percentile and worst. A wait is taken by the page itself,
from the event in the browser to the picture that answers it.
"""

import time
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Browser, Locator, Page

from tests.benchmarks.app import opened_app
from tests.helpers.browser import Visitor, settle

VISITS = 5
CLICKS = 20
REST_MS = 500  # between two clicks
PATIENCE_S = 10  # for an answer; a wait of this length is none
WARM_UP_S = 15  # torch in the server and in the waiting worker
# Resolves `window.answered` with the milliseconds from an event to the painted change after it.
WATCH = """(element, [event, attribute, patience]) => {
  window.answered = new Promise((resolve) => {
    const begin = () => {
      const start = performance.now();
      const done = () => {
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
      };
      const watcher = new MutationObserver(done);
      watcher.observe(element, { attributes: true, attributeFilter: [attribute] });
      setTimeout(done, 1000 * patience);
    };
    document.addEventListener(event, begin, { capture: true, once: true });
  });
}"""
# The same from the next click to the slider over the frames of a run, which two frames bring.
WATCH_FILM = """(patience) => {
  window.answered = new Promise((resolve) => {
    const begin = () => {
      const start = performance.now();
      const late = () => performance.now() - start > 1000 * patience;
      const labels = () => [...document.querySelectorAll("[data-testid=stWidgetLabel]")];
      const isThere = () => labels().some((each) => each.textContent.includes("Moment (step)"));
      const timer = setInterval(() => {
        if (!isThere() && !late()) return;
        clearInterval(timer);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
      }, 20);
    };
    document.addEventListener("click", begin, { capture: true, once: true });
  });
}"""
LONG_RUN = "maml_steps=100000&maml_snapshot_every=10&maml_eval_every=1000&maml_eval_tasks=20"


def main() -> None:
    with opened_app() as (server, browser):
        _measure(server.url, browser)


def _measure(url: str, browser: Browser) -> None:
    visitor = Visitor(browser, "benchmark")
    for path in ("", "few_shot", "embeddings", "inpainting"):
        visitor.open(f"{url}/{path}").context.close()
    time.sleep(WARM_UP_S)
    print_row("first paint of Start", [_first_paint(visitor, url) for _ in range(VISITS)])
    _clicks(visitor, url, "nothing trains")
    page = visitor.open(f"{url}/few_shot?{LONG_RUN}")
    print_row("Train to the first moving frame", [_train(page)])
    _clicks(visitor, url, "a run trains")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator(".stMarkdownBadge").filter(has_text="stopped").wait_for()
    visitor.leave(failed=False)


def _first_paint(visitor: Visitor, url: str) -> float:
    """From asking for Start to its title on screen, in a browser profile without a cache."""
    context = visitor.pages[0].context.browser
    assert context is not None
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.get_by_text("Watch a network learn").wait_for()
    took = time.perf_counter() - start
    page.close()
    return took


def _clicks(visitor: Visitor, url: str, meanwhile: str) -> None:
    few_shot = visitor.open(f"{url}/few_shot")
    few_shot.locator(".st-key-race-cards img").first.wait_for()
    another = few_shot.get_by_role("button", name="Another task")
    film = few_shot.locator(".st-key-few-shot-task [data-drawn]")
    took = waits(few_shot, "click", another.click, film, "data-drawn")
    print_row(f"another few-shot task, {meanwhile}", took)
    few_shot.context.close()
    inpainting = visitor.open(f"{url}/inpainting")
    completed = inpainting.locator(".completions")  # drawn all at once
    digits = inpainting.get_by_role("button", name="Next", exact=True)
    took = waits(inpainting, "click", digits.click, completed, "data-drawn")
    print_row(f"next digit completed, {meanwhile}", took)
    took = waits(inpainting, "pointerup", _brush(inpainting), completed, "data-drawn")
    print_row(f"pen-up to all completions, {meanwhile}", took)
    inpainting.context.close()


def waits(
    page: Page, event: str, act: Callable[[], None], answer: Locator, attribute: str
) -> list[float]:
    """Seconds from an event to the next change of the answer's attribute, once an act."""
    settle(page)
    answer.wait_for()
    seconds = []
    for _ in range(CLICKS):
        answer.evaluate(WATCH, [event, attribute, PATIENCE_S])
        act()
        seconds.append(page.evaluate("window.answered") / 1000)
        page.wait_for_timeout(REST_MS)
    return seconds


def _brush(page: Page) -> Callable[[], None]:
    """Paints one line more each time, over a digit of which nothing is hidden."""
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_text("Nothing is hidden").wait_for()
    surface = page.locator(".surface")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    rows = iter(np.linspace(0.1, 0.9, CLICKS))  # each covers pixels that none did

    def paint() -> None:
        y = box["y"] + box["height"] * next(rows)
        page.mouse.move(box["x"] + 0.2 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.8 * box["width"], y)
        page.mouse.up()

    return paint


def _train(page: Page) -> float:
    """From the click to the second picture of the run: something has moved.

    The page watches itself: Playwright's own waiting would take a core from what it waits for.
    """
    page.evaluate(WATCH_FILM, PATIENCE_S)
    page.get_by_role("button", name="Train", exact=True).click()
    seconds: float = page.evaluate("window.answered") / 1000
    page.get_by_text("Moment (step)").wait_for()
    return seconds


def print_row(what: str, seconds: list[float]) -> None:
    figures = 1000 * np.quantile(seconds, [0.5, 0.95, 1])
    print(f"{what:45}", *(f"{figure:7.0f}" for figure in figures), flush=True)


if __name__ == "__main__":
    main()
