"""How fast all learners learn and answer here: `python -m tests.benchmarks.lifelong_page`.

Prints how long a class of one example takes to join all learners, and the time from pen-up on the
paper of *Teach it yours* to their answers on screen, on a warmed server. Milliseconds: median, 95th
percentile and worst. Then the seconds of processor time of a stream of 600 classes, 15 examples of
each, in which all learners are asked every ten classes.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import torch
from playwright.sync_api import Page

from core.methods.lifelong.config import LifelongConfig
from core.methods.lifelong.method import Lifelong
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
    _print("a class joins all learners", joining(LifelongConfig(steps=200, k_shot=1)))
    _print("pen-up to all answers", waits)
    began = time.process_time()
    joining(LifelongConfig(steps=600, k_shot=15, replay=8))
    print(f"a stream of 600 classes {time.process_time() - began:.0f} s")


def joining(config: LifelongConfig) -> list[float]:
    """Milliseconds in which each class joins all learners; these are asked every ten classes."""
    torch.set_num_threads(1)
    stream, waits = Lifelong(config), []
    for step in range(1, config.steps + 1):
        began = time.perf_counter()
        stream.step(step)
        waits.append(1000 * (time.perf_counter() - began))
        if step % config.eval_every == 0:
            stream.validate(step)
    return waits


def _print(what: str, waits: list[float]) -> None:
    late = sorted(waits)[int(0.95 * len(waits))]
    print(f"{what:28}{median(waits):7.0f} {late:7.0f} {max(waits):7.0f}")


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
