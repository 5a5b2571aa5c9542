"""What data is here, and torchvision's real downloads from a server of the test's own."""

import errno
import gzip
import hashlib
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

import pytest
from torchvision.datasets import CIFAR10, MNIST, utils

from core.data import download as downloads
from core.data.catalog import SOURCES
from core.data.cifar import load_photos
from core.data.download import download
from core.data.places import IDX_BYTES
from core.errors import GlimpseError
from tests.helpers.made_cifar import make_cifar

Steps = list[tuple[int, int]]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a test reads stderr."""


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: torchvision hangs up early when it looks for redirections."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which its files are served."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = partial(QuietHandler, directory=str(folder))
    with QuietServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data root, not made yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("GLIMPSE_DATA", str(folder))
    return folder


@pytest.fixture
def mnist_server(served: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a server from which torchvision takes MNIST: blank digits, right checksums."""
    folder, address = served
    resources = []
    for name, size in IDX_BYTES.items():
        packed = gzip.compress(idx_header(name) + bytes(size - len(idx_header(name))), 1)
        (folder / f"{name}.gz").write_bytes(packed)
        resources.append((f"{name}.gz", hashlib.md5(packed).hexdigest()))
    monkeypatch.setattr(MNIST, "resources", resources)
    monkeypatch.setattr(MNIST, "mirrors", [f"{address}/"])
    return folder


def idx_header(name: str) -> bytes:
    count = 60_000 if name.startswith("train") else 10_000
    sizes = (count, 28, 28) if "images" in name else (count,)
    magic = bytes([0, 0, 8, len(sizes)])
    return magic + b"".join(size.to_bytes(4, "big") for size in sizes)


def test_listing_needs_no_torch() -> None:
    code = "import core.data.catalog, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_needs_no_download_is_always_present(root: Path) -> None:
    assert not root.exists()
    present = {name for name, source in SOURCES.items() if source.present()}
    assert present == {"digits", "omniglot", "strokes", "sinusoids"}
    assert SOURCES["digits"].disk_bytes() > 100_000
    assert 1_000_000 < SOURCES["omniglot"].disk_bytes() < 4_000_000
    assert SOURCES["strokes"].where() is None
    assert SOURCES["mnist"].where() == root / "MNIST" / "raw"
    assert SOURCES["mnist"].disk_bytes() == 0


@pytest.mark.usefixtures("mnist_root")
def test_real_data_is_found() -> None:
    assert SOURCES["mnist"].present()
    assert SOURCES["mnist"].disk_bytes() == 54_950_048
    download("mnist", ignore)  # a no-op: nothing is fetched again


def test_download_reports_progress_and_prints_no_bar(
    root: Path, mnist_server: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert mnist_server.is_dir()
    steps: Steps = []
    download("mnist", lambda done, total: steps.append((done, total)))
    assert SOURCES["mnist"].present()
    assert SOURCES["mnist"].disk_bytes() == 54_950_048
    fetched = [done for done, _ in steps]
    assert len(steps) > 4
    assert fetched == sorted(fetched)
    assert steps[-1] == (11_594_722, 11_594_722)
    assert capfd.readouterr().err == ""
    assert utils.tqdm is not None
    assert utils.tqdm.__name__ != "Counter"
    assert socket.getdefaulttimeout() is None
    assert (root / "MNIST" / "raw").is_dir()


def test_second_download_fetches_nothing(root: Path, mnist_server: Path) -> None:
    download("mnist", ignore)
    shutil.rmtree(mnist_server)
    steps: Steps = []
    download("mnist", lambda done, total: steps.append((done, total)))
    assert steps == [(11_594_722, 11_594_722)]
    assert root.is_dir()


def test_file_cut_short_is_fetched_again(root: Path, mnist_server: Path) -> None:
    assert mnist_server.is_dir()
    download("mnist", ignore)
    images = root / "MNIST" / "raw" / "train-images-idx3-ubyte"
    cut = images.read_bytes()[:1000]
    images.write_bytes(cut)
    assert SOURCES["mnist"].present(), "the packed file beside it is whole"
    (root / "MNIST" / "raw" / "train-images-idx3-ubyte.gz").unlink()
    assert not SOURCES["mnist"].present()
    download("mnist", ignore)
    assert SOURCES["mnist"].present()
    assert images.with_name("train-images-idx3-ubyte.not-whole").read_bytes() == cut, "not deleted"


def test_cifar10_comes_as_one_archive(
    root: Path, served: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, address = served
    made = make_cifar(folder, monkeypatch, batch=10, test=10)
    archive = folder / CIFAR10.filename
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(made, made.name)
    monkeypatch.setattr(CIFAR10, "url", f"{address}/{CIFAR10.filename}")
    monkeypatch.setattr(CIFAR10, "tgz_md5", hashlib.md5(archive.read_bytes()).hexdigest())
    download("cifar10", ignore)
    assert SOURCES["cifar10"].present() and len(load_photos("train")) == 50
    monkeypatch.setattr(CIFAR10, "tgz_md5", "another")
    shutil.rmtree(root)
    with pytest.raises(GlimpseError, match="damaged"):
        download("cifar10", ignore)


@pytest.mark.usefixtures("root")
def test_wrong_checksum_is_one_sentence(mnist_server: Path) -> None:
    (mnist_server / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"something else"))
    with pytest.raises(GlimpseError, match="damaged"):
        download("mnist", ignore)
    assert not SOURCES["mnist"].present()


@pytest.mark.usefixtures("root")
def test_missing_file_on_the_server_is_one_sentence(mnist_server: Path) -> None:
    (mnist_server / "train-images-idx3-ubyte.gz").unlink()
    with pytest.raises(GlimpseError, match="cannot be reached"):
        download("mnist", ignore)


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_refused_connection_is_one_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:  # bound but not listening: connections are refused
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        monkeypatch.setattr(MNIST, "mirrors", [address])
        monkeypatch.setattr(CIFAR10, "url", address)
        with pytest.raises(GlimpseError, match="cannot be reached: try again with a network"):
            download(name, ignore)


@pytest.mark.usefixtures("root")
def test_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:  # takes the connection, never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setattr(CIFAR10, "url", address)
        monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
        with pytest.raises(GlimpseError, match="cannot be reached"):
            download("cifar10", ignore)


def test_root_that_cannot_be_made_is_one_sentence(root: Path) -> None:
    root.write_text("a file where the folder should be")
    with pytest.raises(GlimpseError, match="cannot be written to: set GLIMPSE_DATA"):
        download("mnist", ignore)


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(errno.EACCES, "denied"), "cannot be written to"),
        (OSError(errno.EROFS, "read-only"), "cannot be written to"),
        (OSError(errno.ENOSPC, "full"), "is full: free some space"),
        (URLError(TimeoutError("timed out")), "cannot be reached"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "cannot be reached"),
        (gzip.BadGzipFile("Not a gzipped file"), "damaged"),
        (EOFError("cut short"), "damaged"),
        (zipfile.BadZipFile("cut short"), "damaged"),
    ],
)
def test_each_failure_has_its_sentence(
    error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(downloads, "_fetch", fail)
    with pytest.raises(GlimpseError, match=sentence) as refusal:
        download("mnist", ignore)
    assert "\n" not in str(refusal.value)


@pytest.mark.usefixtures("root")
def test_too_little_room_is_refused_before_the_download(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=5_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(GlimpseError, match=r"needs 67 MB .* has 5 MB left"):
        download("mnist", ignore)


@pytest.mark.usefixtures("root")
def test_one_download_at_a_time_and_a_stopped_one_frees_the_way(mnist_server: Path) -> None:
    assert mnist_server.is_dir()

    def second(*_: int) -> None:
        with pytest.raises(GlimpseError, match="Another download is running"):
            download("mnist", ignore)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download("mnist", second)
    download("mnist", ignore)
    assert SOURCES["mnist"].present()


def test_unknown_source_is_refused() -> None:
    with pytest.raises(GlimpseError, match="choose one of digits, omniglot, strokes"):
        download("imagenet", ignore)


def ignore(*_: int) -> None:
    """Ignores the progress."""
