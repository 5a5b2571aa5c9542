"""The demo pages, each really served once for all the tests of a file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.parts.components.live_figure.live_figure import STATIC
from tests.browser.harness import start_server

HERE = Path(__file__).parent


def serve(demo: Path) -> Iterator[str]:
    """The address of a demo page; its server ends with the fixture that yields from this."""
    server = start_server(demo)
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def canvas_url() -> Iterator[str]:
    yield from serve(HERE / "canvas_demo.py")


@pytest.fixture(scope="module")
def figure_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(_beside_static("live_figure_demo.py", tmp_path_factory))


@pytest.fixture(scope="module")
def sinusoid_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from serve(_beside_static("sinusoid_demo.py", tmp_path_factory))


@pytest.fixture(scope="module")
def film_url() -> Iterator[str]:
    yield from serve(HERE / "scatter_film_demo.py")


@pytest.fixture(scope="module")
def picking_url() -> Iterator[str]:
    yield from serve(HERE / "picking_demo.py")


@pytest.fixture(scope="module")
def own_digit_url() -> Iterator[str]:
    yield from serve(HERE / "own_digit_demo.py")


@pytest.fixture(scope="module")
def take_away_url() -> Iterator[str]:
    yield from serve(HERE / "downloads_demo.py")


def _beside_static(demo: str, factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo in a folder whose `static` is the project's, as that of app.py is."""
    folder = factory.mktemp("app")
    (folder / "static").symlink_to(STATIC)
    return Path(shutil.copy(HERE / demo, folder))
