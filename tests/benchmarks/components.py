"""How fast the components are on this machine: `python -m tests.benchmarks.components`.

Prints the time from pen-up on the pixel canvas to the page's answer on screen (a rerun of the demo
page), the frames a second of a film of 1,800 points, and what a chart costs to update in place.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from core.paths import PROJECT
from pages.parts.components.live_figure.live_figure import STATIC, serve_plotly
from tests.helpers.browser import Visitor, find_chromium, launch_chromium
from tests.helpers.server import start_server

DEMOS = PROJECT / "tests" / "browser" / "components"
STROKES = 20
FRAMES = 200

WATCH_PAGE = """() => {
    let start = 0;
    window.waits = [];
    document.addEventListener("pointerup", () => { start = performance.now(); }, true);
    new MutationObserver(() => {
        if (start) window.waits.push(performance.now() - start);
        start = 0;
    }).observe(document.querySelector("[data-testid=stMain]"),
               { subtree: true, childList: true, characterData: true });
}"""

TIME_FRAMES = """count => new Promise((done) => {
    const times = [];
    const tick = (now) => {
        times.push(now);
        if (times.length <= count) requestAnimationFrame(tick);
        else done(times.slice(1).map((time, i) => time - times[i]));
    };
    requestAnimationFrame(tick);
})"""

TIME_REACT = """async (plot) => {
    const { data, layout } = plot;
    const times = [];
    for (let i = 0; i < 20; i++) {
        const longer = (trace) => [...(trace.y._inputArray ?? trace.y), i];
        const grown = data.map((trace) => ({ ...trace, y: longer(trace) }));
        const start = performance.now();
        await Plotly.react(plot, grown, layout);
        times.push(performance.now() - start);
    }
    return times;
}"""


def main() -> None:
    executable = find_chromium()
    if executable is None:
        raise SystemExit("No Chromium on this machine: install the package chromium.")
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, executable)
        waits = pen_up_waits(browser)
        print(f"pen-up to answer: median {median(waits):.0f} ms, worst {max(waits):.0f} ms")
        gaps = film_gaps(browser)
        print(f"film of 1,800 points: {1000 * len(gaps) / sum(gaps):.0f} frames a second,", end=" ")
        print(f"95 % of them within {sorted(gaps)[int(0.95 * len(gaps))]:.0f} ms")
        updates = chart_updates(browser)
        print(f"chart in place: median {median(updates):.0f} ms an update")
        browser.close()


def pen_up_waits(browser: Browser) -> list[float]:
    """Milliseconds from lifting the pen to the first change of the page that it causes."""

    def paint(page: Page) -> list[float]:
        page.locator(".toolbar").wait_for()
        page.evaluate(WATCH_PAGE)
        box = page.locator(".surface").bounding_box()
        assert box is not None
        for stroke in range(STROKES):
            x, y = box["x"] + 20 + 18 * stroke, box["y"] + 40
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 3, y + 60 + 10 * stroke, steps=4)
            page.mouse.up()
            page.wait_for_timeout(400)
        waits: list[float] = page.evaluate("window.waits")
        return waits

    server = start_server(DEMOS / "canvas_demo.py")
    try:
        return paint(Visitor(browser, "benchmark").open(server.url))
    finally:
        server.stop()


def film_gaps(browser: Browser) -> list[float]:
    """Milliseconds between frames of the browser while the film plays."""
    server = start_server(DEMOS / "scatter_film_demo.py")
    try:
        page = Visitor(browser, "benchmark").open(f"{server.url}/big")
        page.get_by_role("button", name="Play").click()
        gaps: list[float] = page.evaluate(TIME_FRAMES, FRAMES)
        return gaps
    finally:
        server.stop()


def chart_updates(browser: Browser) -> list[float]:
    """Milliseconds that Plotly takes to draw a chart of two lines with a point more."""
    serve_plotly()
    with TemporaryDirectory() as folder:
        demo = Path(folder) / "live_figure_demo.py"
        demo.write_bytes((DEMOS / demo.name).read_bytes())
        (Path(folder) / "static").symlink_to(STATIC)
        server = start_server(demo)
        try:
            page = Visitor(browser, "benchmark").open(server.url)
            page.locator(".live-figure[data-drawn]").wait_for()
            times: list[float] = page.locator(".live-figure-plot").evaluate(TIME_REACT)
            return times
        finally:
            server.stop()


if __name__ == "__main__":
    main()
