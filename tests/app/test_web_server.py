"""The server as others can reach it: uploads, foreign pages, and what it asks the world."""

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from websockets.exceptions import InvalidStatus

from core.paths import PROJECT
from pages.parts import web_server
from tests.helpers.own_pictures import GOOD, as_zip
from tests.helpers.raw_visit import raw_visit
from tests.helpers.server import Server, start_server

MB = 2**20


class Outside:
    """The only way out that the server knows: a proxy, which counts who comes."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.visits = 0
        threading.Thread(target=self._count, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def _count(self) -> None:
        while True:
            connection, _ = self.listening.accept()
            self.visits += 1
            connection.close()


@pytest.fixture(scope="module")
def outside() -> Outside:
    return Outside()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited yet."""
    server = start_server(PROJECT / "app.py", {"GLIMPSE_RUNS": str(tmp_path)})
    yield server
    server.stop()


@pytest.fixture(scope="module")
def served(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), outside.url)
    runs = str(tmp_path_factory.mktemp("runs"))
    server = start_server(PROJECT / "app.py", env | {"GLIMPSE_RUNS": runs})
    yield server
    server.stop()


def answer(server: Server, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path)
    return connection.getresponse()


@pytest.mark.parametrize(("megabytes", "status"), [(1, 204), (6, 204), (200, 204), (202, 413)])
def test_the_server_takes_a_zip_as_large_as_the_widget_promises(
    served: Server, megabytes: int, status: int
) -> None:
    with raw_visit(served, served.url) as visit:
        visit.run()
        assert visit.upload(bytes(megabytes * MB)) == status


def test_a_session_keeps_no_more_uploads_than_it_needs(fresh: Server) -> None:
    with raw_visit(fresh, fresh.url) as visit:
        visit.run()
        for _ in range(9):
            assert visit.upload(bytes(30 * MB)) == 204
        metrics = answer(fresh, "/_stcore/metrics").read().decode()
    held = re.findall(r'cache_memory_bytes\{cache_type="UploadedFileManager".*?\} (\d+)', metrics)
    assert held and 30 * MB <= int(held[0]) <= web_server.LARGEST_SESSION


def test_the_oldest_uploads_are_forgotten_and_the_newest_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web_server, "LARGEST_SESSION", 10)
    files = MemoryUploadedFileManager("/here")
    for name, size in (("a", 4), ("b", 4), ("c", 4), ("d", 4)):
        files.add_file("mine", UploadedFileRec(name, name, "", bytes(size)))
    web_server.forget_oldest(files, "mine")
    assert list(files.file_storage["mine"]) == ["c", "d"]
    files.add_file("mine", UploadedFileRec("e", "e", "", bytes(99)))
    web_server.forget_oldest(files, "mine")
    assert list(files.file_storage["mine"]) == ["e"]
    web_server.forget_oldest(files, "nobody's")


@pytest.mark.parametrize("path", ["/", "/embeddings", "/_stcore/health"])
def test_no_other_site_may_show_it_in_a_frame(served: Server, path: str) -> None:
    headers = answer(served, path).headers
    assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_foreign_page_is_refused_and_nobody_outside_is_asked(
    served: Server, outside: Outside
) -> None:
    for origin in ("http://evil.example", "null", "https://127.0.0.1.evil.example", "nonsense"):
        with pytest.raises(InvalidStatus, match="403"), raw_visit(served, origin):
            pass
    for own in (served.url, f"http://localhost:{served.port}", None):
        with raw_visit(served, own) as visit:
            assert "Watch a network learn" in visit.run()
    assert outside.visits == 0


OWN = "simclr_source=own&simclr_pictures="


def test_a_server_that_others_reach_opens_uploaded_pictures_alone_and_asks_nobody(
    outside: Outside, tmp_path: Path
) -> None:
    env = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), outside.url)
    before = outside.visits
    secret = as_zip(tmp_path / "secret.zip", GOOD)
    stored = tmp_path / "data" / "own" / "mine.zip"
    stored.parent.mkdir(parents=True)
    as_zip(stored, GOOD)
    folders = {"GLIMPSE_RUNS": str(tmp_path / "runs"), "GLIMPSE_DATA": str(tmp_path / "data")}
    server = start_server(PROJECT / "app.py", env | folders, address="0.0.0.0")
    try:
        with raw_visit(server, server.url) as visit:
            said = visit.run("embeddings", OWN + str(secret))
        assert "were not uploaded here" in said and "as the network sees them" not in said
        assert "choose a zip above" in said
        with raw_visit(server, server.url) as visit:
            assert "12 pictures, as the network sees them" in visit.run(
                "embeddings", OWN + str(stored)
            )
            assert "mine" not in visit.run("", "")
    finally:
        server.stop()
    assert outside.visits == before
