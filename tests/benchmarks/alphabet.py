"""How fast a drawn query is answered on this machine: `python -m tests.benchmarks.alphabet`.

Prints the time from pen-up on the query's canvas to the new bars on screen, with three and with
five symbols, on a warmed server. Milliseconds: median, 95th percentile and worst.
"""

import time
from statistics import median

from playwright.sync_api import Page, expect

from tests.benchmarks.app import opened_app
from tests.helpers.browser import Visitor, settle

STROKES = 40
WARM_UP_S = 15  # torch in the server and in the waiting worker
GAP_MS = 200  # from one answer to the next stroke

# From each pen-up to the first frame after the bars were drawn anew; Plotly counts its drawings.
WATCH_BARS = """bars => {
    let start = 0;
    window.waits = [];
    window.drawn = 0;
    document.addEventListener("pointerup", () => { start = performance.now(); }, true);
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
        if (start) window.waits.push(performance.now() - start);
        start = 0;
        window.drawn += 1;
    }))).observe(bars, { attributeFilter: ["data-drawn"] });
}"""


def main() -> None:
    with opened_app() as (server, browser):
        page = Visitor(browser, "benchmark").open(
            f"{server.url}/few_shot?tasks_from=Your+drawings&drawn_more=true"
        )
        time.sleep(WARM_UP_S)
        _print("pen-up to bars, three symbols", _waits(page))
        for letter in "DE":
            page.get_by_role("button", name="Add a symbol").click()
            page.get_by_text(f"{letter} has no drawing yet").wait_for()
        page.get_by_role("button", name="Show me").click()
        expect(page.get_by_text("has no drawing yet")).to_have_count(0)
        _print("pen-up to bars, five symbols", _waits(page))


def _waits(page: Page) -> list[float]:
    """Milliseconds, a stroke each: every time another one that crosses the first, then undone."""
    settle(page)
    page.locator('.live-figure[aria-label^="After inner step"][data-drawn]').evaluate(WATCH_BARS)
    _stroke(page, (0.1, 0.1), (0.3, 0.9))
    for stroke in range(STROKES):
        share = stroke / STROKES
        _stroke(page, (0.1, 0.3 + 0.4 * share), (0.9, 0.9 - 0.8 * share))
        drawn = page.evaluate("window.drawn")
        page.keyboard.press("Control+z")
        page.wait_for_function(f"window.drawn > {drawn}")
    waits: list[float] = page.evaluate("window.waits.slice(1)")
    return waits


def _stroke(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draws a line on the query, from and to shares of its width and height; waits for the bars."""
    surface = page.locator('.pixel-canvas[aria-label="Draw the query"] .surface')
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    before = page.evaluate("window.drawn")
    page.wait_for_timeout(GAP_MS)
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_function(f"window.drawn > {before}")


def _print(what: str, waits: list[float]) -> None:
    late = sorted(waits)[int(0.95 * len(waits))]
    print(f"{what:40} {median(waits):7.0f} {late:7.0f} {max(waits):7.0f}", flush=True)


if __name__ == "__main__":
    main()
