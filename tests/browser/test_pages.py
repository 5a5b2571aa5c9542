"""Every page of the navigation, as a person meets it: any size, any theme, any way in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.paths import PROJECT
from core.registry import METHODS
from tests.helpers.browser import ALL_DRAWN, DESKTOP, PHONE, Visitor, overflow, read_until, settle
from tests.helpers.server import Server, start_server

NAMES = "[...document.querySelectorAll('[aria-label]')].map(it => it.getAttribute('aria-label'))"
MARKUP = ("**", "`", "$", ":gray[", ":small[")  # which a screen reader would read out
PATHS = {"": "Watch a network learn", **{m.page: m.title for m in METHODS.values()}, "runs": "Runs"}


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As on a machine where nothing was downloaded."""
    folders = {name: str(tmp_path_factory.mktemp(name)) for name in ("runs", "data")}
    env = {f"GLIMPSE_{name.upper()}": folder for name, folder in folders.items()}
    started = start_server(PROJECT / "app.py", env=env)
    yield started
    started.stop()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "start")
def test_a_page_shows_itself_on_a_desktop_and_a_phone(
    visitor: Visitor, server: Server, bare_server: Server, path: str, dark: bool
) -> None:
    url = (bare_server if dark else server).url  # in the dark without any data
    for size, name in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page = visitor.open(f"{url}/{path}", size, dark=dark, touch=size == PHONE)
        expect(page.locator("h1")).to_contain_text(PATHS[path])
        expect(page.locator("[data-testid=stAlertContentError]")).to_have_count(0)
        assert overflow(page) == 0
        visitor.photograph(page, name)


@pytest.mark.browser
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "start")
def test_what_a_screen_reader_is_told_has_no_markup(
    visitor: Visitor, server: Server, path: str
) -> None:
    page = visitor.open(f"{server.url}/{path}")
    page.wait_for_function(ALL_DRAWN)
    names: list[str] = read_until(page, lambda: page.evaluate(NAMES), bool)
    assert not [name for name in names if any(sign in name for sign in MARKUP)]


@pytest.mark.browser
def test_the_first_visit_may_be_a_link_to_a_page(visitor: Visitor, tmp_path: Path) -> None:
    """Streamlit takes `pages/` for an app of its own until it has run `app.py` once."""
    server = start_server(PROJECT / "app.py", env={"GLIMPSE_RUNS": str(tmp_path)})
    try:
        page = visitor.open(f"{server.url}/runs")
        expect(page.locator("h1")).to_have_text("Runs")
        for method in METHODS.values():
            page.get_by_role("link", name=method.title).wait_for()
    finally:
        server.stop()


@pytest.mark.browser
def test_the_navigation_leads_everywhere(visitor: Visitor, server: Server) -> None:
    page = visitor.open(server.url)
    for title in [*(method.title for method in METHODS.values()), "Runs"]:
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.locator("h1")).to_contain_text(title)
        settle(page)


@pytest.mark.browser
def test_something_real_moves_on_the_start_page(visitor: Visitor, server: Server) -> None:
    page = visitor.open(server.url)
    films = page.locator("canvas[data-frame]")
    expect(films).to_have_count(sum(bool(method.film) for method in METHODS.values()))
    for film in films.all():
        before = film.evaluate("canvas => canvas.toDataURL()")
        page.wait_for_function(  # a film holds its last frame for a moment
            "([canvas, before]) => canvas.toDataURL() !== before",
            arg=[film.element_handle(), before],
        )
