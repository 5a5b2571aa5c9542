"""Training as a person sees it: pressed, watched, paused, reloaded, resumed, stopped, survived."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.paths import PROJECT
from core.registry import METHODS
from tests.helpers.browser import Visitor, read_until, settle
from tests.helpers.page_of_a_run import TINY, state
from tests.helpers.server import Server, start_server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("runs")]


def step(page: Page) -> int:
    text = page.get_by_text(re.compile(r"^Step [\d,]+ of")).first.inner_text()
    return int(text.split()[1].replace(",", ""))


def curve(page: Page) -> Locator:
    """The run's first chart: its loss, or where nothing has one, its accuracies."""
    name = re.compile(r"(loss|right on all classes so far) over the steps of the run$", re.I)
    return page.get_by_role("figure", name=name)


def points(page: Page) -> int:
    """Points on that chart's longest curve."""
    count: int = (
        curve(page)
        .locator(".js-plotly-plot")
        .evaluate("plot => Math.max(0, ...(plot.calcdata ?? []).map(trace => trace.length))")
    )
    return count


def picture(page: Page) -> Locator:
    """What scrubs through the run's pictures: the live view's slider, or a film of its own."""
    film = page.get_by_role("img", name=re.compile("up to step"))
    return page.get_by_text("Moment (step)").or_(film).first


def wait_for_more(page: Page, measure: Callable[[Page], int]) -> None:
    first = measure(page)
    read_until(page, lambda: measure(page), lambda now: now > first)


def press(page: Page, name: str) -> None:
    """Presses a button of the run; a film has buttons of the same names, but no Streamlit ones."""
    page.get_by_test_id("stButton").get_by_role("button", name=name).last.click()


@pytest.mark.parametrize("method", TINY)
def test_a_run_is_watched_paused_reloaded_resumed_and_stopped(
    server: Server, visitor: Visitor, method: str
) -> None:
    page = visitor.open(f"{server.url}/{METHODS[method].page}?{TINY[method]}")
    page.get_by_role("button", name="Train", exact=True).click()
    state(page, "running").wait_for()
    expect(curve(page)).to_be_in_viewport()
    wait_for_more(page, step)
    wait_for_more(page, points)
    picture(page).wait_for()
    visitor.photograph(page, "running")

    press(page, "Pause")
    state(page, "paused").wait_for()
    page.reload()
    settle(page)
    state(page, "paused").wait_for()
    paused_at = step(page)

    press(page, "Resume")
    state(page, "running").wait_for()
    other_tab = visitor.open(page.url)
    state(other_tab, "running").wait_for()
    wait_for_more(other_tab, step)
    read_until(other_tab, lambda: step(other_tab), lambda now: now > paused_at)

    page.close()
    press(other_tab, "Stop")
    state(other_tab, "stopped").wait_for()


def test_a_run_survives_the_death_of_its_server(visitor: Visitor, runs: Path) -> None:
    address = f"/{METHODS['maml'].page}?{TINY['maml']}"
    mortal = start_server(PROJECT / "app.py", {"GLIMPSE_RUNS": str(runs)})
    page = visitor.open(mortal.url + address)
    page.get_by_role("button", name="Train", exact=True).click()
    state(page, "running").wait_for()
    seen = step(page)
    page.close()
    mortal.kill()
    again = start_server(PROJECT / "app.py", {"GLIMPSE_RUNS": str(runs)}, port=mortal.port)
    try:
        page = visitor.open(again.url + address)
        state(page, "running").wait_for()
        wait_for_more(page, step)
        read_until(page, lambda: step(page), lambda now: now > seen)
        press(page, "Stop")
        state(page, "stopped").wait_for()
    finally:
        again.stop()


def lines(page: Page, chart: str) -> list[tuple[str, str, int]]:
    """Colour, dash and number of points of each line of a chart."""
    plot = page.get_by_role("figure", name=chart).locator(".js-plotly-plot")
    found: list[list[object]] = plot.evaluate(
        "plot => (plot._fullData ?? [])"
        ".map(line => [line.line.color, line.line.dash, line.x.length])"
    )
    return [(str(colour), str(dash), int(str(n))) for colour, dash, n in found]


def test_a_lesson_trains_two_runs_that_are_seen_side_by_side(
    server: Server, visitor: Visitor
) -> None:
    lesson = "inpainting-preset=Loss+on+all+pixels"
    page = visitor.open(f"{server.url}/inpainting?{lesson}&{TINY['inpainting']}")
    page.get_by_text("compare the SSIM of hidden pixels").wait_for()
    page.get_by_role("button", name="Train both").click()
    page.get_by_text("They differ in loss: all against hidden").wait_for()
    state(page, "running").wait_for()
    state(page, "queued").wait_for()
    expect(page).to_have_url(re.compile("(?=.*run=)(?=.*against=)"))

    page.get_by_role("button", name="Stop").first.click()
    state(page, "stopped").wait_for()
    state(page, "running").wait_for()
    page.reload()
    settle(page)
    name = "Loss over the steps of the run"
    shown = read_until(
        page, lambda: lines(page, name), lambda drawn: len(drawn) >= 2 and drawn[1][2] >= 2
    )
    (colour, solid, _), (same_colour, dashed, _) = shown
    assert colour == same_colour
    assert (solid, dashed) == ("solid", "dash")
    page.get_by_role("figure", name=name).scroll_into_view_if_needed()
    visitor.photograph(page, "side-by-side")

    menu = page.get_by_role("combobox", name="Compare with")
    # A menu that is open closes when the page scrolls, as it does for one at the screen's edge.
    menu.evaluate("menu => menu.scrollIntoView({ block: 'center' })")
    menu.click()
    page.get_by_role("option", name="nothing").click()
    expect(page.get_by_text("They differ in loss: all against hidden")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("against="))


def test_minutes_are_timed_while_the_page_goes_on_answering(
    server: Server, visitor: Visitor
) -> None:
    page = visitor.open(f"{server.url}/inpainting?inpainting_model=autoencoder")
    page.get_by_text("1 min", exact=True).click()
    page.get_by_text("steps take about that long here").wait_for()
    settle(page)
    command = page.locator("code").filter(has_text="--steps").first.inner_text()
    steps = int(re.findall(r"--steps (\d+)", command)[0])
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text(f"of {steps:,}").wait_for()
    page.reload()
    settle(page)
    expect(page.get_by_role("radio", name="1 min", exact=True)).to_be_checked()
    press(page, "Stop")


def test_settings_survive_a_reload_and_a_preset_takes_them_back(
    server: Server, visitor: Visitor
) -> None:
    page = visitor.open(f"{server.url}/embeddings?simclr-preset=No+crop")
    crop, seed = (page.get_by_role("spinbutton", name=name) for name in ("Crop", "Seed"))
    expect(crop).to_have_value("0")
    for field, value in ((crop, "0.5"), (seed, "3")):  # 0.5 is what the method has by itself
        field.fill(value)
        field.press("Enter")
    page.get_by_text("Changed since: crop 0.5 (was 0), seed 3 (was 0)").wait_for()
    page.reload()
    settle(page)
    expect(crop).to_have_value("0.5")
    expect(seed).to_have_value("3")
    page.get_by_test_id("stBaseButton-tertiary").filter(has_text="Undo").click()
    expect(crop).to_have_value("0")
    page.reload()
    settle(page)
    expect(crop).to_have_value("0")
    expect(seed).to_have_value("0")
    expect(page).not_to_have_url(re.compile("simclr_"))


def test_a_menu_shows_names_and_the_address_keeps_the_config_s_values(
    server: Server, visitor: Visitor
) -> None:
    page = visitor.open(f"{server.url}/few_shot?maml_algorithm=reptile")
    menu = page.get_by_role("combobox", name="Algorithm")
    expect(menu).to_have_value("Reptile")
    menu.evaluate("menu => menu.scrollIntoView({ block: 'center' })")
    menu.click()
    page.get_by_role("option", name="First-order MAML").click()
    page.wait_for_url(re.compile("maml_algorithm=first-order"))
    # A field that moves stands at its old place too until the script has ended.
    page.locator("[data-stale=false]").get_by_text("Conv4", exact=True).click()
    page.wait_for_url(re.compile("maml_layout=conv4"))
    page.reload()
    settle(page)
    expect(menu).to_have_value("First-order MAML")
    expect(page.get_by_role("radio", name="Conv4")).to_be_checked()

    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.locator("h1")).to_have_text("Runs")
    expect(page).not_to_have_url(re.compile("maml_"))
    page.get_by_role("link", name="Few-shot", exact=True).click()
    expect(menu).to_have_value("First-order MAML")
    page.wait_for_url(re.compile("maml_algorithm=first-order"))

    page.get_by_test_id("stBaseButton-tertiary").filter(has_text="Undo").click()
    expect(menu).to_have_value("MAML")
    expect(page).not_to_have_url(re.compile("maml_"))


def test_a_number_out_of_bounds_is_refused_with_the_reason(
    server: Server, visitor: Visitor
) -> None:
    page = visitor.open(f"{server.url}/inpainting")
    steps = page.get_by_role("spinbutton", name="Steps", exact=True)
    steps.wait_for()
    settle(page)
    page.evaluate(
        "window.reasons = []; document.addEventListener('invalid', "
        "({ target }) => reasons.push(target.validationMessage), true)"
    )

    def reasons() -> list[str]:
        found: list[str] = page.evaluate("reasons")
        return found

    steps.fill("2000000")
    read_until(page, reasons, lambda said: len(said) == 1 and "1000000" in said[0])
    steps.fill("0")  # the beginning of no number, but a browser cannot know
    assert len(reasons()) == 1
    steps.press("Enter")
    read_until(page, reasons, lambda said: len(said) == 2 and "greater than" in said[1])
    steps.fill("700")
    steps.press("Enter")
    page.wait_for_url(re.compile("inpainting_steps=700"))
    assert len(reasons()) == 2
