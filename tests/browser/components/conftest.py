"""The demo pages, each really served once for all the tests of a file."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pages.parts.components.live_figure.live_figure import STATIC, serve_plotly
from tests.helpers.server import Server, start_server

HERE = Path(__file__).parent
Serve = Callable[[str], str]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts the server of a demo and gives its address; it ends with the file.

    The demo runs from a folder whose `static` is the project's, as that of app.py is.
    """
    folder = tmp_path_factory.mktemp("app")
    serve_plotly()
    (folder / "static").symlink_to(STATIC)
    servers: list[Server] = []

    def start(demo: str) -> str:
        servers.append(start_server(Path(shutil.copy(HERE / demo, folder))))
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def canvas_url(serve: Serve) -> str:
    return serve("canvas_demo.py")


@pytest.fixture(scope="module")
def figure_url(serve: Serve) -> str:
    return serve("live_figure_demo.py")


@pytest.fixture(scope="module")
def sinusoid_url(serve: Serve) -> str:
    return serve("sinusoid_demo.py")


@pytest.fixture(scope="module")
def film_url(serve: Serve) -> str:
    return serve("scatter_film_demo.py")


@pytest.fixture(scope="module")
def picking_url(serve: Serve) -> str:
    return serve("picking_demo.py")


@pytest.fixture(scope="module")
def own_digit_url(serve: Serve) -> str:
    return serve("own_digit_demo.py")


@pytest.fixture(scope="module")
def downloads_url(serve: Serve) -> str:
    return serve("downloads_demo.py")


@pytest.fixture(scope="module")
def alphabet_url(serve: Serve) -> str:
    return serve("alphabet_demo.py")


@pytest.fixture(scope="module")
def cabinet_url(serve: Serve) -> str:
    return serve("cabinet_demo.py")


@pytest.fixture(scope="module")
def name_ten_url(serve: Serve) -> str:
    return serve("name_ten_demo.py")


@pytest.fixture(scope="module")
def it_asks_url(serve: Serve) -> str:
    return serve("it_asks_demo.py")


@pytest.fixture(scope="module")
def unlabelled_url(serve: Serve) -> str:
    return serve("unlabelled_demo.py")
