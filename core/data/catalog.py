"""What data there is: what is here, what a download would fetch, and the download itself.

Importing this imports neither torch nor torchvision: a page lists the sources at once.
"""

import errno
import shutil
import socket
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, Literal, Self

from core.errors import GlimpseError
from core.paths import ASSETS, data_root

DIGIT_SAMPLE = ASSETS / "digits.npz"
TIMEOUT = 20.0  # seconds without a byte, after which a server counts as unreachable

Progress = Callable[[int, int], None]  # bytes fetched so far, bytes in all


@dataclass(frozen=True)
class Source:
    """A source of data. Sizes are in bytes; zero download_bytes: there is nothing to fetch."""

    name: str
    title: str
    about: str
    licence: str
    origin: Literal["shipped", "generated", "download"]
    files: tuple[str, ...] = ()  # what is read, below the data root
    download_bytes: int = 0
    unpacked_bytes: int = 0  # what the download takes on disk in the end
    instead: str = ""  # what to use without it

    def paths(self) -> list[Path]:
        """The files that are read, whether they are there or not."""
        if self.origin == "shipped":
            return [DIGIT_SAMPLE]
        return [data_root() / file for file in self.files]

    def present(self) -> bool:
        """Whether every file is there and, as far as a glance tells, whole."""
        return all(_whole(path) for path in self.paths())

    def where(self) -> Path | None:
        """The folder of the files, there or to come; None for what is generated."""
        paths = self.paths()
        return paths[0].parent if paths else None

    def disk_bytes(self) -> int:
        """What those files take now; what torchvision unpacks beside them is not counted."""
        return sum(path.stat().st_size for path in self.paths() if path.is_file())


_IDX_BYTES = {
    "train-images-idx3-ubyte": 47_040_016,
    "train-labels-idx1-ubyte": 60_008,
    "t10k-images-idx3-ubyte": 7_840_016,
    "t10k-labels-idx1-ubyte": 10_008,
}

_SOURCES = (
    Source(
        "digits",
        "Digit sample",
        "5,000 handwritten digits of MNIST, 500 a class.",
        "CC BY-SA 3.0",
        "shipped",
    ),
    Source(
        "strokes",
        "Strokes",
        "Endless alphabets of one to four strokes, made on the spot.",
        "part of Glimpse",
        "generated",
    ),
    Source(
        "sinusoids",
        "Sinusoids",
        "Curves of random amplitude and phase, for regression from a few points.",
        "part of Glimpse",
        "generated",
    ),
    Source(
        "mnist",
        "MNIST",
        "60,000 handwritten digits to train on and 10,000 to test on.",
        "CC BY-SA 3.0",
        "download",
        files=tuple(f"MNIST/raw/{name}" for name in _IDX_BYTES),
        download_bytes=11_594_722,
        unpacked_bytes=66_600_000,
        instead="the shipped digit sample",
    ),
    Source(
        "omniglot",
        "Omniglot",
        "1,623 characters of 50 alphabets, each drawn by 20 people.",
        "MIT",
        "download",
        files=("omniglot-py/images_background.zip", "omniglot-py/images_evaluation.zip"),
        download_bytes=15_927_098,
        unpacked_bytes=150_000_000,  # torchvision unpacks 32,460 small files beside the archives
        instead="strokes",
    ),
    Source(
        "cifar10",
        "CIFAR-10",
        "60,000 colour photos of ten kinds of things, 32x32 pixels.",
        "none is stated; it is given away for research",
        "download",
        files=tuple(
            f"cifar-10-batches-py/{name}"
            for name in (*(f"data_batch_{n}" for n in range(1, 6)), "test_batch", "batches.meta")
        ),
        download_bytes=170_498_071,
        unpacked_bytes=357_000_000,  # the archive stays beside what is in it
        instead="the shipped digit sample",
    ),
)

PHOTOS: Final = "cifar10"  # the source of colour pictures
PHOTO_CLASSES = ("airplane", "automobile", "bird", "cat", "deer",
                 "dog", "frog", "horse", "ship", "truck")  # fmt: skip

SOURCES: dict[str, Source] = {source.name: source for source in _SOURCES}

_downloading = threading.Lock()


def download(name: str, on_progress: Progress) -> None:
    """Fetches a source into the data root with torchvision's own download; a no-op where present.

    `on_progress` is called with the bytes so far and in all; what it raises stops the download.
    Raises GlimpseError where the network, the server, the checksum or the disk says no.
    """
    if name not in SOURCES:
        raise GlimpseError(f"There is no data source {name!r}: choose one of {', '.join(SOURCES)}.")
    source = SOURCES[name]
    if source.present():
        on_progress(source.download_bytes, source.download_bytes)
        return
    if not _downloading.acquire(blocking=False):
        raise GlimpseError("Another download is under way: wait until it is done.")
    try:
        _prepare(source)
        with _reported(source, on_progress), _network_timeout():
            _fetch(name)
    except (
        OSError,
        RuntimeError,
        HTTPException,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise _refusal(source, error) from error
    finally:
        _downloading.release()
    if not source.present():
        raise GlimpseError(f"{source.title} came, but not whole: try the download again.")
    on_progress(source.download_bytes, source.download_bytes)


def _fetch(name: str) -> None:
    from torchvision import datasets  # takes seconds to import

    root = str(data_root())
    if name == "mnist":
        datasets.MNIST(root, download=True)
    elif name == "cifar10":
        datasets.CIFAR10(root, download=True)
    else:
        for background in (True, False):
            datasets.Omniglot(root, background=background, download=True)


def _prepare(source: Source) -> None:
    """Makes room: a full disk is refused early; torchvision would keep a file that is cut short."""
    data_root().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(data_root()).free
    if free < source.unpacked_bytes:
        raise GlimpseError(
            f"{source.title} needs {source.unpacked_bytes / 1e6:.0f} MB and the disk of "
            f"{data_root()} has {free / 1e6:.0f} MB left: free some space, or use {source.instead}."
        )
    for path in source.paths():
        if path.is_file() and not _whole(path):
            path.unlink()


def _whole(path: Path) -> bool:
    """Whether a file is there and not cut short, as far as its size or its end tells."""
    if not path.is_file():
        return False
    if path.suffix == ".zip":
        return zipfile.is_zipfile(path)
    return path.stat().st_size == _IDX_BYTES.get(path.name, path.stat().st_size)


@contextmanager
def _reported(source: Source, on_progress: Progress) -> Iterator[None]:
    """Puts a counter in the place of the progress bar that torchvision would print."""
    from torchvision.datasets import utils

    total = source.download_bytes
    fetched = 0

    class Counter:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def update(self, n_bytes: int) -> None:
            nonlocal fetched
            fetched += n_bytes
            on_progress(min(fetched, total), total)

    bar = utils.tqdm
    utils.tqdm = Counter
    try:
        yield
    finally:
        utils.tqdm = bar


@contextmanager
def _network_timeout() -> Iterator[None]:
    """torchvision sets no timeout of its own: a silent server would hang the download for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


_FAILURES = (OSError, RuntimeError, HTTPException, EOFError, zipfile.BadZipFile, zlib.error)
_FULL = {errno.ENOSPC, errno.EDQUOT}
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


def _refusal(source: Source, error: Exception) -> GlimpseError:
    """The sentence for what torchvision, the network or the disk raised."""
    root = data_root()
    code = getattr(error, "errno", None)
    if code in _FULL:
        return GlimpseError(
            f"The disk of {root} is full: free some space, or set GLIMPSE_DATA to a folder "
            "with more."
        )
    if code in _NOT_WRITABLE:
        return GlimpseError(
            f"{root} cannot be written to: set GLIMPSE_DATA to a folder of yours, or use "
            f"{source.instead}."
        )
    if _is_damage(error):
        return GlimpseError(
            f"What came for {source.title} is damaged (its checksum is wrong): try again later, "
            f"or use {source.instead}."
        )
    return GlimpseError(
        f"The servers of {source.title} cannot be reached: try again with a network, or use "
        f"{source.instead}."
    )


def _is_damage(error: Exception) -> bool:
    """torchvision says `File not found or corrupted` for a wrong checksum, MNIST's among others."""
    packed_badly = isinstance(error, (EOFError, BadGzipFile, zipfile.BadZipFile, zlib.error))
    return packed_badly or "corrupted" in str(error)
