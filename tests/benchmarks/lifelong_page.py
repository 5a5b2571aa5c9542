"""How fast a drawn symbol is answered on this machine: `python -m tests.benchmarks.lifelong_page`.

Prints the time from pen-up on the paper of *Teach it yours* to the answers of all learners on
screen, on a warmed server. Milliseconds: median, 95th percentile and worst.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from playwright.sync_api import Page

from tests.benchmarks.app import opened_app
from tests.helpers.browser import Visitor
from tests.helpers.hand import canvas, draw

DRAWINGS = 40
WARM_UP_S = 15  # torch in the server, the first characters of the stream
GAP_MS = 300  # from one answer to the next drawing

# From each pen-up to the first frame after the answers have changed.
WATCH_ANSWERS = """answers => {
    let start = 0;
    window.waits = [];
    document.addEventListener("pointerup", () => { start = performance.now(); }, true);
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
        if (start) window.waits.push(performance.now() - start);
        start = 0;
    }))).observe(answers, { subtree: true, childList: true, characterData: true });
}"""


def main() -> None:
    with opened_app() as (server, browser):
        page = Visitor(browser, "benchmark").open(f"{server.url}/lifelong")
        page.locator(".answer").first.wait_for()
        time.sleep(WARM_UP_S)
        page.locator(".answers[role=list]").evaluate(WATCH_ANSWERS)
        paper = canvas(page, "Draw a symbol")
        waits = []
        for number in range(DRAWINGS):
            share = number / DRAWINGS
            line = np.array([[0.1, 0.1 + 0.8 * share], [0.5, 0.5], [0.9, 0.9 - 0.8 * share]])
            waits.append(_wait(page, lambda line=line: draw(page, paper, [line])))  # type: ignore[misc]
            _wait(page, paper.get_by_role("button", name="Clear").click)
        late = sorted(waits)[int(0.95 * len(waits))]
        print(f"pen-up to all answers {median(waits):7.0f} {late:7.0f} {max(waits):7.0f}")


def _wait(page: Page, act: Callable[[], object]) -> float:
    """Milliseconds from an act to the answers to it."""
    page.wait_for_timeout(GAP_MS)
    page.evaluate("window.waits.length = 0")
    act()
    page.wait_for_function("window.waits.length")
    first: float = page.evaluate("window.waits[0]")
    return first


if __name__ == "__main__":
    main()
