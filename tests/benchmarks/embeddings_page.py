"""How live the Embeddings page is on this machine: `python -m tests.benchmarks.embeddings_page`.

Prints, for a warmed server: the time from pressing Train to the first moving frame, and from one
frame of the film to the next; and how long a slider of the two views waits for its pictures, while
nothing trains and meanwhile. Milliseconds: median, 95th percentile and worst.
"""

import time

from playwright.sync_api import Page

from tests.benchmarks.app import opened_app
from tests.benchmarks.pages import PATIENCE_S, WARM_UP_S, print_row, waits
from tests.helpers.browser import Visitor

FRAMES = 20
LONG_RUN = "simclr_steps=100000"
# Resolves `window.answered` with the milliseconds from the next click to the first moving frame and
# from each frame to the next, so many times.
WATCH_FRAMES = """([count, patience]) => {
  window.answered = new Promise((resolve) => {
    // Components live in shadow trees: the film of the run comes second.
    const films = () => [...document.querySelectorAll("*")]
      .map((each) => each.shadowRoot?.querySelector(".scatter-film")).filter(Boolean);
    const begin = () => {
      let last = performance.now();
      let frames = 1; // the first is the untrained network's
      const took = [];
      const timer = setInterval(() => {
        const now = performance.now();
        const found = Number(films().at(1)?.dataset.frames ?? 0);
        if (found <= frames && now - last < 1000 * patience) return;
        frames = Math.max(frames, found);
        took.push(now - last);
        last = now;
        if (took.length <= count) return;
        clearInterval(timer);
        resolve(took);
      }, 50);
    };
    document.addEventListener("click", begin, { capture: true, once: true });
  });
}"""


def main() -> None:
    with opened_app() as (server, browser):
        visitor = Visitor(browser, "benchmark")
        page = visitor.open(f"{server.url}/embeddings?{LONG_RUN}")
        time.sleep(WARM_UP_S)
        print_row("a slider of the views, nothing trains", _slider(page))
        page.evaluate(WATCH_FRAMES, [FRAMES, PATIENCE_S])
        page.get_by_role("button", name="Train", exact=True).click()
        first, *others = (each / 1000 for each in page.evaluate("window.answered"))
        print_row("Train to the first moving frame", [first])
        print_row("from one frame to the next", others)
        print_row("a slider of the views, a run trains", _slider(page))
        page.get_by_role("button", name="Stop", exact=True).click()
        page.locator(".stMarkdownBadge").filter(has_text="stopped").wait_for()
        visitor.leave(failed=False)


def _slider(page: Page) -> list[float]:
    """Seconds from a key on the slider to new pictures of the pairs."""
    rotation = page.get_by_role("slider", name="Rotation, °")
    rotation.scroll_into_view_if_needed()
    keys = iter(["ArrowRight", "ArrowLeft"] * 100)
    pairs = page.locator('img[alt*="positive pairs"]')
    return waits(page, "keydown", lambda: rotation.press(next(keys)), pairs, "src")


if __name__ == "__main__":
    main()
