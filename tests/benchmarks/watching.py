"""Is memory flat while a run is watched? `python -m tests.benchmarks.watching [minutes]`.

As many frames arrive as in an hour of training (1,500, and 30,000 rows of metrics), in 60 minutes
unless fewer are given, and the page looks at them once a second, as it does, or where there are
fewer than 60 minutes twice. Nothing trains: the frames are those of the shipped recording, over
and over.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import CDPSession, Page, WebSocket, sync_playwright

from core.paths import PROJECT
from core.training.locks import FileLock
from core.training.metrics import MetricsWriter
from core.training.recording import open_recording
from core.training.run_folder import RunFolder, create_run
from core.training.status import Status
from tests.helpers.browser import PATIENCE_MS, find_chromium, launch_chromium, settle
from tests.helpers.server import Server, start_server

FRAMES, STEPS_A_FRAME = 1500, 20  # of an hour at 8 steps a second
STEPS = FRAMES * STEPS_A_FRAME
SAMPLES = 10  # of the memory, evenly spread
MIB = 2**20
LECTURE = 60.0  # minutes
HURRIED = """\
import pages.parts.training.live_view as live
from streamlit.web.cli import main
live.POLL_S = 0.5
main()
"""


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else LECTURE
    seconds = 60 * minutes
    executable = find_chromium()
    if executable is None:
        raise SystemExit("No Chromium on this machine: install the package chromium.")
    with TemporaryDirectory() as runs, sync_playwright() as playwright:
        os.environ["GLIMPSE_RUNS"] = runs
        run = create_run("simclr", dict(open_recording("simclr").config), STEPS)
        way = ("-m", "streamlit") if minutes >= LECTURE else ("-c", HURRIED)
        server = start_server(PROJECT / "app.py", streamlit=way)
        browser = launch_chromium(playwright, executable)
        try:
            with _arriving(run, seconds / FRAMES):
                _watch(browser.new_page(), server, seconds)
        finally:
            browser.close()
            server.stop()


@contextmanager
def _arriving(run: RunFolder, pause_s: float) -> Iterator[None]:
    """Frames and metrics arrive meanwhile, and a lock says that their writer is alive."""
    ended = threading.Event()
    writer = threading.Thread(target=_write, args=(run, pause_s, ended))
    with FileLock(run.path / "lock") as lock:
        assert lock.acquire()
        writer.start()
        try:
            yield
        finally:
            ended.set()
            writer.join()


def _write(run: RunFolder, pause_s: float, ended: threading.Event) -> None:
    recording = open_recording("simclr")
    frames = [recording.snapshot(step) for step in recording.snapshot_steps()]
    rows = [row for row in recording.metrics() if "knn_accuracy" in row]
    with MetricsWriter(run.path / "metrics.jsonl") as metrics:
        for frame, arrays, row in zip(range(FRAMES), cycle(frames), cycle(rows), strict=False):
            for step in range(STEPS_A_FRAME * frame, STEPS_A_FRAME * (frame + 1)):
                metrics.append({"step": step, "elapsed": step / 8, "loss": 3.0})
            metrics.append(row | {"step": step})
            run.write_snapshot(step, arrays)
            run.write_status(Status("running", step, STEPS, step / 8, 8.0))
            if ended.wait(pause_s):
                return


def _watch(page: Page, server: Server, seconds: float) -> None:
    """Prints a row a sample."""
    received = [0, 0]  # messages, bytes
    page.on("websocket", lambda socket: _count(socket, received))
    page.goto(server.url)  # by way of app.py: a link to a page needs `pages` not yet imported
    settle(page)
    page.goto(f"{server.url}/embeddings")
    page.locator("[data-frames]").nth(1).wait_for(state="attached", timeout=PATIENCE_MS)
    page.locator(".scatter-film").nth(1).scroll_into_view_if_needed()
    devtools = page.context.new_cdp_session(page)
    print(
        "| minutes | frames in the film, up to step | messages | MiB received | browser heap, MiB "
        "| DOM nodes | server, MiB |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    for sample in range(SAMPLES + 1):
        if sample:
            page.wait_for_timeout(1000 * seconds / SAMPLES)
        film = page.locator(".scatter-film").nth(1)
        shown, step = (film.get_attribute(f"data-{name}") for name in ("frames", "step"))
        heap, nodes = _browser_memory(devtools)
        print(
            f"| {sample * seconds / SAMPLES / 60:.1f} | {shown}, {step} | {received[0]:,} "
            f"| {received[1] / MIB:.0f} | {heap / MIB:.1f} | {nodes:,} "
            f"| {_resident(server.pid) / MIB:.0f} |",
            flush=True,
        )


def _count(socket: WebSocket, received: list[int]) -> None:
    def arrive(content: str | bytes) -> None:
        received[0] += 1
        received[1] += len(content)

    socket.on("framereceived", arrive)


def _browser_memory(devtools: CDPSession) -> tuple[int, int]:
    """Bytes of the page's heap once it is collected, and the nodes of its document."""
    devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"]
    return int(heap), int(devtools.send("Memory.getDOMCounters")["nodes"])


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
